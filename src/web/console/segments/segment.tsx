import type { FC } from 'hono/jsx'
import type { Explained } from '../../../segment/explain.ts'
import type { Segment } from '../../../segment/save.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Confirmation, Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import { type Listed, mayWrite } from './list.tsx'
import { RuleFacts, RuleTree, segmentsPath, Users, usersOf } from './pieces.tsx'

export interface Asked {
  /** As typed. */
  id: string
  found?: { name: string; explained: Explained }
}

const titleOf = (view: View, { title, name }: Segment) => inLanguage(title, view.language, name)

/** One segment: whom it means now and why, what it stands for and what stands on it. */
export const SegmentPage: FC<{
  view: View
  listed: Listed
  isSaved: boolean
  /** Undefined for those who may not see contacts. */
  asked?: Asked
}> = ({ view, listed: { segment, reach, usage }, isSaved, asked }) => {
  const { t } = view
  const here = inNetwork(view, `${segmentsPath}/${segment.id}`)
  const title = titleOf(view, segment)
  return (
    <ConsolePage view={view} title={title} current="segments">
      <Breadcrumb view={view} trail={[[t('segments.title'), inNetwork(view, segmentsPath)]]} />
      <PageHeading title={title} facts={`${segment.name} · ${t('segments.version', { version: segment.version })}`}>
        {mayWrite(view) && (
          <>
            <LinkButton
              href={inNetwork(view, `${segmentsPath}/${segment.id}/edit`)}
              text={t('segments.edit')}
              kind="primary"
            />
            <ActionButton
              action={inNetwork(view, `${segmentsPath}/${segment.id}/duplicate`)}
              text={t('segments.duplicate')}
            />
            <LinkButton
              href={inNetwork(view, `${segmentsPath}/${segment.id}/delete`)}
              text={t('segments.remove')}
              kind="quiet"
            />
          </>
        )}
      </PageHeading>
      {isSaved && <Flash tone="good">{t('segments.saved')}</Flash>}
      <div class="segment-facts">
        <RuleFacts view={view} rule={segment.rule} reach={reach} />
      </div>
      <Panel title={t('segments.usedBy')} id="used-by">
        <Users view={view} usage={usage} />
      </Panel>
      {asked && (
        <Panel title={t('segments.explain')} id="explain">
          <form method="get" action={`${segmentsPath}/${segment.id}#explain`} class="form">
            <input type="hidden" name="network" value={view.network?.name} />
            <TextField
              view={view}
              name="contact"
              label={t('segments.explainWho')}
              hint={t('segments.explainHint')}
              value={asked.id}
              error={asked.id !== '' && !asked.found ? t('segments.noSuchContact', { id: asked.id }) : undefined}
              maxlength={200}
              isRequired
            />
            <button type="submit">{t('segments.explainNow')}</button>
          </form>
          {asked.found && (
            <div>
              <p>
                <strong>
                  {t(asked.found.explained.held ? 'segments.isIn' : 'segments.isNotIn', { name: asked.found.name })}
                </strong>{' '}
                <a href={here}>{title}</a>
              </p>
              <RuleTree view={view} rule={asked.found.explained} />
            </div>
          )}
        </Panel>
      )}
    </ConsolePage>
  )
}

export const RemovePage: FC<{ view: View; listed: Pick<Listed, 'segment' | 'usage'> }> = ({
  view,
  listed: { segment, usage },
}) => {
  const { t } = view
  const title = t('segments.removeTitle', { title: titleOf(view, segment) })
  const users = usersOf(view, usage)
  const back = inNetwork(view, `${segmentsPath}/${segment.id}`)
  return (
    <ConsolePage view={view} title={title} current="segments">
      {users.length > 0 ? (
        <section class="confirmation" aria-labelledby="confirmation-title">
          <h1 id="confirmation-title">{title}</h1>
          <p role="alert">{t('segments.inUse', { users: users.map(({ text }) => text).join(', ') })}</p>
          <Users view={view} usage={usage} />
          <a class="button" href={back}>
            {t('ui.back')}
          </a>
        </section>
      ) : (
        <Confirmation
          view={view}
          title={title}
          action={inNetwork(view, `${segmentsPath}/${segment.id}/delete`)}
          confirm={t('segments.removeNow')}
          back={back}
          isDangerous
        >
          <p>{t('segments.removeText')}</p>
        </Confirmation>
      )}
    </ConsolePage>
  )
}

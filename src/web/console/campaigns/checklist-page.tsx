import type { FC } from 'hono/jsx'
import type { CheckItem, CheckState } from '../../../campaign/checklist/item.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Progress } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'
import { CampaignTrail } from './new-pages.tsx'

const tones: Record<CheckState, Tone> = { ok: 'good', warn: 'warning', stop: 'bad' }

/** The sentence of one check: its code and its state name it. */
export const checkText = ({ t }: View, { code, state, params }: CheckItem): string =>
  (t as (key: string, params: CheckItem['params']) => string)(`life.checklist.${code}.${state}`, params)

interface ChecklistProps {
  view: View
  campaignId: string
  title: string
  /** Undefined while the audience is being counted. */
  items: readonly CheckItem[] | undefined
  mayTry: boolean
}

/** What a machine finds in a campaign before it is launched, each with the way to mend it. */
export const ChecklistPage: FC<ChecklistProps> = ({ view, campaignId, title, items, mayTry }) => {
  const { t } = view
  const here = `/console/campaigns/${campaignId}`
  const heading = t('life.checklist.title', { name: title })
  const total = (state: CheckState) => items?.filter((item) => item.state === state).length ?? 0
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      <PageHeading title={heading} lead={t('life.checklist.lead')}>
        {mayTry && <ActionButton action={`${here}/checklist/links`} text={t('life.checklist.tryLinks')} />}
        <LinkButton href={`${here}/proof`} text={t('life.proof.link')} />
      </PageHeading>
      {!items && <Progress view={view} text={t('life.checklist.working')} />}
      {items && (
        <>
          <p class="lead">
            {t('life.checklist.summary', { stop: total('stop'), warn: total('warn'), ok: total('ok') })}
          </p>
          <ul class="checklist">
            {items.map((item) => (
              <li class={item.state}>
                <Badge text={t(`life.checklist.states.${item.state}`)} tone={tones[item.state]} />
                <span>{checkText(view, item)}</span>
                {item.href && (
                  <a href={item.href.startsWith('/console/campaigns/') ? item.href : inNetwork(view, item.href)}>
                    {t('life.checklist.mend')}
                  </a>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </ConsolePage>
  )
}

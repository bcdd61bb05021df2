import type { FC } from 'hono/jsx'
import type { Preset } from '../../../campaign/presets.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { campaignsToCopy } from './list-query.ts'

const room = '/console/campaigns'

/** The way back to the list. */
export const CampaignTrail: FC<{ view: View; more?: [text: string, href: string][] }> = ({ view, more = [] }) => (
  <Breadcrumb view={view} trail={[[view.t('campaignList.title'), inNetwork(view, room)], ...more]} />
)

const what = ({ t }: View, { name }: Preset): string => {
  if (name === 'challenge') return t('campaignPresets.challenge')
  if (name === 'urgent-notice') return t('campaignPresets.urgentNotice')
  if (name === 'newsletter') return t('campaignPresets.newsletter')
  if (name === 'invitation') return t('campaignPresets.invitation')
  if (name === 'quarterly-bulletin') return t('campaignPresets.quarterlyBulletin')
  return t('campaignPresets.other')
}

interface GalleryProps {
  view: View
  presets: readonly Preset[]
  copies: Awaited<ReturnType<typeof campaignsToCopy>>
  problems?: Problems
  /** Where a file that was refused is broken. */
  faults?: { line: number; column: number; message: string }[]
}

/** What a new campaign may be made from. */
export const Gallery: FC<GalleryProps> = ({ view, presets, copies, problems = {}, faults = [] }) => {
  const { t, language } = view
  return (
    <ConsolePage view={view} title={t('campaignPresets.title')} current="campaigns">
      <CampaignTrail view={view} />
      <PageHeading title={t('campaignPresets.title')} lead={t('campaignPresets.lead')} />
      <h2>{t('campaignPresets.fromPreset')}</h2>
      <ul class="campaign-cards presets">
        {presets.map((preset) => (
          <li class="campaign-card">
            <h3>{inLanguage(preset.outline.title, language, preset.name)}</h3>
            <p class="card-line">
              <span>{t('campaignPresets.steps', { count: preset.outline.steps.length })}</span>
            </p>
            <p>{what(view, preset)}</p>
            <LinkButton
              href={inNetwork(view, `${room}/start?preset=${preset.name}`)}
              text={t('campaignPresets.use')}
              kind="primary"
            />
          </li>
        ))}
      </ul>
      <div class="two preset-ways">
        <Panel id="one-off" title={t('campaignPresets.message')} note={t('campaignPresets.messageWhat')}>
          <p>
            <LinkButton href={inNetwork(view, '/console/messages/new')} text={t('campaignPresets.messageNew')} />
          </p>
        </Panel>
        <Panel id="copy" title={t('campaignPresets.copy')} note={t('campaignPresets.copyWhat')}>
          {copies.length === 0 ? (
            <p>{t('campaignPresets.copyNone')}</p>
          ) : (
            <form class="form" method="get" action={`${room}/start`}>
              <input type="hidden" name="network" value={view.network?.name} />
              <SelectField
                view={view}
                name="from"
                label={t('campaignPresets.copyWhich')}
                isRequired
                choices={copies.map(({ id, name, title }) => ({ value: id, text: inLanguage(title, language, name) }))}
              />
              <button type="submit">{t('campaignPresets.copyGo')}</button>
            </form>
          )}
        </Panel>
        <Panel id="upload" title={t('campaignPresets.file')} note={t('campaignPresets.fileWhat')}>
          <Form view={view} action={inNetwork(view, `${room}/file`)} problems={problems} isMultipart>
            <TextField
              view={view}
              name="file"
              type="file"
              accept=".yaml,.yml,text/yaml"
              label={t('campaignPresets.fileField')}
              hint={t('campaignPresets.fileHint')}
              error={problems.file}
              isRequired
            />
            {faults.length > 0 && (
              <ul class="faults">
                {faults.map(({ line, column, message }) => (
                  <li>
                    <strong>{t('draft.line', { line, column })}</strong> <span lang="en">{message}</span>
                  </li>
                ))}
              </ul>
            )}
            <button type="submit">{t('campaignPresets.fileGo')}</button>
          </Form>
        </Panel>
      </div>
    </ConsolePage>
  )
}

interface StartProps {
  view: View
  /** What it starts from, as people call it. */
  from: string
  fields: Readonly<Record<string, string>>
  values: { title: string; launch?: string }
  problems?: Problems
}

/** The two questions before a draft: what it is called, and when it starts. */
export const StartPage: FC<StartProps> = ({ view, from, fields, values, problems = {} }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('campaignStart.title', { name: from })} current="campaigns">
      <CampaignTrail view={view} more={[[t('campaignPresets.title'), inNetwork(view, `${room}/new`)]]} />
      <PageHeading title={t('campaignStart.title', { name: from })} lead={t('campaignStart.lead')} />
      <Form view={view} action={inNetwork(view, room)} problems={problems}>
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <TextField
          view={view}
          name="title"
          label={t('campaignStart.name')}
          value={values.title}
          maxlength={200}
          error={problems.title}
          isRequired
        />
        {values.launch === undefined ? (
          <p class="note">{t('campaignStart.now')}</p>
        ) : (
          <TextField
            view={view}
            name="launch"
            type="datetime-local"
            label={t('campaignStart.launch')}
            hint={`${t('campaignStart.launchHint')} ${t('campaignStart.launchProposed')}`}
            value={values.launch}
            error={problems.launch}
            isRequired
          />
        )}
        <button type="submit" class="primary">
          {t('campaignStart.create')}
        </button>
      </Form>
    </ConsolePage>
  )
}

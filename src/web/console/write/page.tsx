import type { FC } from 'hono/jsx'
import type { WordParts } from '../../../campaign/write-words.ts'
import { frontMatterKeys, type TemplateProblem } from '../../../render/check.ts'
import { type ChannelName, channelNames, type Language, languages } from '../../../words.ts'
import { ConsolePage } from '../../layout.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { FormProblems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { View } from '../../view.ts'
import { CampaignTrail } from '../campaigns/new-pages.tsx'

export interface WriteProps {
  view: View
  campaignId: string
  title: string
  steps: readonly string[]
  step: string
  template: string
  channel: ChannelName
  /** What is in the form; a language nobody has written in is empty. */
  parts: Record<Language, WordParts>
  /** Fields a text may name, to be copied into it. */
  fields: readonly string[]
  faults?: Partial<Record<Language, readonly TemplateProblem[]>>
  /** Tells whether somebody else has written meanwhile. */
  seen: string
  problem?: string
  /** Launched already: what is written here is taken over from its page of changes. */
  isRunning?: boolean
  said?: string
}

/** The name of a part of the form, such as fr.subject. */
export const partName = (language: Language, part: string): string => `${language}.${part}`

const Faults: FC<{ view: View; faults: readonly TemplateProblem[] }> = ({ view, faults }) =>
  faults.length === 0 ? null : (
    <ul class="faults" role="alert">
      {faults.map(({ line, column, message, suggestion }) => (
        <li>
          <strong>{view.t('draft.line', { line, column })}</strong> {message}{' '}
          {suggestion && view.t('draft.suggestion', { text: suggestion })}
        </li>
      ))}
    </ul>
  )

const OneLanguage: FC<{ props: WriteProps; language: Language }> = ({ props, language }) => {
  const { view, campaignId, channel, parts, faults } = props
  const { t } = view
  const { head, text } = parts[language]
  const frame = `preview-${language}`
  return (
    <section class="write-side" aria-labelledby={`side-${language}`} lang={language}>
      <h2 id={`side-${language}`} lang={view.language}>
        {t(`languages.${language}`)}
      </h2>
      <Faults view={view} faults={faults?.[language] ?? []} />
      {frontMatterKeys[channel]
        .filter((key) => key !== 'access' && key !== 'transliterate')
        .map((key) => (
          <TextField
            view={view}
            name={partName(language, key)}
            label={t(`write.head.${key as 'subject' | 'preheader' | 'title' | 'qr'}`)}
            value={head[key] ?? ''}
            maxlength={400}
          />
        ))}
      {['access', 'transliterate'].map(
        (key) => head[key] !== undefined && <input type="hidden" name={partName(language, key)} value={head[key]} />,
      )}
      <TextArea
        view={view}
        name={partName(language, 'text')}
        label={t('write.text')}
        value={text}
        rows={channel === 'sms' || channel === 'screen' ? 6 : 16}
      />
      <button
        type="submit"
        name="preview"
        value={language}
        formaction={`/console/campaigns/${campaignId}/write/frame`}
        formtarget={frame}
        data-preview={frame}
      >
        {t('write.show')}
      </button>
      <iframe
        class={`write-frame ${channel}`}
        name={frame}
        title={t('write.frame', { language: t(`languages.${language}`) })}
      />
    </section>
  )
}

/** The words of a step on a channel, both languages side by side, each with what its reader will see. */
export const WritePage: FC<WriteProps> = (props) => {
  const { view, campaignId, title, steps, step, template, channel, fields, seen, problem, said } = props
  const { t } = view
  const here = `/console/campaigns/${campaignId}`
  const at = (change: Record<string, string>) => `${here}/write?${new URLSearchParams({ step, channel, ...change })}`
  const heading = t('write.title', { step })
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail
        view={view}
        more={[
          [title, here],
          [t('wordsPreview.title', { name: title }), `${here}/words?${new URLSearchParams({ step })}`],
        ]}
      />
      <PageHeading title={heading} lead={t('write.lead', { template })}>
        <LinkButton href={`${here}/words?${new URLSearchParams({ step })}`} text={t('write.all')} />
      </PageHeading>
      {said && <Flash tone="good">{said}</Flash>}
      {props.isRunning && (
        <Flash tone="warning">
          {t('editing.runningWords')}{' '}
          <a href={`/console/campaigns/${campaignId}/edit`}>{t('editing.runningWordsLink')}</a>
        </Flash>
      )}
      {steps.length > 1 && (
        <Tabs
          label={t('wordsPreview.step')}
          tabs={steps.map((name) => ({ href: at({ step: name }), text: name, isCurrent: name === step }))}
        />
      )}
      <Tabs
        label={t('wordsPreview.channel')}
        tabs={channelNames.map((name) => ({
          href: at({ channel: name }),
          text: t(`channels.${name}`),
          isCurrent: name === channel,
        }))}
      />
      <form class="form write" method="post" action={`${here}/write`} novalidate>
        <FormProblems view={view} problems={problem ? { form: problem } : undefined} />
        <input type="hidden" name="step" value={step} />
        <input type="hidden" name="channel" value={channel} />
        <input type="hidden" name="seen" value={seen} />
        <p class="toolbar">
          <button type="submit" class="primary">
            {t('write.save')}
          </button>
        </p>
        <div class="write-sides">
          {languages.map((language) => (
            <OneLanguage props={props} language={language} />
          ))}
        </div>
        <details>
          <summary>{t('write.fields')}</summary>
          <p class="note">{t('write.fieldsHow')}</p>
          <ul class="write-fields">
            {fields.map((field) => (
              <li>
                <code>{`{{ ${field} }}`}</code>
              </li>
            ))}
          </ul>
        </details>
      </form>
      <script nonce={view.nonce} src={view.assets.url('write.js')} defer></script>
    </ConsolePage>
  )
}

import type { FC } from 'hono/jsx'
import type { Previewed } from '../../../campaign/preview.ts'
import type { ChannelName, Language } from '../../../words.ts'
import { channelNames, languages } from '../../../words.ts'
import { ConsolePage } from '../../layout.tsx'
import { FilterSelect, Filters } from '../../ui/filters.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import type { View } from '../../view.ts'
import { Preview } from '../outbox/previews.tsx'
import { reasonText } from '../reasons.ts'
import { CampaignTrail } from './new-pages.tsx'

export interface ShownWords {
  channel: ChannelName
  /** Under which the content and the PDF are. */
  here: string
  previewed: Previewed | undefined
  qrSvg?: string
  /** What one text message costs, in thousandths of a minor unit, once for each part. */
  costMillis?: number
}

interface WordsProps {
  view: View
  campaignId: string
  title: string
  steps: readonly string[]
  step: string
  language: Language
  /** The channels the words are written for. */
  shown: readonly ShownWords[]
  hasPdf: boolean
  mayLaunch: boolean
  mayWrite: boolean
  isOneOff: boolean
}

const writeHref = (here: string, step: string, channel: ChannelName): string =>
  `${here}/write?${new URLSearchParams({ step, channel })}`

/** The messages of a step as somebody would get them, channel by channel. */
export const WordsPage: FC<WordsProps> = (props) => {
  const { view, campaignId, title, steps, step, language, shown, hasPdf, mayLaunch, mayWrite, isOneOff } = props
  const { t, formats, network } = view
  const here = `/console/campaigns/${campaignId}`
  const heading = t('wordsPreview.title', { name: title })
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      <PageHeading title={heading} lead={t('wordsPreview.lead')}>
        {mayLaunch && <LinkButton href={`${here}/launch`} text={t('draft.launch')} kind="primary" />}
        <LinkButton href={`${here}/plan`} text={t('draft.plan')} />
        {isOneOff && mayLaunch && <LinkButton href={`/console/messages/${campaignId}`} text={t('draft.edit')} />}
      </PageHeading>
      <Filters view={view} action={`${here}/words`}>
        {steps.length > 1 && (
          <FilterSelect
            view={view}
            name="step"
            label={t('wordsPreview.step')}
            value={step}
            all={steps[0]}
            choices={steps.slice(1).map((value) => ({ value, text: value }))}
          />
        )}
        <FilterSelect
          view={view}
          name="language"
          label={t('wordsPreview.language')}
          value={language === languages[0] ? undefined : language}
          all={t(`languages.${languages[0]}`)}
          choices={languages.slice(1).map((value) => ({ value, text: t(`languages.${value}`) }))}
        />
      </Filters>
      {channelNames.map((channel) => {
        const one = shown.find((words) => words.channel === channel)
        if (!one?.previewed) return null
        const { previewed } = one
        return (
          <section class="words-preview" aria-labelledby={`${channel}-title`}>
            <h2 id={`${channel}-title`}>{t(`channels.${channel}`)}</h2>
            {mayWrite && !isOneOff && (
              <LinkButton href={writeHref(here, step, channel)} text={t('wordsPreview.write')} />
            )}
            {'problem' in previewed ? (
              <p>
                {previewed.problem === 'nobody'
                  ? t('wordsPreview.nobody')
                  : t('wordsPreview.problem', { problem: reasonText(previewed.problem, view.language) })}
              </p>
            ) : (
              <>
                <p class="note">
                  {t('wordsPreview.reader', { name: previewed.reader })}
                  {previewed.content.channel === 'sms' && (
                    <>
                      {' · '}
                      {t('wordsPreview.smsParts', { count: previewed.content.parts })}
                      {one.costMillis !== undefined &&
                        `, ${t('wordsPreview.smsCost', {
                          cost: formats.moneyOfMillis(
                            one.costMillis * previewed.content.parts,
                            network?.currency ?? 'EUR',
                          ),
                        })}`}
                    </>
                  )}
                </p>
                <Preview
                  view={view}
                  content={previewed.content}
                  here={one.here}
                  from={previewed.from}
                  qrSvg={one.qrSvg}
                  hasPdf={hasPdf}
                />
              </>
            )}
          </section>
        )
      })}
      {mayWrite && !isOneOff && (
        <p>
          {t('wordsPreview.writeOther')}{' '}
          {channelNames
            .filter((channel) => !shown.some((one) => one.channel === channel && one.previewed))
            .map((channel, at) => (
              <>
                {at > 0 && ', '}
                <a href={writeHref(here, step, channel)}>{t(`channels.${channel}`)}</a>
              </>
            ))}
        </p>
      )}
      {shown.every((one) => !one.previewed) && <p class="empty">{t('wordsPreview.none')}</p>}
    </ConsolePage>
  )
}

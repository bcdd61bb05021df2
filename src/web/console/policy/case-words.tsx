import type { FC } from 'hono/jsx'
import type { ReasonCode } from '../../../routing/codes.ts'
import type { PolicyCase } from '../../../routing/policy-case.ts'
import type { CaseResult } from '../../../routing/run-cases.ts'
import type { ChannelName } from '../../../words.ts'
import type { View } from '../../view.ts'
import { becauseText, reasonText } from '../reasons.ts'

/** What leaves, by which channel and under which rule: « Part tout de suite, SMS · règle « field » ». */
export function outcomeText(
  { t }: View,
  { outcome, channel, rule }: { outcome: PolicyCase['expected']['outcome']; channel?: ChannelName; rule?: string },
): string {
  const said = t(`policy.casesPage.outcome.${outcome}`)
  return [
    channel ? t('policy.casesPage.by', { outcome: said, channel: t(`channels.${channel}`) }) : said,
    ...(rule ? [t('policy.casesPage.underRule', { rule })] : []),
  ].join(' · ')
}

const withFigures = [
  'chosen',
  'learned',
  'profile_habit',
  'switched',
  'not_worth_default',
  'explored',
  'learning_refused',
  'reach_of_two',
  'within_window',
  'exempt_from_hours',
  'deferred',
  'cost',
  'dropped_for_hours',
  'cap_reached',
  'country_closed',
  'sender_country',
  'timezone_unknown',
  'expires_before_window',
  'content_problem',
  'weaker',
  'address_unusable',
  'no_address',
] as const

/** A reason without the figures its sentence has in a decision. */
export function reasonName({ t, language }: View, code: ReasonCode): string {
  const plain = withFigures.find((known) => known === code)
  if (!plain) return reasonText(code, language)
  const text = t(`policy.casesPage.reasons.${plain}`)
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1)
}

/** What was expected, with the reason where one was. */
export const Expected: FC<{ view: View; one: PolicyCase }> = ({ view, one: { expected } }) => (
  <>
    {outcomeText(view, expected)}
    {expected.reason && <small>{reasonName(view, expected.reason)}</small>}
  </>
)

/** What came of it, with its sentence; a case is never held out. */
export const Got: FC<{ view: View; result: CaseResult }> = ({ view, result: { got, trace, isPassed } }) => {
  const { t, language } = view
  const outcome = got.outcome === 'holdout' ? 'none' : got.outcome
  return (
    <>
      {outcomeText(view, { ...got, outcome })}
      <small>{becauseText(got.because, language)}</small>
      {!isPassed && (
        <details>
          <summary>{t('policy.casesPage.trace')}</summary>
          <ol class="trace">
            {trace.map(({ rule, channel, verdict }) => (
              <li>
                <span class={`verdict v-${verdict}`}>{t(`traceVerdicts.${verdict}`)}</span>
                {channel && <span>{t(`channels.${channel}`)}</span>}
                <small>{rule}</small>
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  )
}

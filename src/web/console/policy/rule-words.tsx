import type { FC } from 'hono/jsx'
import type { PolicyRule } from '../../../routing/types.ts'
import type { ChannelName } from '../../../words.ts'
import { Channel } from '../../labels.tsx'
import type { View } from '../../view.ts'

export const conditionNames = ['urgency', 'intent', 'class', 'profile', 'typology', 'tier'] as const
export type ConditionName = (typeof conditionNames)[number]

/** A value of a condition in words; typologies and tiers are the network’s own. */
function valueText({ t }: View, on: ConditionName, value: string): string {
  switch (on) {
    case 'urgency':
      return t(`urgencies.${value as 'high'}`)
    case 'intent':
      return t(`intents.${value as 'notice'}`)
    case 'class':
      return t(`classes.${value as 'marketing'}`)
    case 'profile':
      return t(`profiles.${value as 'field'}`)
    default:
      return value
  }
}

/** For which messages and people a rule is, a line for each condition. */
export const Conditions: FC<{ view: View; rule: PolicyRule }> = ({ view, rule: { when } }) => {
  const { t } = view
  const told = conditionNames.filter((on) => when[on] !== undefined)
  if (told.length === 0) return <em>{t('policy.everyone')}</em>
  return (
    <ul class="rule-conditions">
      {told.map((on) => (
        <li>
          <small>{t(`policy.conditions.${on}`)}</small>{' '}
          {(when[on] as string[]).map((value) => valueText(view, on, value)).join(' · ')}
        </li>
      ))}
    </ul>
  )
}

/** Channels as chips, in the order they are tried. */
export const OrderedChannels: FC<{ view: View; channels: readonly ChannelName[] }> = ({ view, channels }) => (
  <ol class="rule-channels">
    {channels.map((channel) => (
      <li>
        <Channel view={view} channel={channel} />
      </li>
    ))}
  </ol>
)

/** Minutes in the largest unit that says them without a remainder. */
export function delayText({ t }: View, minutes: number): string {
  if (minutes % 1_440 === 0) return t('policy.days', { count: minutes / 1_440 })
  if (minutes % 60 === 0) return t('policy.hours', { count: minutes / 60 })
  return t('policy.minutes', { count: minutes })
}

/** What follows the first channel, and when. */
export const WhatFollows: FC<{ view: View; rule: PolicyRule }> = ({ view, rule }) => {
  const { t } = view
  const { waterfallMinutes, fallback, learns } = rule
  const asks = fallback && (fallback.ifNot === 'acted' ? 'policy.ifNotActed' : 'policy.ifNotAcknowledged')
  return (
    <ul class="rule-conditions">
      <li>{t('policy.onFailure')}</li>
      {waterfallMinutes !== undefined && <li>{t('policy.waterfall', { count: waterfallMinutes })}</li>}
      {fallback && asks && <li>{t(asks, { delay: delayText(view, fallback.afterMinutes) })}</li>}
      {learns === false && <li>{t('policy.fixedOrder')}</li>}
    </ul>
  )
}

/** A whole rule where there is no table to put it in, such as beside what it was before. */
export const RuleInWords: FC<{ view: View; rule: PolicyRule }> = ({ view, rule }) => (
  <div class="rule">
    <Conditions view={view} rule={rule} />
    <OrderedChannels view={view} channels={rule.channels} />
    {rule.together && rule.together.length > 0 && (
      <p>
        <small>{view.t('policy.together')}</small> {rule.together.map((one) => view.t(`channels.${one}`)).join(' · ')}
      </p>
    )}
    <WhatFollows view={view} rule={rule} />
  </div>
)

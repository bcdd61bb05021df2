import type { Choice } from './choose.ts'
import type { Exclusion, Reason } from './codes.ts'
import type { Reach } from './reach.ts'
import type { RoutingInput } from './types.ts'

/** The choice in codes, in the order a sentence tells it. */
export function reasonsFor(input: RoutingInput, { option, why, instead }: Choice, reach: Reach | undefined): Reason[] {
  const { channel, belief, timing, measured, cost, target } = option
  const reasons: Reason[] = [{ code: 'chosen', params: { channel } }]
  if (why === 'learned' || why === 'switched') {
    const { actions, exposures, mean } = belief!
    if (exposures > 0) reasons.push({ code: 'learned', params: { actions, exposures, percent: percent(mean) } })
  }
  if (why === 'profile_habit') {
    reasons.push({
      code: why,
      params: { profile: input.contact.profile, percent: belief ? percent(belief.mean) : null },
    })
  } else if (why === 'learning_refused') {
    reasons.push({ code: why, params: { profile: input.contact.profile } })
  } else if (why !== 'learned') {
    reasons.push({ code: why, params: instead ? { from: instead.channel } : {} })
  }
  if (target.isSharedMailbox && why !== 'shared_for_site') reasons.push({ code: 'shared_for_site', params: {} })
  if (timing.isDeferred) {
    const at = new Date(timing.at).toISOString()
    reasons.push({ code: 'deferred', params: { at, timezone: input.contact.site.timezone } })
  }
  const { preferredHours } = input.contact
  if (timing.isPreferred && preferredHours) reasons.push({ code: 'preferred_hours', params: { hours: preferredHours } })
  if (timing.isPressed) reasons.push({ code: 'deadline_window', params: {} })
  else if (timing.open && !timing.isDeferred) {
    reasons.push({ code: 'within_window', params: { from: timing.open.from, to: timing.open.to } })
  } else if (!timing.open && (channel === 'sms' || channel === 'email')) {
    reasons.push({ code: 'exempt_from_hours', params: { class: input.message.class } })
  }
  if (reach) reasons.push({ code: 'reach_of_two', params: { second: reach.second, percent: percent(reach.cautious) } })
  reasons.push({
    code: 'cost',
    params: { millis: cost, currency: input.policy.values.currency, parts: measured.parts },
  })
  return reasons
}

/** Channels that could have taken it: closed at this hour, answered less, or read by others too. */
export function passedOver({ option, why, others, closedNow }: Choice, excluded: readonly Exclusion[]): Exclusion[] {
  const reasons: Exclusion[] = closedNow.map(({ channel }) => ({ code: 'closed_now', params: { channel } }))
  for (const other of others) {
    const { channel, belief, target } = other
    if (excluded.some(({ params }) => params.channel === channel)) continue
    if (target.isSharedMailbox && !option.target.isSharedMailbox)
      reasons.push({ code: 'shared_mailbox', params: { channel } })
    else if (
      (why === 'learned' || why === 'switched') &&
      belief &&
      !closedNow.includes(other) &&
      channel !== 'intranet'
    ) {
      reasons.push({ code: 'weaker', params: { channel, percent: percent(belief.mean) } })
    }
  }
  return reasons
}

const percent = (share: number): number => Math.round(share * 100)

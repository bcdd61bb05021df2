import type { ChannelName } from '../words.ts'
import { classRules } from './classes.ts'
import type { Exclusion } from './codes.ts'
import type { PolicyValues, RoutingInput, Touch } from './types.ts'

const dayMs = 86_400_000

type Cap = PolicyValues['caps']['value'][number]
type Pressed = Pick<RoutingInput, 'message' | 'policy' | 'touches'>

/**
 * The cap that a sending at this time would exceed, if any. Windows roll; only relational and marketing messages
 * are counted and only they are held back.
 */
export function pressureGate(input: Pressed, channel: ChannelName, at: number): Exclusion | undefined {
  if (!classRules[input.message.class].isCapped) return undefined
  for (const cap of input.policy.values.caps.value) {
    if (cap.channel !== channel && cap.channel !== 'any') continue
    if (counted(input, cap, at) < cap.max) continue
    const { max, days, subject, channel: scope } = cap
    return { code: 'cap_reached', params: { channel, max, days, subject, scope } }
  }
  return undefined
}

/** Touches against the shortest cap of the channel: 1 is a full quota, 0 when it has no cap. */
export function fatigue(input: Pressed, channel: ChannelName, at: number): number {
  let tightest: Cap | undefined
  for (const cap of input.policy.values.caps.value) {
    if (cap.channel === channel && (!tightest || cap.days < tightest.days)) tightest = cap
  }
  return tightest && tightest.max > 0 ? counted(input, tightest, at) / tightest.max : 0
}

function counted(input: Pressed, cap: Cap, at: number): number {
  return cap.subject === 'contact'
    ? countTouches(input.touches.contact, cap, at)
    : countMessages(input.touches.site, cap, at, input.message.id)
}

function countTouches(touches: readonly Touch[], cap: Cap, at: number): number {
  let count = 0
  for (const touch of touches) if (weighs(touch, cap, at)) count++
  return count
}

/**
 * An outlet is touched once by a message, however many of its people get it, and colleagues are not capped by the
 * message in hand. A touch that does not name its message is told apart by its time; over all channels, where
 * times differ by person, it cannot be and is left out.
 */
function countMessages(touches: readonly Touch[], cap: Cap, at: number, messageId: string): number {
  const messages = new Set<string | number>()
  for (const touch of touches) {
    if (!weighs(touch, cap, at)) continue
    if (touch.message === undefined ? cap.channel === 'any' || touch.at === at : touch.message === messageId) continue
    messages.add(touch.message ?? touch.at)
  }
  return messages.size
}

/** Planned touches, later than this one, weigh too. */
const weighs = (touch: Touch, cap: Cap, at: number): boolean =>
  classRules[touch.class].isCapped &&
  (cap.channel === 'any' || touch.channel === cap.channel) &&
  Math.abs(touch.at - at) < cap.days * dayMs

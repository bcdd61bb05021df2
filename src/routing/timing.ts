import { draw } from '../random.ts'
import type { ChannelName, PreferredHours } from '../words.ts'
import { classRules, isUrgent } from './classes.ts'
import { isClosedOn } from './closures.ts'
import type { Exclusion } from './codes.ts'
import { type IsClosed, intersect, nextOpening, type Opening, openAt, UnknownTimezone } from './hours.ts'
import { byCountryRow } from './policy.ts'
import type { OpeningHours, QuietHours, RoutingInput } from './types.ts'

export interface Timing {
  /** Epoch milliseconds, never before now nor at or after the expiry. */
  at: number
  isDeferred: boolean
  /** The interval that holds `at`, minutes from local midnight; absent when no hours bind the message. */
  open?: { from: number; to: number }
  /** Set when the message was let out of the habitual hours into the legal ones, to arrive before it expires. */
  isPressed?: true
  /** Set when it leaves in the part of the day the person asked for. */
  isPreferred?: true
}

interface Hours {
  window: OpeningHours
  /** The wider hours that the law still allows, for what would otherwise expire. */
  wider?: OpeningHours
  closesOnHolidays: boolean
  /** Whether the network's own closing days close it too: they keep back nothing that is urgent. */
  closesWithNetwork: boolean
  /** Narrowed to the part of the day the person asked for. */
  isPreferred?: boolean
}

type Timed = Pick<RoutingInput, 'contact' | 'message' | 'policy' | 'now' | 'seed' | 'closures'>

/**
 * When a message may leave on a channel: now, or at the recipient's next opening with a little jitter, so that
 * thousands do not leave in the same second. An exclusion when it would expire first or never opens.
 */
export function timingOf(input: Timed, channel: ChannelName): Timing | Exclusion {
  const now = input.now.getTime()
  const hours = hoursOf(input, channel)
  if (!hours) return { at: now, isDeferred: false }
  try {
    return within(input, channel, hours, now)
  } catch (error) {
    if (!(error instanceof UnknownTimezone)) throw error
    return { code: 'timezone_unknown', params: { channel, timezone: input.contact.site.timezone } }
  }
}

function within(input: Timed, channel: ChannelName, hours: Hours, now: number): Timing | Exclusion {
  const { site } = input.contact
  const region = hours.closesOnHolidays ? site.region : null
  const { closures = [] } = input
  const isClosed: IsClosed | undefined =
    closures.length > 0 && hours.closesWithNetwork ? (day) => isClosedOn(closures, site.region, day) : undefined
  const expiresAt = input.message.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  const opening = nextOpening(hours.window, site.timezone, region, now, isClosed)
  if (opening && opening.at < expiresAt) {
    const preferred = hours.isPreferred ? { isPreferred: true as const } : {}
    if (opening.at === now) return { at: now, isDeferred: false, open: opening, ...preferred }
    // A counter that is shut shows nothing to anybody: an urgent message does not count on it.
    if (channel === 'screen' && isUrgent(input.message)) return { code: 'station_closed', params: { channel } }
    const at = channel === 'screen' ? opening.at : jittered(input, hours.window, region, opening, expiresAt, isClosed)
    return { at, isDeferred: true, open: opening, ...preferred }
  }
  const pressed = hours.wider && nextOpening(hours.wider, site.timezone, region, now, isClosed)
  if (pressed && pressed.at < expiresAt) {
    return { at: pressed.at, isDeferred: pressed.at > now, open: pressed, isPressed: true }
  }
  return opening
    ? {
        code: 'expires_before_window',
        params: { channel, at: new Date(opening.at).toISOString(), timezone: site.timezone },
      }
    : { code: 'never_open', params: { channel } }
}

/** The hours that bind this message on this channel; undefined when none do. */
function hoursOf({ contact, message, policy }: Timed, channel: ChannelName): Hours | undefined {
  if (channel === 'print' || channel === 'intranet') return undefined
  const { quietHours, emailHours, nightRest } = policy.values
  const country = byCountryRow(quietHours.value, contact.site.country)
  const closesOnHolidays = country?.holidaysClosed ?? false
  if (channel === 'screen') {
    // Hours nobody knows do not keep back a danger; anything else counts on a counter in decent hours only.
    const window = contact.site.openingHours ?? (isCritical(message) ? undefined : country?.soft)
    return window && { window, closesOnHolidays, closesWithNetwork: !isUrgent(message) }
  }
  if (message.class === 'urgent_service' && channel === 'sms') {
    return nightRest && !isCritical(message)
      ? { window: nightRest.value, closesOnHolidays: false, closesWithNetwork: false }
      : undefined
  }
  if (!classRules[message.class].keepsHours || !country) return undefined
  if (channel === 'email') {
    const usual = emailHours?.value[contact.profile] ?? emailHours?.value.default ?? country.soft
    const chosen = chosenHours(contact, country.soft)
    const narrowed = chosen && { window: chosen, isPreferred: true }
    return { window: usual, ...narrowed, wider: country.soft, closesOnHolidays, closesWithNetwork: !isUrgent(message) }
  }
  const chosen = chosenHours(contact, smsWindow(country))
  return {
    window: smsWindow(country),
    ...(chosen && { window: chosen, isPreferred: true }),
    wider: country.hard ?? (chosen && country.soft),
    closesOnHolidays,
    closesWithNetwork: !isUrgent(message),
  }
}

/** Minutes from local midnight. */
const partsOfDay: Record<PreferredHours, [number, number]> = {
  morning: [480, 720],
  midday: [690, 840],
  afternoon: [840, 1080],
  evening: [1080, 1200],
}

/** What the person asked for within the hours of the country; undefined where they asked nothing, or it never opens. */
function chosenHours({ preferredHours }: RoutingInput['contact'], within: OpeningHours): OpeningHours | undefined {
  if (!preferredHours) return undefined
  const part = partsOfDay[preferredHours]
  const asked = { 1: [part], 2: [part], 3: [part], 4: [part], 5: [part], 6: [part], 7: [part] } satisfies OpeningHours
  const both = intersect(within, asked)
  return Object.keys(both).length > 0 ? both : undefined
}

/** Urgency is the severity of a service notice: only what is immediate may ring at night, holidays or not. */
const isCritical = (message: Timed['message']): boolean =>
  message.class === 'urgent_service' && message.urgency === 'immediate'

const smsWindows = new WeakMap<QuietHours, OpeningHours>()

/** The habit within the law: a network that widens its habits stays inside the hard window. */
function smsWindow(hours: QuietHours): OpeningHours {
  if (!hours.hard) return hours.soft
  let window = smsWindows.get(hours)
  if (!window) {
    window = intersect(hours.soft, hours.hard)
    smsWindows.set(hours, window)
  }
  return window
}

/** Up to the policy's minutes after the opening, drawn from the seed; the opening itself when that is too late. */
function jittered(
  input: Timed,
  window: OpeningHours,
  region: string | null,
  opening: Opening,
  expiresAt: number,
  isClosed: IsClosed | undefined,
): number {
  const span = input.policy.values.jitterMinutes.value * 60
  if (span === 0) return opening.at
  const at = opening.at + Math.floor(draw('jitter', input.seed) * span) * 1_000
  const isOpen = at < expiresAt && openAt(window, input.contact.site.timezone, region, at, isClosed)
  return isOpen ? at : opening.at
}

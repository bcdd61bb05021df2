import { betaQuantile } from '../src/engagement/beta.ts'
import { draw } from '../src/random.ts'
import type { ChannelName, Profile } from '../src/words.ts'

export const simulatedChannels = ['sms', 'email', 'screen'] as const satisfies readonly ChannelName[]
export type SimulatedChannel = (typeof simulatedChannels)[number]
export type Rates = Record<SimulatedChannel, number>

/** Somebody whose chances to act are known, since they are made up. */
export interface SimulatedPerson {
  key: string
  profile: Extract<Profile, 'field' | 'office'>
  /** Acts on nothing, whatever the channel. */
  isAbsent: boolean
  rates: Rates
  /** From the middle on, for those who change their taste. */
  later?: Rates
}

/** Mean chances by profile: craftsmen answer texts, offices mail. */
export const trueMeans: Record<SimulatedPerson['profile'], Rates> = {
  field: { sms: 0.35, email: 0.08, screen: 0.15 },
  office: { sms: 0.15, email: 0.3, screen: 0.1 },
}

/** How alike people of a profile are: the strength of the Beta distribution their chances are drawn from. */
const strength = 3
const shares = { field: 0.6, absent: 0.15, changing: 0.1 }
const never: Rates = { sms: 0, email: 0, screen: 0 }

/** So many people, the same for the same seed: 60 % craftsmen, 15 % who act on nothing, 10 % who change their taste. */
export function simulatedPeople(seed: string, count: number): SimulatedPerson[] {
  return Array.from({ length: count }, (_, n) => {
    const key = `P${n}`
    const profile = draw(seed, key, 'profile') < shares.field ? 'field' : 'office'
    const drawn = (when: string): Rates => {
      const rate = (channel: SimulatedChannel) => {
        const mean = trueMeans[profile][channel]
        const of = { alpha: strength * mean, beta: strength * (1 - mean) }
        return betaQuantile(draw(seed, key, channel, when), of)
      }
      return { sms: rate('sms'), email: rate('email'), screen: rate('screen') }
    }
    if (draw(seed, key, 'absent') < shares.absent) return { key, profile, isAbsent: true, rates: never }
    const rates = drawn('first')
    if (draw(seed, key, 'changes') >= shares.changing) return { key, profile, isAbsent: false, rates }
    return { key, profile, isAbsent: false, rates, later: drawn('later') }
  })
}

/** Whether a person acts on a message, had it come on a channel: the same chance for every way of choosing channels. */
export const acts = (seed: string, { key }: SimulatedPerson, message: number, channel: ChannelName, rates: Rates) =>
  draw(seed, key, message, channel, 'acts') < rates[channel as SimulatedChannel]

export const ratesAt = ({ rates, later }: SimulatedPerson, message: number, messages: number): Rates =>
  later && message >= messages / 2 ? later : rates

export const bestOf = (
  rates: Partial<Record<ChannelName, number>>,
): { channel?: SimulatedChannel; lead: number; rate: number } => {
  const [first, second] = simulatedChannels
    .filter((channel) => rates[channel] !== undefined)
    .map((channel) => ({ channel, rate: rates[channel]! }))
    .sort((a, b) => b.rate - a.rate)
  return { channel: first?.channel, rate: first?.rate ?? 0, lead: (first?.rate ?? 0) - (second?.rate ?? 0) }
}

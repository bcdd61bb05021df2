import { defaultPolicy } from '../src/routing/default-policy.ts'
import { route } from '../src/routing/route.ts'
import type {
  Belief,
  RoutableContact,
  RoutableMessage,
  RoutableSender,
  RoutingInput,
  Touch,
} from '../src/routing/types.ts'
import { type ChannelName, channelNames, type Profile, profiles } from '../src/words.ts'
import { compare, type Figure } from './measure.ts'
import { benchNow } from './workspace.ts'

/** So many people in memory, met again and again under new seeds: what is measured is deciding, not making them. */
const distinct = 2_000

interface Known {
  contact: RoutableContact
  beliefs: Partial<Record<ChannelName, Belief>>
  touches: { contact: readonly Touch[]; site: readonly Touch[] }
}

const message: RoutableMessage = {
  id: 'message',
  campaign: 'bench',
  step: 'annonce',
  occurrence: '1',
  class: 'relational',
  urgency: 'normal',
  intent: 'follow-up',
  topic: 'bench',
  channels: ['sms', 'email', 'print', 'screen', 'intranet'],
  asksReply: false,
  onQuiet: 'defer',
}
const senders: RoutableSender[] = (['sms', 'email', 'print'] as const).map((channel) => ({
  id: channel,
  channel,
  isTwoWay: false,
  isDefault: true,
  countries: [],
}))

const regions = ['FR', 'FR-67', 'RE'] as const
const timezones = ['Europe/Paris', 'Europe/Paris', 'Indian/Reunion'] as const

function known(n: number): Known {
  const address = (kind: string) => ({
    id: `${kind}-${n}`,
    hash: `${kind}-${n}`,
    value: `${kind}-${n}`,
    status: n % 17 === 0 ? ('bounced' as const) : ('valid' as const),
    isShared: false,
    country: 'FR',
  })
  const granted = { state: n % 5 === 0 ? 'denied' : 'granted', basis: 'consent' } as const
  const belief: Belief = { mean: 0.1 + (n % 7) / 20, n: n % 9, s: n % 3, exposures: n % 12, actions: n % 4 }
  const touch: Touch = { at: benchNow.getTime() - (n % 40) * 86_400_000, channel: 'email', class: 'relational' }
  return {
    contact: {
      id: `contact-${n}`,
      siteId: `site-${n >> 1}`,
      profile: profiles[n % profiles.length] as Profile,
      language: 'fr',
      site: {
        country: 'FR',
        region: regions[n % 3]!,
        timezone: timezones[n % 3]!,
        hasStation: n % 4 === 0,
      },
      email: address('email'),
      mobile: n % 3 ? address('mobile') : undefined,
      postal: address('postal'),
      consents: { email: granted, sms: granted },
      tracking: { opens: 'unstated', clicks: 'unstated' },
      suppressions: [],
    },
    beliefs: { email: belief, sms: { ...belief, mean: 0.3 } },
    touches: { contact: [touch], site: [touch] },
  }
}

/** Every decision of `contacts` people over all five channels; returns how many of them are written to. */
function routed(people: readonly Known[], contacts: number): number {
  let reached = 0
  for (let n = 0; n < contacts; n++) {
    const person = people[n % people.length]!
    const input: RoutingInput = {
      ...person,
      message,
      policy: defaultPolicy,
      senders,
      isSpent: false,
      measure: (_, language) => ({ language, parts: 1 }),
      now: benchNow,
      seed: `bench|bench|annonce|1|${n}`,
    }
    if (route(input).channel !== undefined) reached++
  }
  return reached
}

/** The same rows, looked at once for each channel, and the first that has an address and no refusal taken. */
function looked(people: readonly Known[], contacts: number): number {
  let reached = 0
  for (let n = 0; n < contacts; n++) {
    const { contact } = people[n % people.length]!
    let taken: ChannelName | undefined
    for (const channel of channelNames) {
      const address = channel === 'sms' ? contact.mobile : channel === 'email' ? contact.email : contact.postal
      const isOpen = address?.status === 'valid' && contact.consents[channel]?.state !== 'denied'
      if (isOpen && taken === undefined) taken = channel
    }
    if (taken !== undefined) reached++
  }
  return reached
}

const side = (work: typeof routed, contacts: number) => ({
  prepare: async () => {
    const people = Array.from({ length: distinct }, (_, n) => known(n))
    return async () => {
      if (work(people, contacts) === 0) throw new Error('Nobody of those the bench makes is reached.')
      return contacts
    }
  },
})

/** Routing alone, with its reasons, against a bare loop over the same people and channels. */
export function benchRouting(contacts: number, pairs: number): Promise<Figure> {
  return compare(
    {
      name: 'routing',
      unit: 'contacts',
      against: 'a bare loop over the same contacts and five channels: address and refusal, nothing else',
      floor: 0.0025,
      goal: 0.01,
    },
    side(routed, contacts),
    side(looked, contacts),
    pairs,
  )
}

/** CPU microseconds a contact costs to route, when so many are. */
export async function routingCost(contacts: number): Promise<number> {
  const people = Array.from({ length: distinct }, (_, n) => known(n))
  routed(people, distinct * 5)
  const before = process.cpuUsage()
  routed(people, contacts)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / contacts
}

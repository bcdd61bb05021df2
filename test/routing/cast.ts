import { defaultPolicy } from '../../src/routing/default-policy.ts'
import type {
  Belief,
  Policy,
  RoutableAddress,
  RoutableContact,
  RoutableMessage,
  RoutableSender,
  RoutingInput,
} from '../../src/routing/types.ts'
import type { ChannelName } from '../../src/words.ts'

/** Tuesday 24 November 2026, 10:00 in Paris: every window of a weekday morning is open. */
export const tuesdayMorning = new Date('2026-11-24T09:00:00Z')

export const address = (id: string, over: Partial<RoutableAddress> = {}): RoutableAddress => ({
  id,
  hash: `hash of ${id}`,
  value: id,
  status: 'valid',
  isShared: false,
  country: 'FR',
  ...over,
})

/** Camille Roux, office reader in Lyon: reachable everywhere, and said yes to SMS. */
export const camille: RoutableContact = {
  id: 'camille',
  siteId: 'lyon',
  profile: 'office',
  language: 'fr',
  site: {
    country: 'FR',
    region: 'FR',
    timezone: 'Europe/Paris',
    hasStation: true,
    typology: 'wholesaler',
    tier: 'gold',
  },
  email: address('camille@example.test'),
  mobile: address('+33639980001'),
  postal: address('1 rue des Fleurs'),
  consents: { sms: { state: 'granted', basis: 'consent' } },
  tracking: { opens: 'unstated', clicks: 'unstated' },
  suppressions: [],
}

export const followUp: RoutableMessage = {
  id: 'message-1',
  campaign: 'grand-nord',
  step: 'relance',
  occurrence: '1',
  class: 'marketing',
  urgency: 'normal',
  intent: 'follow-up',
  topic: 'challenge',
  asksReply: false,
  onQuiet: 'defer',
}

export const notice: RoutableMessage = {
  ...followUp,
  class: 'urgent_service',
  urgency: 'immediate',
  intent: 'notice',
  topic: '',
}

export const senders: RoutableSender[] = [
  { id: 'brand', channel: 'sms', isTwoWay: false, isDefault: true, countries: [] },
  { id: 'short-code', channel: 'sms', isTwoWay: true, isDefault: false, countries: ['FR'] },
  { id: 'mailbox', channel: 'email', isTwoWay: true, isDefault: true, countries: [] },
]

/** Everything drawn at random or spread in time switched off, so that a test sees the rule alone. */
export const still: Policy = withValues(defaultPolicy, { exploration: 0, jitterMinutes: 0 })

export function withValues(
  policy: Policy,
  values: { [K in keyof Policy['values']]?: Policy['values'][K] extends { value: infer T } | undefined ? T : never },
): Policy {
  const changed = Object.entries(values).map(([key, value]) => [
    key,
    { value, source: 'a test', status: 'set by the network', checkedOn: '2026-11-24' },
  ])
  return { ...policy, values: { ...policy.values, ...Object.fromEntries(changed) } }
}

/** What is believed after `exposures` messages, `actions` of them answered. */
export const belief = (mean: number, actions = 0, exposures = 0): Belief => ({
  mean,
  n: exposures,
  s: actions,
  exposures,
  actions,
})

export interface Scene {
  contact?: Partial<RoutableContact>
  site?: Partial<RoutableContact['site']>
  message?: Partial<RoutableMessage>
  input?: Partial<Omit<RoutingInput, 'contact' | 'message'>>
}

/** Camille on a Tuesday morning, with what the test changes. */
export const scene = ({ contact, site, message, input }: Scene = {}): RoutingInput => ({
  contact: { ...camille, ...contact, site: { ...camille.site, ...contact?.site, ...site } },
  message: { ...followUp, ...message },
  policy: still,
  beliefs: {},
  touches: { contact: [], site: [] },
  senders,
  isSpent: false,
  measure: (_channel, language) => ({ language, parts: 1 }),
  now: tuesdayMorning,
  seed: 'manor|grand-nord|relance|camille',
  ...input,
})

/** Someone whom only these channels reach. */
export const reachableBy = (...channels: ChannelName[]): Partial<RoutableContact> => ({
  email: channels.includes('email') ? camille.email : undefined,
  mobile: channels.includes('sms') ? camille.mobile : undefined,
  postal: channels.includes('print') ? camille.postal : undefined,
  site: { ...camille.site, hasStation: channels.includes('screen') },
})

import { isDeepStrictEqual } from 'node:util'
import { audiencePage } from '../audience/page.ts'
import { type Person, readPeople } from '../audience/people.ts'
import type { Network } from '../context.ts'
import type { Db } from '../db/index.ts'
import { beliefsOf } from '../engagement/record.ts'
import { type Sender, sendersOf } from '../network/senders.ts'
import { smsCountriesOf } from '../network/sms-countries.ts'
import { matchRule } from '../routing/policy.ts'
import { route } from '../routing/route.ts'
import { withoutChance } from '../routing/run-cases.ts'
import type { Belief, Policy, PolicyTable, RoutableMessage } from '../routing/types.ts'
import { offsetAt } from '../routing/zone.ts'
import { type ChannelName, type Intent, intents, type MessageClass, type Urgency, urgencies } from '../words.ts'

/** For one kind of message, who would get another channel than now. */
export interface EffectRow {
  urgency: Urgency
  intent: Intent
  people: number
  /** From which channel to which, the most frequent first; undefined where nobody is written to. */
  moves: { from?: ChannelName; to?: ChannelName; people: number }[]
}

export interface PolicyEffect {
  /** How many people were looked at. */
  looked: number
  /** False when there are more people than were looked at. */
  isWhole: boolean
  rows: EffectRow[]
}

/** Enough to see what a change does; more would keep somebody waiting. */
export const effectCap = 5_000
const pageSize = 200

/** The class messages of a kind usually have, which a trial needs and a table by urgency and intent does not say. */
export function usualClass(urgency: Urgency, intent: Intent): MessageClass {
  if (urgency === 'immediate') return 'urgent_service'
  if (intent === 'notice') return urgency === 'high' ? 'urgent_service' : 'contractual'
  if (intent === 'reference') return 'contractual'
  return intent === 'relationship' ? 'relational' : 'marketing'
}

const kinds = urgencies.flatMap((urgency) => intents.map((intent) => ({ urgency, intent })))

/**
 * What a change of rules would do to the people of a network: for every urgency × intent, how many would get another
 * channel, on a working Tuesday at ten, were the words there for every channel and nobody written to before. Looks at
 * the first people in pages, until the cap or until `isOver`. Writes nothing.
 */
export async function policyEffect(
  db: Db,
  network: Network,
  before: Policy,
  after: PolicyTable,
  { now, isOver, cap = effectCap }: { now: Date; isOver: () => boolean; cap?: number },
): Promise<PolicyEffect> {
  const trial = {
    before: withoutChance(before),
    after: withoutChance({ ...before, ...after }),
    senders: await sendersOf(db, network.id),
    network,
    now: tuesdayAtTen(now, network.timezone),
  }
  const found = new Map<string, Map<string, number>>()
  let looked = 0
  let isWhole = false
  for (let place = ''; ; ) {
    const ids = await audiencePage(db, { networkId: network.id }, place, Math.min(pageSize, cap - looked))
    const people = await readPeople(db, network.id, ids)
    const asked = people.map(({ contact }) => ({ id: contact.id, profile: contact.profile }))
    const beliefs = await beliefsOf(db, network.id, asked, now)
    for (const person of people) compare(trial, person, beliefs.get(person.contact.id) ?? {}, found)
    looked += ids.length
    if (ids.length < pageSize && looked < cap) isWhole = true
    place = ids.at(-1) ?? place
    if (isWhole || looked >= cap || isOver()) break
  }
  if (!isWhole) isWhole = (await audiencePage(db, { networkId: network.id }, '', looked + 1)).length <= looked
  return { looked, isWhole, rows: kinds.flatMap((kind) => rowOf(kind, found)) }
}

interface Trial {
  before: Policy
  after: Policy
  senders: Sender[]
  network: Network
  now: Date
}

function compare(
  { before, after, senders, network, now }: Trial,
  { routable }: Person,
  beliefs: Partial<Record<ChannelName, Belief>>,
  found: Map<string, Map<string, number>>,
): void {
  for (const kind of kinds) {
    const message = messageOf(kind)
    const rules = [matchRule(before, message, routable), matchRule(after, message, routable)]
    // The same rule decides the same, and most people keep the rule they had.
    if (isDeepStrictEqual(rules[0], rules[1])) continue
    const [from = '', to = ''] = [before, after].map(
      (policy) =>
        route({
          contact: routable,
          message,
          policy,
          beliefs,
          touches: { contact: [], site: [] },
          senders,
          smsCountries: smsCountriesOf(network),
          isSpent: false,
          measure: (_channel, language) => ({ language, parts: 1 }),
          now,
          seed: routable.id,
          closures: network.settings.closures,
        }).channel,
    )
    if (from === to) continue
    const key = `${kind.urgency} ${kind.intent}`
    const moves = found.get(key) ?? new Map<string, number>()
    moves.set(`${from} ${to}`, (moves.get(`${from} ${to}`) ?? 0) + 1)
    found.set(key, moves)
  }
}

const messageOf = ({ urgency, intent }: { urgency: Urgency; intent: Intent }): RoutableMessage => ({
  id: 'trial',
  campaign: 'trial',
  step: 'trial',
  occurrence: '1',
  class: usualClass(urgency, intent),
  urgency,
  intent,
  topic: '',
  asksReply: false,
  onQuiet: 'defer',
})

function rowOf(
  { urgency, intent }: { urgency: Urgency; intent: Intent },
  found: Map<string, Map<string, number>>,
): EffectRow[] {
  const moves = [...(found.get(`${urgency} ${intent}`) ?? [])]
    .map(([key, people]) => {
      const [from, to] = key.split(' ').map((name) => (name === '' ? undefined : (name as ChannelName)))
      return { from, to, people }
    })
    .sort((a, b) => b.people - a.people)
  if (moves.length === 0) return []
  return [{ urgency, intent, people: moves.reduce((total, move) => total + move.people, 0), moves }]
}

const day = 86_400_000

/** The coming Tuesday, 10:00 where the network is: every window of a weekday morning is open. */
function tuesdayAtTen(now: Date, timezone: string): Date {
  const midnight = Math.floor(now.getTime() / day) * day
  const until = (2 - new Date(midnight).getUTCDay() + 7) % 7 || 7
  const local = midnight + until * day + 10 * 3_600_000
  return new Date(local - (offsetAt(timezone, local) ?? 0))
}

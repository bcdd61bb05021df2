import { and, eq } from 'drizzle-orm'
import { readPeople } from '../audience/people.ts'
import { catalogOfMessage } from '../campaign/frozen-words.ts'
import type { Context, Network } from '../context.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { decisions, deliveries, deliveryMembers } from '../db/schema.ts'
import { beliefsOf } from '../engagement/record.ts'
import { leftAmong } from '../sequence/leave.ts'
import type { Timer } from '../timer/timers.ts'
import type { ChannelName } from '../words.ts'
import { budgetOf } from './budget.ts'
import { loadContents } from './contents.ts'
import { decide, seedOf } from './decide.ts'
import { readPressures } from './pressure.ts'
import { type DecisionRow, decisionRow, owed } from './rows.ts'
import { addSpending } from './spend.ts'
import { loadStep } from './step.ts'
import { type IfNot, whoDid } from './who-did.ts'
import { type Owed, writeOutbox } from './write.ts'

/**
 * A delivery failed late, or nobody acted on it in time: each person it covered is routed once more, to a channel
 * not used for this message yet. Once only; a fallback has no fallback.
 */
export async function fallBack(tx: Tx, context: Context, network: Network, timer: Timer, now: Date): Promise<number> {
  const { deliveryId, ifNot } = timer.payload as { deliveryId: string; ifNot?: IfNot }
  const [delivery] = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.networkId, network.id), eq(deliveries.id, deliveryId)))
  if (!delivery || delivery.fallbackOf || delivery.isCompanion) return 0
  if (delivery.expiresAt && delivery.expiresAt <= now) return 0

  const ids = await whoDependsOn(tx, network.id, delivery)
  const satisfied = ifNot ? await whoDid(tx, network.id, delivery.messageId, ids, ifNot) : new Set<string>()
  const unsatisfied = await readPeople(
    tx,
    network.id,
    ids.filter((id) => !satisfied.has(id)),
  )
  const there = unsatisfied.filter(({ contact }) => contact.isActive)
  if (there.length === 0) return 0

  const step = await loadStep(tx, network, delivery.messageId)
  if (step.campaignStatus === 'canceled') return 0
  const left = await leftAmong(tx, network.id, step.campaignId, ids)
  const people = there.filter(({ contact }) => !left.has(contact.id))
  if (people.length === 0) return 0
  const catalog = await catalogOfMessage(tx, context.templates, network.id, step.message)
  const contents = await loadContents(catalog, step.message.template)
  const used = await channelsUsed(
    tx,
    network.id,
    delivery.messageId,
    people.map((person) => person.contact.id),
  )
  const beliefs = await beliefsOf(
    tx,
    network.id,
    people.map(({ contact }) => ({ id: contact.id, profile: contact.profile })),
    now,
  )
  const pressure = await readPressures(
    tx,
    network.id,
    people.flatMap(({ contact, site }) => [`contact:${contact.id}`, `site:${site.id}`]),
  )
  const occurrence = `${delivery.occurrence}/${timer.occurrence}`
  const anyChannel = { ...step, routable: { ...step.routable, channels: undefined, fallback: undefined } }
  const budget = await budgetOf(tx, network, step.policy.values.currency, now)
  const decided: DecisionRow[] = []
  const owing: Owed[] = []
  for (const person of people) {
    const decision = decide(
      { step: anyChannel, contents, publicUrl: context.publicUrl, shortUrl: context.shortUrl },
      person,
      {
        beliefs: beliefs.get(person.contact.id) ?? {},
        touches: {
          contact: pressure.touches(`contact:${person.contact.id}`),
          site: pressure.touches(`site:${person.site.id}`),
        },
        isSpent: budget.isSpent(),
        now,
        exclude: [...(used.get(person.contact.id) ?? [delivery.channel])],
      },
    )
    budget.count(decision)
    decided.push(decisionRow(step, person, decision, occurrence, seedOf(step, person), now))
    if (!decision.channel || !decision.at) continue
    for (const row of owed(step, person, { ...decision, companions: [] }, occurrence, now))
      owing.push({ contactId: person.contact.id, delivery: { ...row, fallbackOf: delivery.id } })
    const touch = {
      at: decision.at.getTime(),
      channel: decision.channel,
      class: step.message.class,
      message: step.message.id,
    }
    pressure.add(`contact:${person.contact.id}`, touch)
    pressure.add(`site:${person.site.id}`, touch)
  }
  const written = await writeOutbox(tx, decided, owing)
  await pressure.flush(tx, now)
  await addSpending(tx, network, written.deliveries, now)
  return owing.length
}

/** Those it covers for whom it was the message itself; colleagues whom it only accompanied have their own. */
async function whoDependsOn(tx: Tx, networkId: string, delivery: typeof deliveries.$inferSelect): Promise<string[]> {
  const members = await tx
    .select({ contactId: deliveryMembers.contactId })
    .from(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, networkId), eq(deliveryMembers.deliveryId, delivery.id)))
  // Not joined: SQLite would begin with every decision of the message.
  const rows = await tx
    .select({ contactId: decisions.contactId })
    .from(decisions)
    .where(
      and(
        eq(decisions.networkId, networkId),
        eq(decisions.messageId, delivery.messageId),
        oneOf(
          decisions.contactId,
          members.map(({ contactId }) => contactId),
        ),
        eq(decisions.occurrence, delivery.occurrence),
        eq(decisions.channel, delivery.channel),
      ),
    )
  return rows.map((row) => row.contactId)
}

async function channelsUsed(tx: Tx, networkId: string, messageId: string, contactIds: string[]) {
  const rows = await tx
    .select({ contactId: deliveryMembers.contactId, channel: deliveries.channel })
    .from(deliveryMembers)
    .innerJoin(
      deliveries,
      and(eq(deliveries.networkId, deliveryMembers.networkId), eq(deliveries.id, deliveryMembers.deliveryId)),
    )
    .where(
      and(
        eq(deliveryMembers.networkId, networkId),
        oneOf(deliveryMembers.contactId, contactIds),
        eq(deliveries.messageId, messageId),
      ),
    )
  const used = new Map<string, Set<ChannelName>>()
  for (const row of rows) used.set(row.contactId, (used.get(row.contactId) ?? new Set()).add(row.channel))
  return used
}

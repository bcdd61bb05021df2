import { and, eq, sql } from 'drizzle-orm'
import { type Person, readPeople } from '../audience/people.ts'
import { catalogOfMessage } from '../campaign/frozen-words.ts'
import type { Context, Network } from '../context.ts'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { type deliveries, deliveryMembers } from '../db/schema.ts'
import { type Contents, loadContents } from '../outbox/contents.ts'
import { loadStep, type Step } from '../outbox/step.ts'
import { leftAmong } from '../sequence/leave.ts'

export type Delivery = typeof deliveries.$inferSelect

/** What a delivery is judged and rendered by. */
export interface Circumstance {
  step: Step
  /** Those it covers, who may have become fewer since it was decided. */
  people: Person[]
  contents: Contents
  /** Those who get nothing more of the campaign: they have reached its goal, or left it otherwise. */
  left: ReadonlySet<string>
}

/** What the deliveries of a batch have in common, read once. */
export interface Batch {
  of(delivery: Delivery): Circumstance
}

const nobody: ReadonlySet<string> = new Set()

export async function readBatch(tx: Tx, context: Context, network: Network, rows: readonly Delivery[]): Promise<Batch> {
  const covered = await peopleCovered(tx, network.id, rows)
  const byMessage = new Map<string, Omit<Circumstance, 'people' | 'left'>>()
  const left = new Map<string, ReadonlySet<string>>()
  for (const messageId of new Set(rows.map((row) => row.messageId))) {
    const step = await loadStep(tx, network, messageId)
    const { template } = step.message
    const catalog = await catalogOfMessage(tx, context.templates, network.id, step.message)
    byMessage.set(messageId, { step, contents: await loadContents(catalog, template) })
    if (step.campaign.exit === undefined && step.campaign.entry === undefined) continue
    const ids = rows
      .filter((row) => row.messageId === messageId)
      .flatMap((row) => covered.get(row.id) ?? [])
      .map(({ contact }) => contact.id)
    left.set(messageId, await leftAmong(tx, network.id, step.campaignId, ids))
  }
  return {
    of: once((delivery) => ({
      ...byMessage.get(delivery.messageId)!,
      people: covered.get(delivery.id) ?? [],
      left: left.get(delivery.messageId) ?? nobody,
    })),
  }
}

/** What each delivery is judged by, put together at the first asking. */
export function once(of: Batch['of']): Batch['of'] {
  const known = new Map<string, Circumstance>()
  return (delivery) => {
    let found = known.get(delivery.id)
    if (!found) {
      found = of(delivery)
      known.set(delivery.id, found)
    }
    return found
  }
}

const membersOf = prepared((tx) =>
  tx
    .select({ deliveryId: deliveryMembers.deliveryId, contactId: deliveryMembers.contactId })
    .from(deliveryMembers)
    .where(
      and(
        eq(deliveryMembers.networkId, sql.placeholder('networkId')),
        oneOf(deliveryMembers.deliveryId, sql.placeholder('ids')),
      ),
    ),
)

async function peopleCovered(tx: Tx, networkId: string, rows: readonly Delivery[]): Promise<Map<string, Person[]>> {
  const members = await membersOf(tx, { networkId, ids: rows.map((row) => row.id) })
  // Sorted here: asked of SQLite, it would walk every member of the network in the order of the contacts' index.
  members.sort((a, b) => (a.contactId < b.contactId ? -1 : 1))
  const people = new Map(
    (await readPeople(tx, networkId, [...new Set(members.map((member) => member.contactId))])).map((person) => [
      person.contact.id,
      person,
    ]),
  )
  const covered = new Map<string, Person[]>()
  for (const { deliveryId, contactId } of members) {
    const person = people.get(contactId)
    if (!person) continue
    const colleagues = covered.get(deliveryId)
    if (colleagues) colleagues.push(person)
    else covered.set(deliveryId, [person])
  }
  return covered
}

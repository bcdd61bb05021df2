import { and, eq } from 'drizzle-orm'
import type { Person } from '../audience/people.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, messages } from '../db/schema.ts'
import { readPressures } from '../outbox/pressure.ts'
import type { Touch } from '../routing/types.ts'

/** The touches of a page's people and outlets, with those the plan would add; nothing of it is written. */
export interface PlannedTouches {
  of(person: Person): { contact: readonly Touch[]; site: readonly Touch[] }
  add(person: Person, touch: Touch): void
}

/** Messages a campaign of this name has already; a plan made afterwards is not to be capped by its own sendings. */
export async function ownMessages(tx: Tx, networkId: string, campaign: string): Promise<ReadonlySet<string>> {
  const rows = await tx
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(and(eq(messages.networkId, networkId), eq(campaigns.name, campaign)))
  return new Set(rows.map((row) => row.id))
}

export async function plannedTouches(
  tx: Tx,
  networkId: string,
  people: readonly Person[],
  own: ReadonlySet<string>,
): Promise<PlannedTouches> {
  const contactKey = ({ contact }: Person) => `contact:${contact.id}`
  const siteKey = ({ site }: Person) => `site:${site.id}`
  const pressure = await readPressures(tx, networkId, [
    ...people.map(contactKey),
    ...new Set(people.map((person) => siteKey(person))),
  ])
  const others = (key: string) =>
    own.size === 0
      ? pressure.touches(key)
      : pressure.touches(key).filter((touch) => touch.message === undefined || !own.has(touch.message))
  return {
    of: (person) => ({ contact: others(contactKey(person)), site: others(siteKey(person)) }),
    add: (person, touch) => {
      pressure.add(contactKey(person), touch)
      pressure.add(siteKey(person), touch)
    },
  }
}

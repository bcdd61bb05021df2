import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import { whyNothing } from '../../../campaign/plan-tally.ts'
import type { Db } from '../../../db/index.ts'
import { contacts, decisions, sites } from '../../../db/schema.ts'
import type { Because } from '../../../routing/types.ts'

export interface LeftOut {
  contactId: string
  name: string
  siteName: string
  because: Because[]
}

const shown = 50
const readAtOnce = 500

/**
 * Who got nothing of a step, for one reason or for all, by their place in the audience, a page at a time. It reads the
 * decisions from `after` on until the page is full or `isOver`: then the page is short and `next` goes on.
 */
export async function leftOutPage(
  db: Db,
  networkId: string,
  step: { id: string; occurrence: string },
  reason: string | undefined,
  after: string,
  isOver: () => boolean,
): Promise<{ people: LeftOut[]; next?: string }> {
  const people: LeftOut[] = []
  for (let place = after; ; ) {
    const rows = await db
      .select({
        contactId: decisions.contactId,
        because: decisions.because,
        firstName: contacts.firstName,
        lastName: contacts.lastName,
        siteName: sites.name,
      })
      .from(decisions)
      .innerJoin(contacts, and(eq(contacts.networkId, decisions.networkId), eq(contacts.id, decisions.contactId)))
      .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
      .where(
        and(
          eq(decisions.networkId, networkId),
          eq(decisions.messageId, step.id),
          eq(decisions.occurrence, step.occurrence),
          inArray(decisions.outcome, ['none', 'holdout']),
          gt(decisions.contactId, place),
        ),
      )
      .orderBy(asc(decisions.contactId))
      .limit(readAtOnce)
    for (const { firstName, lastName, ...row } of rows) {
      if (reason !== undefined && whyNothing(row) !== reason) continue
      if (people.length === shown) return { people, next: people.at(-1)!.contactId }
      people.push({ ...row, name: [firstName, lastName].filter(Boolean).join(' ') })
    }
    if (rows.length < readAtOnce) return { people }
    place = rows.at(-1)!.contactId
    if (isOver()) return { people, next: place }
  }
}

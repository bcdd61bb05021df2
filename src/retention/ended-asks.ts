import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { contacts, silenceAsks, sites } from '../db/schema.ts'

const mostShown = 50

export interface EndedAsk {
  id: string
  firstName: string | null
  lastName: string | null
  siteName: string
  outcome: 'stayed' | 'erased'
  endedAt: Date | null
}

/** What came of asking, the last first: who stays, and who was erased, without a name by then. */
export async function endedAsks(db: Db, networkId: string): Promise<EndedAsk[]> {
  const rows = await db
    .select({
      ...{ id: contacts.id, firstName: contacts.firstName, lastName: contacts.lastName, siteName: sites.name },
      ...{ outcome: silenceAsks.outcome, endedAt: silenceAsks.endedAt },
    })
    .from(silenceAsks)
    .innerJoin(contacts, and(eq(contacts.networkId, silenceAsks.networkId), eq(contacts.id, silenceAsks.contactId)))
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(silenceAsks.networkId, networkId), inArray(silenceAsks.outcome, ['stayed', 'erased'])))
    .orderBy(desc(silenceAsks.endedAt), desc(silenceAsks.contactId))
    .limit(mostShown)
  return rows.flatMap(({ outcome, ...row }) =>
    outcome === 'stayed' || outcome === 'erased' ? [{ ...row, outcome }] : [],
  )
}

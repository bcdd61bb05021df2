import { and, desc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { draftStatuses } from '../../../campaign/draft-status.ts'
import { addresses, campaigns, deliveries, duplicates, imports, invitations } from '../../../db/schema.ts'
import { type PausedCampaign, pausedCampaigns } from './paused.ts'
import { type Bounded, bounded, mostCounted, type Reader } from './reader.ts'

const mostDrafts = 5
const mostImports = 20

export interface Waiting {
  drafts: { id: string; name: string; title: Record<string, string> }[]
  /** Campaigns that somebody paused and nobody has resumed. */
  paused: PausedCampaign[]
  /** Uploads whose mapping was looked at and never confirmed. */
  previews: { id: string; fileName: string }[]
  /** Deliveries nobody but a person can tell the fate of. */
  reviews: Bounded
  duplicates: Bounded
  /** Addresses that do not work, however old. */
  hygiene: Bounded
  invitations: Bounded
}

const nothing: Bounded = { count: 0, isMore: false }

/** What waits for somebody to decide. */
export async function waitingOf(reader: Reader, wallNow: Date): Promise<Waiting> {
  const { db, network, mayRead } = reader
  return {
    drafts: mayRead.campaigns
      ? await db
          .select({ id: campaigns.id, name: campaigns.name, title: campaigns.title })
          .from(campaigns)
          .where(and(eq(campaigns.networkId, network.id), inArray(campaigns.status, [...draftStatuses])))
          .orderBy(desc(campaigns.createdAt))
          .limit(mostDrafts)
      : [],
    paused: mayRead.campaigns ? (await pausedCampaigns(reader)).filter((campaign) => !campaign.isByItself) : [],
    previews: mayRead.contacts ? await openPreviews(reader) : [],
    reviews: mayRead.reviews
      ? await countSome(
          reader,
          deliveries,
          and(eq(deliveries.networkId, network.id), eq(deliveries.status, 'needs_review')),
        )
      : nothing,
    duplicates: mayRead.contacts
      ? await countSome(reader, duplicates, and(eq(duplicates.networkId, network.id), eq(duplicates.status, 'open')))
      : nothing,
    hygiene: mayRead.contacts
      ? await countSome(
          reader,
          addresses,
          and(
            eq(addresses.networkId, network.id),
            // As the index of troubled addresses says it, so that it serves.
            sql`${addresses.status} <> 'valid'`,
          ),
        )
      : nothing,
    invitations: mayRead.users
      ? await countSome(
          reader,
          invitations,
          and(
            eq(invitations.networkId, network.id),
            isNull(invitations.acceptedAt),
            isNull(invitations.revokedAt),
            gt(invitations.expiresAt, wallNow),
          ),
        )
      : nothing,
  }
}

async function openPreviews({ db, network }: Reader) {
  const rows = await db
    .select({ id: imports.id, fileName: imports.fileName, status: imports.status })
    .from(imports)
    .where(eq(imports.networkId, network.id))
    .orderBy(desc(imports.id))
    .limit(mostImports)
  return rows.filter((row) => row.status === 'preview')
}

async function countSome(
  { db }: Reader,
  table: typeof deliveries | typeof duplicates | typeof addresses | typeof invitations,
  which: SQL | undefined,
): Promise<Bounded> {
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(table)
    .where(which)
    .limit(mostCounted + 1)
    .as('some')
  return bounded(await db.$count(some))
}

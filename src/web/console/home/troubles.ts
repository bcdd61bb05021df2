import { and, count, desc, eq, gte, inArray, type SQL, sql } from 'drizzle-orm'
import { deliveriesWithin } from '../../../accounts/scope.ts'
import { addresses, deliveries, imports } from '../../../db/schema.ts'
import type { Breaker } from '../../../deliver/breaker.ts'
import { breakersOf } from '../../../deliver/breakers-of.ts'
import { type AddressStatus, type DeliveryStatus, urgencies } from '../../../words.ts'
import { type PausedCampaign, pausedCampaigns } from './paused.ts'
import { type Bounded, bounded, mostCounted, type Reader } from './reader.ts'

/** Days in which a failure is news. */
export const newsDays = 14
const dayMs = 86_400_000
const mostImports = 20

/** An address that nothing can be sent to any more. */
const closed = ['bounced', 'dead', 'quarantined'] as const satisfies AddressStatus[]
export type ClosedStatus = (typeof closed)[number]
const isClosed = (status: AddressStatus): status is ClosedStatus => closed.some((each) => each === status)

export interface DeliveryTrouble extends Bounded {
  status: DeliveryStatus
  reason: string | null
}

export interface Troubles {
  breakers: Breaker[]
  deliveries: DeliveryTrouble[]
  paused: PausedCampaign[]
  imports: { id: string; fileName: string; error: string | null; at: Date }[]
  addresses: ({ status: ClosedStatus } & Bounded)[]
}

/** What went wrong and has not been mended, or was not long ago. */
export async function troublesOf(reader: Reader): Promise<Troubles> {
  const since = new Date(reader.now.getTime() - newsDays * dayMs)
  const { campaigns: mayReadCampaigns, contacts: mayReadContacts } = reader.mayRead
  return {
    breakers: reader.deliveries ? await breakersOf(reader.db, reader.network) : [],
    deliveries: await deliveryTroubles(reader, since),
    paused: mayReadCampaigns ? (await pausedCampaigns(reader)).filter((campaign) => campaign.isByItself) : [],
    imports: mayReadContacts ? await failedImports(reader, since) : [],
    addresses: mayReadContacts ? await closedAddresses(reader, since) : [],
  }
}

async function deliveryTroubles(reader: Reader, since: Date): Promise<DeliveryTrouble[]> {
  const open = await byReason(reader, inArray(deliveries.status, ['needs_review', 'unknown', 'held']))
  // Every urgency, so that the index that begins with network, status and priority goes on to the date.
  const recent = await byReason(
    reader,
    and(
      inArray(deliveries.status, ['failed', 'returned']),
      inArray(
        deliveries.priority,
        urgencies.map((_, priority) => priority),
      ),
      gte(deliveries.dueAt, since),
    ),
  )
  const weight: Partial<Record<DeliveryStatus, number>> = { needs_review: 0, unknown: 1, failed: 2, returned: 3 }
  return [...open, ...recent].sort(
    (a, b) => (weight[a.status] ?? 4) - (weight[b.status] ?? 4) || b.count - a.count || (a.status < b.status ? -1 : 1),
  )
}

async function byReason({ db, network, deliveries: scope }: Reader, which: SQL | undefined) {
  if (!scope) return []
  const some = db
    .select({ status: deliveries.status, reason: deliveries.reason })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, network.id), which, deliveriesWithin(db, scope)))
    .limit(mostCounted + 1)
    .as('some')
  const rows = await db
    .select({ status: some.status, reason: some.reason, count: count() })
    .from(some)
    .groupBy(some.status, some.reason)
  const isMore = rows.reduce((total, row) => total + row.count, 0) > mostCounted
  return rows.map((row) => ({ ...row, ...bounded(row.count), isMore }))
}

/** Among the last imports, those that broke off lately. */
async function failedImports({ db, network }: Reader, since: Date) {
  const rows = await db
    .select({
      id: imports.id,
      fileName: imports.fileName,
      error: imports.error,
      status: imports.status,
      at: imports.startedAt,
    })
    .from(imports)
    .where(eq(imports.networkId, network.id))
    .orderBy(desc(imports.id))
    .limit(mostImports)
  return rows.filter((row) => row.status === 'failed' && row.at >= since)
}

async function closedAddresses({ db, network }: Reader, since: Date) {
  const some = db
    .select({ status: addresses.status })
    .from(addresses)
    .where(
      and(
        eq(addresses.networkId, network.id),
        // As the index of troubled addresses says it, so that it serves.
        sql`${addresses.status} <> 'valid'`,
        inArray(addresses.status, closed),
        gte(addresses.updatedAt, since),
      ),
    )
    .limit(mostCounted + 1)
    .as('some')
  const rows = await db.select({ status: some.status, count: count() }).from(some).groupBy(some.status)
  const isMore = rows.reduce((total, row) => total + row.count, 0) > mostCounted
  return rows
    .flatMap(({ status, count: counted }) => (isClosed(status) ? [{ status, ...bounded(counted), isMore }] : []))
    .sort((a, b) => b.count - a.count)
}

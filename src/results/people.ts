import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { deliveriesWithin } from '../accounts/scope.ts'
import { type Db, oneOf } from '../db/index.ts'
import { addresses, contacts, deliveries, deliveryMembers, events, sites } from '../db/schema.ts'
import { actionEvents, type ChannelName, type DeliveryStatus, type Profile } from '../words.ts'
import { type Asked, stepsOf } from './funnel.ts'

/** One delivery as it is exported. */
export interface DeliveryLine {
  step: string
  channel: ChannelName
  isCompanion: boolean
  siteCode: string
  site: string
  region: string
  /** Whose it is; null where it is the whole site's. */
  person: { externalId: string | null; firstName: string | null; lastName: string | null; profile: Profile } | null
  address: { kind: 'email' | 'mobile' | 'phone' | 'postal'; value: string } | null
  status: DeliveryStatus
  reason: string | null
  sentAt: Date | null
  deliveredAt: Date | null
  /** Null where the person did not agree to be measured, and for what nobody can open. */
  isOpened: boolean | null
  isActed: boolean
  costMillis: number
  currency: string
}

const page = 500

/**
 * Every delivery of a campaign that a scope covers, step by step, read 500 at a time along the index that makes them
 * unique: memory holds a page, and a delivery added meanwhile is neither repeated nor puts another out.
 */
export async function* deliveryLines(db: Db, asked: Asked): AsyncGenerator<DeliveryLine> {
  for (const { id, step } of await stepsOf(db, asked)) {
    let after: { recipientKey: string; channel: string; occurrence: string } | undefined
    for (;;) {
      const rows = await pageAfter(db, asked, id, after)
      const last = rows.at(-1)
      if (!last) break
      yield* await linesOf(db, asked.networkId, step, rows)
      if (rows.length < page) break
      after = last
    }
  }
}

const pageAfter = (
  db: Db,
  { networkId, scope }: Asked,
  messageId: string,
  after: { recipientKey: string; channel: string; occurrence: string } | undefined,
) =>
  db
    .select({
      id: deliveries.id,
      recipientKey: deliveries.recipientKey,
      channel: deliveries.channel,
      occurrence: deliveries.occurrence,
      isCompanion: deliveries.isCompanion,
      addressId: deliveries.addressId,
      status: deliveries.status,
      reason: deliveries.reason,
      trackingMode: deliveries.trackingMode,
      sentAt: deliveries.sentAt,
      deliveredAt: deliveries.deliveredAt,
      costMillis: deliveries.costMillis,
      currency: deliveries.currency,
    })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        eq(deliveries.messageId, messageId),
        after &&
          sql`(${deliveries.recipientKey}, ${deliveries.channel}, ${deliveries.occurrence}) > (${after.recipientKey}, ${after.channel}, ${after.occurrence})`,
        deliveriesWithin(db, scope),
      ),
    )
    .orderBy(asc(deliveries.recipientKey), asc(deliveries.channel), asc(deliveries.occurrence))
    .limit(page)

type Row = Awaited<ReturnType<typeof pageAfter>>[number]

async function linesOf(db: Db, networkId: string, step: string, rows: Row[]): Promise<DeliveryLine[]> {
  const ids = rows.map(({ id }) => id)
  const owners = await db
    .select({
      deliveryId: deliveryMembers.deliveryId,
      externalId: contacts.externalId,
      firstName: contacts.firstName,
      lastName: contacts.lastName,
      profile: contacts.profile,
      siteCode: sites.externalId,
      site: sites.name,
      region: sites.area,
    })
    .from(deliveryMembers)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
    )
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(deliveryMembers.networkId, networkId), oneOf(deliveryMembers.deliveryId, ids)))
  const acts = await db
    .selectDistinct({ deliveryId: events.deliveryId, type: events.type, verdict: events.verdict })
    .from(events)
    .where(
      and(
        eq(events.networkId, networkId),
        oneOf(events.deliveryId, ids),
        inArray(events.type, ['open', ...actionEvents]),
      ),
    )
  const addressIds = [...new Set(rows.flatMap(({ addressId }) => addressId ?? []))]
  const places =
    addressIds.length === 0
      ? []
      : await db
          .select({ id: addresses.id, kind: addresses.kind, value: addresses.normalised })
          .from(addresses)
          .where(and(eq(addresses.networkId, networkId), oneOf(addresses.id, addressIds)))
  const ownerOf = new Map(owners.map((row) => [row.deliveryId, row]))
  const placeOf = new Map(places.map((row) => [row.id, row]))
  const byPeople = acts.filter(({ verdict }) => verdict !== 'machine' && verdict !== 'suspect')
  const openedIds = new Set(byPeople.filter(({ type }) => type === 'open').map((row) => row.deliveryId))
  const actedIds = new Set(byPeople.filter(({ type }) => type !== 'open').map((row) => row.deliveryId))
  return rows.map((row) => {
    const owner = ownerOf.get(row.id)
    const place = row.addressId === null ? undefined : placeOf.get(row.addressId)
    const isPerson = row.recipientKey.startsWith('contact:')
    return {
      step,
      channel: row.channel,
      isCompanion: row.isCompanion,
      siteCode: owner?.siteCode ?? '',
      site: owner?.site ?? '',
      region: owner?.region ?? '',
      person: isPerson && owner ? owner : null,
      address: place?.value ? { kind: place.kind, value: place.value } : null,
      status: row.status,
      reason: row.reason,
      sentAt: row.sentAt,
      deliveredAt: row.deliveredAt,
      isOpened: row.channel === 'email' && row.trackingMode === 'individual' ? openedIds.has(row.id) : null,
      isActed: actedIds.has(row.id),
      costMillis: row.costMillis,
      currency: row.currency,
    }
  })
}

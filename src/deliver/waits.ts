import { and, eq, sql } from 'drizzle-orm'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { decisions } from '../db/schema.ts'
import type { Fallback } from '../routing/types.ts'
import type { Wait } from '../timer/timers.ts'
import type { Delivery } from './batch.ts'

/** A delivery and those it covers, by whose decisions it goes on. */
export interface Leading {
  delivery: Delivery
  contactIds: readonly string[]
}

/** The next channel's turn, at once: this one has failed for good, or is closed. Nothing follows a companion. */
export function afterFailure(delivery: Delivery, now: Date): Wait[] {
  if (delivery.isCompanion) return []
  return [
    {
      kind: 'fallback',
      subject: delivery.id,
      occurrence: 'failed',
      dueAt: now,
      payload: { deliveryId: delivery.id },
    },
  ]
}

const decided = prepared((tx) =>
  tx
    .select({
      messageId: decisions.messageId,
      contactId: decisions.contactId,
      occurrence: decisions.occurrence,
      channel: decisions.channel,
      fallbacks: decisions.fallbacks,
    })
    .from(decisions)
    .where(
      and(
        eq(decisions.networkId, sql.placeholder('networkId')),
        oneOf(decisions.contactId, sql.placeholder('contactIds')),
        oneOf(decisions.messageId, sql.placeholder('messageIds')),
      ),
    ),
)

/**
 * Where deliveries go on when nobody acts on them, as routing decided; counted from `sentAt` (business time). A
 * companion or a stand-in goes nowhere on. Also for what may have left: silence after it says the same.
 */
export async function hopsAfter(tx: Tx, networkId: string, sent: readonly Leading[], sentAt: Date): Promise<Wait[]> {
  const leading = sent.filter(({ delivery }) => !delivery.isCompanion && !delivery.fallbackOf)
  if (leading.length === 0) return []
  const rows = await decided(tx, {
    networkId,
    contactIds: [...new Set(leading.flatMap(({ contactIds }) => contactIds))],
    messageIds: [...new Set(leading.map(({ delivery }) => delivery.messageId))],
  })
  const fallbacksOf = new Map(
    rows.map((row) => [`${row.messageId} ${row.contactId} ${row.occurrence} ${row.channel}`, row.fallbacks]),
  )
  return leading.flatMap(({ delivery, contactIds }) => {
    // Colleagues behind one mailbox may have fewer or more channels left: it goes on as long as for any of them.
    const longest = contactIds
      .map(
        (id) =>
          fallbacksOf.get(`${delivery.messageId} ${id} ${delivery.occurrence} ${delivery.channel}`) as
            | Fallback[]
            | undefined,
      )
      .map((fallbacks) => (fallbacks ?? []).filter((fallback) => fallback.when === 'not_acted'))
      .reduce((most, own) => (own.length > most.length ? own : most), [])
    return longest.map((fallback, hop) => ({
      kind: 'fallback' as const,
      subject: delivery.id,
      occurrence: hop === 0 ? 'not_acted' : `not_acted-${hop + 1}`,
      dueAt: new Date(sentAt.getTime() + fallback.afterMs),
      payload: { deliveryId: delivery.id, ifNot: fallback.ifNot ?? 'acted' },
    }))
  })
}

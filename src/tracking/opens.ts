import { and, eq } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import { events } from '../db/schema.ts'
import { classifyOpen, type OpenFeatures } from './classify.ts'
import { contactOf, type Happening } from './happening.ts'
import { countOnly } from './measure.ts'
import type { Round } from './round.ts'

/**
 * Records an open as far as the law lets it be known (CNIL, deliberation 2026-042): who is measured individually
 * has an event; `hygiene` overwrites one date and keeps neither time, message nor agent; `aggregate` moves the
 * message's counter; `none`, or a refusal given since the mail left, keeps nothing.
 */
export function keepOpen(round: Round, happening: Happening): boolean {
  const { subject, data, occurredAt } = happening
  const { delivery } = subject
  const contactId = contactOf(happening)
  if (contactId !== undefined && round.tracking(happening)?.opens === 'refused') return false
  if (delivery.trackingMode === 'hygiene') {
    if (contactId !== undefined) round.after((tx) => keepDate(tx, happening, contactId))
    return contactId !== undefined
  }
  if (delivery.trackingMode === 'aggregate') {
    countOnly(round, happening)
    return true
  }
  if (delivery.trackingMode !== 'individual') return false
  const { verdict, reasons } = classifyOpen({
    isMachine: data.machine === true,
    agent: data.agent as OpenFeatures['agent'],
    afterMs: delivery.deliveredAt ? occurredAt.getTime() - delivery.deliveredAt.getTime() : undefined,
  })
  return round.store({ ...happening, data: { ...data, reasons } }, verdict)
}

/** The day of the last known open of a contact: one row, overwritten. */
async function keepDate(tx: Tx, { networkId, occurredAt, recordedAt }: Happening, contactId: string): Promise<void> {
  const day = new Date(`${occurredAt.toISOString().slice(0, 10)}T00:00:00Z`)
  const dedupeKey = `hygiene:${contactId}`
  const known = and(eq(events.networkId, networkId), eq(events.dedupeKey, dedupeKey))
  const [before] = await tx.select({ at: events.occurredAt }).from(events).where(known)
  if (before && before.at >= day) return
  if (before) await tx.update(events).set({ occurredAt: day, recordedAt: day }).where(known)
  else
    await tx.insertRows(
      events,
      [
        {
          ...{ networkId, id: newId(), type: 'open' as const, contactId, channel: 'email' as const, dedupeKey },
          ...{
            verdict: 'unknown' as const,
            data: { hygiene: true },
            occurredAt: day,
            recordedAt: recordedAt < day ? recordedAt : day,
          },
        },
      ],
      'ignore',
    )
}

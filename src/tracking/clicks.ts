import { and, eq, gte, inArray, lte } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { events } from '../db/schema.ts'
import { act } from '../engagement/record.ts'
import { actionEvents, type EventType } from '../words.ts'
import { classifierVersion, classifyClicks, type Hit } from './classify.ts'
import type { Happening } from './happening.ts'

const minute = 60_000
const unit = 10 * minute
const day = 24 * 60 * minute
const followed: EventType[] = ['click', 'scan']
const personal: EventType[] = actionEvents.filter((type) => type !== 'click' && type !== 'scan')

type Event = typeof events.$inferSelect

const hitOf = ({ id, data, occurredAt }: Event): Hit => ({
  at: occurredAt,
  link: typeof data.linkId === 'string' ? data.linkId : typeof data.url === 'string' ? data.url : id,
  isUnsubscribe: data.page === 'unsubscribe',
  isBotAgent: data.isBotAgent === true,
  isBareAgent: data.isBareAgent === true,
  network: typeof data.network === 'string' ? data.network : undefined,
})

/**
 * Judges the clicks on a delivery anew after one more, or after an act that only a person makes: all that lie
 * within ten minutes of one another together, so that a scanner's first clicks fold back with its later ones.
 * Those that turn out a person's count as acts. An act once counted is not taken back: clicks wait two minutes
 * before they come here, in which bursts show.
 */
export async function judgeClicks(tx: Tx, happening: Happening): Promise<void> {
  const { networkId, subject, occurredAt, recordedAt } = happening
  const { delivery } = subject
  const nearby = await tx
    .select()
    .from(events)
    .where(
      and(
        eq(events.networkId, networkId),
        eq(events.deliveryId, delivery.id),
        inArray(events.type, [...followed, ...personal]),
        gte(events.occurredAt, new Date(occurredAt.getTime() - day - unit)),
        lte(events.occurredAt, new Date(occurredAt.getTime() + day + unit)),
      ),
    )
  const clicks = nearby.filter((event) => followed.includes(event.type))
  if (clicks.length === 0) return
  const actedAt = nearby.filter((event) => personal.includes(event.type)).map((event) => event.occurredAt)
  const judged = clicks.map((click) => {
    const together = clicks.filter((other) => Math.abs(other.occurredAt.getTime() - click.occurredAt.getTime()) <= unit)
    const { verdict, score, reasons } = classifyClicks(together.map(hitOf), {
      deliveredAt: delivery.deliveredAt ?? undefined,
      actedAt,
    })
    return { ...click, verdict, classifierVersion, data: { ...click.data, score, reasons } as Event['data'] }
  })
  await tx.updateRows(events, { set: ['verdict', 'classifierVersion', 'data'], where: ['networkId', 'id'] }, judged)
  for (const click of judged) {
    const isPerson = click.verdict === 'human_likely' || click.verdict === 'human_confirmed'
    if (!isPerson || click.data.page === 'unsubscribe') continue
    await act(tx, {
      networkId,
      deliveryId: delivery.id,
      contactIds: click.contactId ? [click.contactId] : undefined,
      at: click.occurredAt,
      now: recordedAt,
    })
  }
}

/** Clicks that came together, judged once all of them are stored: the first of a burst must not pass for a person's. */
export interface Judging {
  add(happening: Happening): void
  finish(tx: Tx): Promise<void>
}

export function judging(): Judging {
  const waiting = new Map<string, Happening>()
  return {
    add: (happening) => {
      const slot = Math.floor(happening.occurredAt.getTime() / unit)
      waiting.set(`${happening.networkId} ${happening.subject.delivery.id} ${slot}`, happening)
    },
    finish: async (tx) => {
      for (const happening of waiting.values()) await judgeClicks(tx, happening)
    },
  }
}

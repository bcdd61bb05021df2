import { and, eq, isNull, or, sql } from 'drizzle-orm'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { attempts, deliveries, events } from '../db/schema.ts'
import { callsTaken } from '../deliver/open-calls.ts'
import { type Act, actAll } from '../engagement/record.ts'
import { type ContactTracking, trackingOf } from '../network/consent.ts'
import { checkSoon } from '../segment/check.ts'
import { hearEvents } from '../sequence/hear-events.ts'
import type { Verdict } from '../words.ts'
import { type Counted, countUp } from './aggregate.ts'
import { judgeAll } from './clicks.ts'
import { contactOf, type EventRow, eventRow, type Happening } from './happening.ts'
import type { Delivery } from './subjects.ts'

type Attempt = typeof attempts.$inferSelect

/**
 * What several events have to read and to write, read and written together: a row at a time would cost ten
 * statements an event. What is gathered here is written by `close`, in the same transaction.
 */
export interface Round {
  /** Puts the event in, once. False when it is known already. */
  store(happening: Happening, verdict: Verdict | null): boolean
  /** Changes the delivery the event is about; later events of the round see it changed. */
  change(happening: Happening, change: Partial<Delivery>): void
  /** The attempts whose fate is open, or all of a delivery that was never seen to leave. */
  attempt(happening: Happening): Attempt | undefined
  closeAttempt(attempt: Attempt, happening: Happening): void
  /** What the contact said of being measured. */
  tracking(happening: Happening): ContactTracking | undefined
  count(counted: Counted): void
  act(act: Act): void
  /** Has the clicks on the delivery judged anew, once all events of the round are stored. */
  judge(happening: Happening): void
  /** Work that seldom arises, done once the rows of the round are written. */
  after(work: (tx: Tx) => Promise<void>): void
  close(): Promise<void>
}

const keyOf = (networkId: string, id: string) => `${networkId} ${id}`

const byNetwork = (happenings: readonly Happening[]): Map<string, Happening[]> => {
  const groups = new Map<string, Happening[]>()
  for (const happening of happenings) {
    const group = groups.get(happening.networkId)
    if (group) group.push(happening)
    else groups.set(happening.networkId, [happening])
  }
  return groups
}

/** The key of an acknowledgement given by return of text. */
export const acknowledgementKey = ({ dedupeKey }: Happening) => `${dedupeKey}:acknowledge`

/** Reads what these events need. Their deliveries must be held. */
export async function openRound(tx: Tx, happenings: readonly Happening[]): Promise<Round> {
  const known = new Set<string>()
  const tried = new Map<string, Attempt[]>()
  const choices = new Map<string, ContactTracking>()
  for (const [networkId, group] of byNetwork(happenings)) {
    for (const key of await eventsKnown(tx, networkId, group)) known.add(keyOf(networkId, key))
    for (const attempt of await attemptsOf(tx, networkId, group)) {
      const key = keyOf(networkId, attempt.deliveryId)
      tried.set(key, [...(tried.get(key) ?? []), attempt])
    }
    const measured = group
      .filter(({ type }) => type === 'open' || type === 'click')
      .flatMap((one) => contactOf(one) ?? [])
    if (measured.length > 0)
      for (const [contactId, choice] of await trackingOf(tx, networkId, [...new Set(measured)]))
        choices.set(keyOf(networkId, contactId), choice)
  }

  const rows: EventRow[] = []
  const changed = new Map<string, Delivery & { networkId: string; updatedAt: Date }>()
  const closed: Attempt[] = []
  const counts: Counted[] = []
  const acts: Act[] = []
  const judged: Happening[] = []
  const works: ((tx: Tx) => Promise<void>)[] = []
  const concerned = new Map<string, Set<string>>()
  const taken = new Map<string, { calls: Map<string, string | undefined>; at: Date }>()
  const concern = (happening: Happening) => {
    const ids = concerned.get(happening.networkId) ?? new Set()
    concerned.set(happening.networkId, ids)
    const own = contactOf(happening)
    for (const id of own === undefined ? happening.subject.contactIds : [own]) ids.add(id)
  }

  const noteCall = ({ networkId, data: { call }, providerRef, recordedAt }: Happening) => {
    if (typeof call !== 'string') return
    const calls = taken.get(networkId)?.calls ?? new Map<string, string | undefined>()
    taken.set(networkId, { calls: calls.set(call, providerRef), at: recordedAt })
  }

  return {
    store: (happening, verdict) => {
      const key = keyOf(happening.networkId, happening.dedupeKey)
      if (known.has(key)) return false
      known.add(key)
      rows.push(eventRow(happening, verdict))
      noteCall(happening)
      concern(happening)
      return true
    },
    change: ({ networkId, subject, recordedAt }, change) => {
      Object.assign(subject.delivery, change)
      changed.set(keyOf(networkId, subject.delivery.id), { ...subject.delivery, networkId, updatedAt: recordedAt })
    },
    attempt: ({ networkId, subject, attempt }) =>
      tried
        .get(keyOf(networkId, subject.delivery.id))
        ?.find((one) => one.number === (attempt ?? subject.delivery.attempt)),
    closeAttempt: (attempt, { providerRef, recordedAt }) => {
      Object.assign(attempt, { outcome: 'accepted', endedAt: recordedAt, ...(providerRef ? { providerRef } : {}) })
      closed.push(attempt)
    },
    tracking: (happening) => {
      const contactId = contactOf(happening)
      return contactId === undefined ? undefined : choices.get(keyOf(happening.networkId, contactId))
    },
    count: (counted) => void counts.push(counted),
    act: (act) => void acts.push(act),
    judge: (happening) => {
      concern(happening)
      judged.push(happening)
    },
    after: (work) => void works.push(work),
    close: async () => {
      const stored = await tx.insertRows(events, rows, 'ignore')
      // Seen as unknown a moment ago: then another worker is at the same event, and this one comes back to it.
      if (stored !== rows.length) throw new Error('Another worker has just applied one of these events.')
      await tx.updateRows(
        deliveries,
        {
          set: ['status', 'reason', 'providerRef', 'isReceiptMissing', 'sentAt', 'deliveredAt', 'updatedAt'],
          where: ['networkId', 'id'],
        },
        [...changed.values()],
      )
      await tx.updateRows(
        attempts,
        { set: ['outcome', 'endedAt', 'providerRef'], where: ['networkId', 'deliveryId', 'number'] },
        closed,
      )
      await countUp(tx, counts)
      for (const work of works) await work(tx)
      for (const [networkId, { calls, at }] of taken) await callsTaken(tx, networkId, calls, at)
      await hearEvents(tx, rows)
      await actAll(tx, acts)
      await judgeAll(tx, judged)
      for (const networkId of [...concerned.keys()].sort()) await checkSoon(tx, networkId, concerned.get(networkId)!)
    },
  }
}

const eventsWithKeys = prepared((tx) =>
  tx
    .select({ dedupeKey: events.dedupeKey })
    .from(events)
    .where(and(eq(events.networkId, sql.placeholder('networkId')), oneOf(events.dedupeKey, sql.placeholder('keys')))),
)

async function eventsKnown(tx: Tx, networkId: string, group: readonly Happening[]): Promise<string[]> {
  const keys = group.flatMap((one) =>
    one.type === 'reply' ? [one.dedupeKey, acknowledgementKey(one)] : [one.dedupeKey],
  )
  const rows = await eventsWithKeys(tx, { networkId, keys })
  return rows.map((row) => row.dedupeKey)
}

const attemptsToJudge = prepared((tx) =>
  tx
    .select()
    .from(attempts)
    .where(
      and(
        eq(attempts.networkId, sql.placeholder('networkId')),
        oneOf(attempts.deliveryId, sql.placeholder('ids')),
        or(
          isNull(attempts.outcome),
          eq(attempts.outcome, 'unknown'),
          oneOf(attempts.deliveryId, sql.placeholder('unsent')),
        ),
      ),
    ),
)

/** Those that are open, and all of a delivery that was never seen to leave. */
function attemptsOf(tx: Tx, networkId: string, group: readonly Happening[]): Promise<Attempt[]> {
  const ids = [...new Set(group.map(({ subject }) => subject.delivery.id))]
  const unsent = [...new Set(group.flatMap(({ subject }) => (subject.delivery.sentAt ? [] : subject.delivery.id)))]
  return attemptsToJudge(tx, { networkId, ids, unsent })
}

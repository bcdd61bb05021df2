import { and, asc, eq, inArray } from 'drizzle-orm'
import { newId, type Tx } from '../../db/index.ts'
import { consents, trackingChoices } from '../../db/schema.ts'
import { appendTrackingChoices, type ConsentState, stateOfConsent } from '../consent.ts'

type Entry = typeof consents.$inferSelect
type Choice = typeof trackingChoices.$inferSelect

/** What is said last holds of one person; of two who turn out to be one, the strictest of both. */
const strictness: Record<ConsentState, number> = { denied: 2, unstated: 1, granted: 0 }
const choiceStrictness: Record<Choice['choice'], number> = { refused: 2, unstated: 1, granted: 0 }

export interface Merging {
  networkId: string
  keepId: string
  otherId: string
  /** A user's id. */
  actor: string
  /** Business time. */
  now: Date
  /** Wall time. */
  at: Date
}

/** The last of each kind, of a list in the order of its saying. */
function lastBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T> {
  return new Map(list.map((item) => [keyOf(item), item]))
}

/**
 * Both ledgers become one, nothing in them changed but whose they are (GDPR art. 7(1): consent must be shown). Where
 * they end differently, an entry is added that says the stricter: a refusal by either stands.
 */
export async function mergeConsents(tx: Tx, merging: Merging): Promise<void> {
  const { networkId, keepId, otherId, actor, now, at } = merging
  const entries = await tx
    .select()
    .from(consents)
    .where(and(eq(consents.networkId, networkId), inArray(consents.contactId, [keepId, otherId])))
    .orderBy(asc(consents.occurredAt), asc(consents.id))
  const keyOf = ({ channel, purpose }: Entry) => `${channel} ${purpose}`
  const of = (id: string) =>
    lastBy(
      entries.filter((entry) => entry.contactId === id),
      keyOf,
    )
  const [mine, theirs, merged] = [of(keepId), of(otherId), lastBy(entries, keyOf)]
  await tx
    .update(consents)
    .set({ contactId: keepId })
    .where(and(eq(consents.networkId, networkId), eq(consents.contactId, otherId)))
  const added: Entry[] = []
  for (const [key, last] of merged) {
    const strictest = [mine.get(key), theirs.get(key)]
      .filter((entry) => entry !== undefined)
      .reduce((a, b) => (strictness[stateOfConsent(b)] > strictness[stateOfConsent(a)] ? b : a))
    if (stateOfConsent(strictest) === stateOfConsent(last)) continue
    added.push({
      ...strictest,
      id: newId(),
      contactId: keepId,
      source: 'merge',
      actor,
      evidenceRef: `consent:${strictest.id}`,
      // After all that was said, even in the same moment.
      occurredAt: now > last.occurredAt ? now : new Date(last.occurredAt.getTime() + 1),
      recordedAt: at,
    })
  }
  if (added.length > 0) await tx.insertRows(consents, added)
}

/** As consents: what either refused to have measured is not measured. */
export async function mergeTracking(tx: Tx, { networkId, keepId, otherId, now }: Merging): Promise<void> {
  const choices = await tx
    .select()
    .from(trackingChoices)
    .where(and(eq(trackingChoices.networkId, networkId), inArray(trackingChoices.contactId, [keepId, otherId])))
    .orderBy(asc(trackingChoices.occurredAt), asc(trackingChoices.id))
  const of = (id: string) =>
    lastBy(
      choices.filter((choice) => choice.contactId === id),
      (choice) => choice.subject,
    )
  const [mine, theirs, merged] = [of(keepId), of(otherId), lastBy(choices, (choice) => choice.subject)]
  await tx
    .update(trackingChoices)
    .set({ contactId: keepId })
    .where(and(eq(trackingChoices.networkId, networkId), eq(trackingChoices.contactId, otherId)))
  for (const [subject, last] of merged) {
    const strictest = [mine.get(subject), theirs.get(subject)]
      .filter((choice) => choice !== undefined)
      .reduce((a, b) => (choiceStrictness[b.choice] > choiceStrictness[a.choice] ? b : a))
    if (strictest.choice === last.choice) continue
    const occurredAt = now > last.occurredAt ? now : new Date(last.occurredAt.getTime() + 1)
    const { choice } = strictest
    await appendTrackingChoices(tx, [
      { networkId, contactId: keepId, subject: strictest.subject, choice, source: 'merge', occurredAt },
    ])
  }
}

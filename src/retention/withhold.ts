import { and, eq, inArray, isNull, ne, or } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { contacts, silenceAsks } from '../db/schema.ts'

interface Withholding {
  networkId: string
  contactId: string
  actor: string
  /** Wall time. */
  at: Date
  /** Business time. */
  now: Date
}

/**
 * Keeps somebody from being asked and from being erased for silence, until it is taken back. Returns false when there is
 * nobody of that id, they are withheld already, or were erased.
 */
export async function withhold(tx: Tx, { networkId, contactId, actor, at, now }: Withholding): Promise<boolean> {
  const [contact] = await tx
    .select({ erasedAt: contacts.erasedAt })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId)))
  if (!contact || contact.erasedAt) return false
  const row = { outcome: 'withheld' as const, endedAt: now, askedBy: actor }
  const made = await tx.insertRows(
    silenceAsks,
    [{ networkId, contactId, askedAt: now, eraseAt: now, messageId: null, round: 0, ...row }],
    'ignore',
  )
  const changed =
    made > 0
      ? made
      : (
          await tx
            .update(silenceAsks)
            .set(row)
            .where(
              and(
                ...[eq(silenceAsks.networkId, networkId), eq(silenceAsks.contactId, contactId)],
                or(isNull(silenceAsks.outcome), inArray(silenceAsks.outcome, ['stayed', 'unreached'])),
              ),
            )
            .returning({ id: silenceAsks.contactId })
        ).length
  if (changed > 0) await note(tx, { networkId, contactId, actor, at, now }, true)
  return changed > 0
}

/**
 * Takes it back. Who is silent is asked, anew where they were before: nobody is erased by a question of long ago. Returns
 * false for somebody who is not withheld.
 */
export async function release(tx: Tx, release: Withholding): Promise<boolean> {
  const { networkId, contactId, now } = release
  const own = and(
    ...[eq(silenceAsks.networkId, networkId), eq(silenceAsks.contactId, contactId)],
    eq(silenceAsks.outcome, 'withheld'),
  )
  const [held] = await tx.select({ round: silenceAsks.round }).from(silenceAsks).where(own)
  if (!held) return false
  const gone =
    held.round === 0
      ? await tx
          .delete(silenceAsks)
          .where(and(own, eq(silenceAsks.round, 0)))
          .returning({ id: silenceAsks.contactId })
      : await tx
          .update(silenceAsks)
          .set({ outcome: 'stayed', endedAt: now })
          .where(and(own, ne(silenceAsks.round, 0)))
          .returning({ id: silenceAsks.contactId })
  if (gone.length > 0) await note(tx, release, false)
  return gone.length > 0
}

const note = (tx: Tx, { networkId, contactId, actor, at }: Withholding, isWithheld: boolean) =>
  audit(tx, { networkId, actor, action: 'contact.change', subject: contactId, data: { isWithheld }, at })

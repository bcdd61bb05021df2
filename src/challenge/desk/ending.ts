import { and, asc, desc, eq, or } from 'drizzle-orm'
import type { Db, Tx } from '../../db/index.ts'
import { winnerClaims, winners } from '../../db/schema.ts'
import type { Challenge } from '../challenge.ts'
import type { Participant } from '../participants.ts'
import { closingOf, raiseClaim } from '../winners/closing.ts'
import { grantImage, imageConsentOf, withdrawImage } from '../winners/image.ts'
import type { Acting, DeskOutcome } from './act.ts'

/** What a person sees of how a challenge ends: their place, what they objected to, and their say on pictures. */
export interface Ending {
  /** Places they or their outlet won; none before the list is approved. */
  won: { by: 'points' | 'progress'; place: number; isOutlet: boolean }[]
  /** Until when they may object to the provisional ranking; undefined outside of those days. */
  claimsUntil?: Date
  claims: { text: string; status: 'open' | 'upheld' | 'rejected'; answer: string | null; raisedAt: Date }[]
  /** Asked of those who won; undefined where nothing was said yet. */
  asksImage: boolean
  image?: { isGranted: boolean; saidAt: Date }
}

/** The ending for somebody who took part; undefined before the provisional ranking, and for an outlet as such. */
export async function endingOf(
  tx: Tx,
  challenge: Challenge,
  participant: Participant,
  now: Date,
): Promise<Ending | undefined> {
  const { networkId, id: challengeId } = challenge
  const { contactId } = participant
  const closing = await closingOf(tx, networkId, challengeId)
  if (!closing || contactId === null) return undefined
  const rows = closing.approvedAt
    ? await tx
        .select({ by: winners.by, place: winners.place, siteId: winners.siteId })
        .from(winners)
        .where(
          and(
            ...[eq(winners.networkId, networkId), eq(winners.challengeId, challengeId)],
            or(eq(winners.contactId, contactId), eq(winners.siteId, participant.siteId)),
          ),
        )
        .orderBy(asc(winners.place), asc(winners.id))
    : []
  const claims = await tx
    .select({
      ...{ text: winnerClaims.text, status: winnerClaims.status, answer: winnerClaims.answer },
      raisedAt: winnerClaims.raisedAt,
    })
    .from(winnerClaims)
    .where(
      and(
        ...[eq(winnerClaims.networkId, networkId), eq(winnerClaims.challengeId, challengeId)],
        eq(winnerClaims.contactId, contactId),
      ),
    )
    .orderBy(desc(winnerClaims.id))
    .limit(mostClaims)
  const image = await imageConsentOf(tx, { networkId, challengeId, contactId })
  return {
    won: rows.map(({ by, place, siteId }) => ({ by, place, isOutlet: siteId !== null })),
    ...(!closing.approvedAt && now <= closing.claimsUntil ? { claimsUntil: closing.claimsUntil } : {}),
    claims,
    asksImage: rows.length > 0 || image !== undefined,
    ...(image ? { image: { isGranted: image.isGranted, saidAt: image.saidAt } } : {}),
  }
}

/** More than this of one person, and a marketer is called rather than written to. */
const mostClaims = 5

export type EndingRefusal = 'claims_closed' | 'claim_empty' | 'too_many_claims' | 'wrong_name'

/** Objects to the ranking, agrees to pictures, or takes that back. Only for oneself: an outlet has no face. */
export async function actAtEnding(
  db: Db,
  { networkId, challengeId, subject, way, by, at }: Acting,
  form: { act: 'claim' | 'image' | 'no-image'; text?: string; signedName?: string },
): Promise<DeskOutcome> {
  if (!('contactId' in subject)) return { is: 'refused', code: 'unknown' }
  const { contactId } = subject
  const source = way === 'portal' ? 'portal' : 'link'
  return db.transaction(async (tx): Promise<DeskOutcome> => {
    const challenge = { networkId, id: challengeId }
    if (form.act === 'claim') {
      if (!form.text) return { is: 'refused', code: 'claim_empty' }
      const open = await tx.$count(
        winnerClaims,
        and(
          ...[eq(winnerClaims.networkId, networkId), eq(winnerClaims.challengeId, challengeId)],
          ...[eq(winnerClaims.contactId, contactId), eq(winnerClaims.text, form.text)],
        ),
      )
      // The form came twice.
      if (open > 0) return { is: 'claimed' }
      const before = await tx.$count(
        winnerClaims,
        and(
          ...[eq(winnerClaims.networkId, networkId), eq(winnerClaims.challengeId, challengeId)],
          eq(winnerClaims.contactId, contactId),
        ),
      )
      if (before >= mostClaims) return { is: 'refused', code: 'too_many_claims' }
      const isTaken = await raiseClaim(tx, challenge, { contactId, text: form.text, now: at })
      return isTaken ? { is: 'claimed' } : { is: 'refused', code: 'claims_closed' }
    }
    const person = { networkId, challengeId, contactId }
    if (form.act === 'no-image') {
      await withdrawImage(tx, person, { source, by, at })
      return { is: 'imageWithdrawn' }
    }
    const isTheirs = await grantImage(tx, person, { signedName: form.signedName ?? '', source, by, at })
    return isTheirs ? { is: 'imageGranted' } : { is: 'refused', code: 'wrong_name' }
  })
}

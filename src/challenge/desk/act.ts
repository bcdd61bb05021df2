import { z } from 'zod'
import type { Db } from '../../db/index.ts'
import type { EntryWay } from '../../db/schema/challenge.ts'
import { findChallenge } from '../challenge.ts'
import { participantOf, type Subject, subjectKeyOf } from '../participants.ts'
import { type RegistrationRefusal, register } from '../register.ts'
import { type ResultRefusal, recordResult } from '../result.ts'
import { criterionOf } from '../roles.ts'
import { withdraw } from '../withdraw.ts'
import { actAtEnding, type EndingRefusal } from './ending.ts'
import { type EvidenceFault, isShown, keepEvidence, readEvidence } from './evidence.ts'

/** What the forms of the desk say; the file comes beside it. */
export const deskForm = z.object({
  act: z.enum(['register', 'leave', 'result', 'claim', 'image', 'no-image']),
  agree: z.string().optional(),
  criterion: z.string().max(40).optional(),
  quantity: z.string().max(12).optional(),
  doneOn: z.string().max(10).optional(),
  reference: z.string().trim().max(60).optional(),
  statement: z.string().trim().max(2000).optional(),
  /** What somebody objects to. */
  text: z.string().trim().max(2000).optional(),
  signedName: z.string().trim().max(100).optional(),
  /** One for each time the form was shown. */
  key: z.string().max(64).optional(),
})
export type DeskForm = z.output<typeof deskForm>

/** How an act at the desk ended, as its page says it. */
export type DeskOutcome =
  | { is: 'registered' | 'already' | 'left' | 'counted' | 'waiting' | 'double' | 'known' }
  | { is: 'claimed' | 'imageGranted' | 'imageWithdrawn' }
  | { is: 'refused'; code: RegistrationRefusal | ResultRefusal | EvidenceFault | EndingRefusal }

/** Who acts, by which way, and when (business time). */
export interface Acting {
  networkId: string
  challengeId: string
  subject: Subject
  way: EntryWay
  by: string
  deliveryId?: string
  at: Date
}

/** Does what somebody asked on a form of the challenge, in one transaction. */
export async function actAtDesk(db: Db, acting: Acting, form: DeskForm, file?: unknown): Promise<DeskOutcome> {
  const { networkId, challengeId, subject, way, by, deliveryId, at } = acting
  const { act } = form
  if (act === 'claim' || act === 'image' || act === 'no-image') return actAtEnding(db, acting, { ...form, act })
  const evidence = form.act === 'result' ? await readEvidence(file) : undefined
  if (evidence && 'fault' in evidence) return { is: 'refused', code: evidence.fault }
  return db.transaction(async (tx): Promise<DeskOutcome> => {
    const challenge = await findChallenge(tx, networkId, challengeId)
    if (!challenge) return { is: 'refused', code: 'unknown' }
    if (form.act === 'register') {
      const hasAgreed = form.agree !== undefined
      const done = await register(tx, challenge, { subject, way, by, hasAgreed, deliveryId, at })
      return done.outcome === 'refused' ? { is: 'refused', code: done.code } : { is: done.outcome }
    }
    const participant = await participantOf(tx, networkId, challengeId, subject)
    if (participant?.status !== 'registered') return { is: 'refused', code: 'not_registered' }
    if (form.act === 'leave') {
      await withdraw(tx, participant, by, at)
      return { is: 'left' }
    }
    const criterion = criterionOf(challenge.rules, participant.role, form.criterion ?? '')
    if (!criterion) return { is: 'refused', code: 'unknown_criterion' }
    if (!isShown(criterion, form.statement, evidence)) return { is: 'refused', code: 'missing' }
    const recorded = await recordResult(tx, challenge, participant, {
      ...{ criterion: criterion.name, quantity: quantityOf(form.quantity), doneOn: form.doneOn ?? '', way },
      ...(form.reference ? { reference: form.reference } : {}),
      ...(form.statement ? { statement: form.statement } : {}),
      ...{ sourceKey: `${way}:${subjectKeyOf(subject)}:${form.key ?? at.toISOString()}`, by, at },
    })
    if (recorded.outcome === 'refused') return { is: 'refused', code: recorded.code }
    if (recorded.outcome === 'known') return { is: 'known' }
    const { result } = recorded
    if (evidence) await keepEvidence(tx, networkId, result.id, evidence, at)
    if (result.suspicion !== null) return { is: 'double' }
    return { is: result.status === 'validated' ? 'counted' : 'waiting' }
  })
}

/** Nothing entered is one; what is no whole number is refused as such. */
const quantityOf = (text: string | undefined): number => {
  const typed = (text ?? '').replace(/\s/g, '')
  if (typed === '') return 1
  return /^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN
}

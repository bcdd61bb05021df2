import { listenFor } from '../challenge/sms/listen.ts'
import type { Tx } from '../db/index.ts'
import { voidExposures } from '../engagement/record.ts'
import { keepAnswer } from '../inbox/arrival.ts'
import type { HandledKind } from '../inbox/record.ts'
import { schedule } from '../timer/timers.ts'
import { actionEvents, type EventType, type Verdict } from '../words.ts'
import { isAffirmative } from './affirmative.ts'
import { closeWhatIsClosed } from './close-address.ts'
import { countTrouble, troubleOf } from './count-trouble.ts'
import { contactOf, type Happening } from './happening.ts'
import { asksOf, countSent, followUp } from './late-hand-over.ts'
import { keepsClick } from './measure.ts'
import { keepOpen } from './opens.ts'
import { isOwedAgain } from './owed-again.ts'
import { reopenAnswered } from './reopen.ts'
import { acknowledgementKey, openRound, type Round } from './round.ts'
import { isFailure, isInDoubt, statusAfter } from './status.ts'
import type { Delivery } from './subjects.ts'
import { tellInCharge } from './tell-in-charge.ts'

const actions: readonly EventType[] = actionEvents
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/**
 * Stores events once, each with its verdict, and does what follows from them, in this transaction: the delivery's
 * status, the address, consent, what is learnt, the next channel. Their deliveries must be held. Returns for each
 * whether it was new.
 */
export async function applyAll(tx: Tx, happenings: readonly Happening[]): Promise<boolean[]> {
  if (happenings.length === 0) return []
  const round = await openRound(tx, happenings)
  const areNew = happenings.map((happening) => apply(round, happening))
  await round.close()
  return areNew
}

function apply(round: Round, happening: Happening): boolean {
  const { networkId, subject, type, occurredAt } = happening
  if (type === 'open') return keepOpen(round, happening)
  if (type === 'click' && !keepsClick(round, happening)) return true
  if (!round.store(happening, verdictOf(type))) return false
  moveDelivery(round, happening)
  round.after((tx) => closeWhatIsClosed(tx, happening))
  if (type === 'failed') round.after((tx) => tellInCharge(tx, happening))
  const trouble = troubleOf(happening)
  if (trouble) round.after((tx) => countTrouble(tx, happening, trouble))
  if (type === 'reply' || type === 'auto_reply' || type === 'stop')
    round.after(async (tx) => {
      const hasReopened = type === 'reply' && happening.data.isStart === true && (await reopenAnswered(tx, happening))
      const isForChallenge = type === 'reply' && !hasReopened && (await saysOfChallenge(tx, happening))
      await keepAnswer(tx, happening, hasReopened ? 'start' : isForChallenge ? 'challenge' : handledAs(happening))
    })
  if (actions.includes(type)) round.judge(happening)
  if (!actions.includes(type) || type === 'click' || type === 'scan') return true
  const contactId = contactOf(happening)
  round.act({
    networkId,
    deliveryId: subject.delivery.id,
    contactIds: contactId === undefined ? undefined : [contactId],
    at: occurredAt,
    now: happening.recordedAt,
  })
  if (type === 'reply') acknowledgeByReply(round, happening)
  return true
}

/** A text message that registers for a challenge, or tells a result; where several share the phone, nobody is meant. */
async function saysOfChallenge(tx: Tx, happening: Happening): Promise<boolean> {
  const { networkId, subject, data, dedupeKey, occurredAt } = happening
  const contactId = contactOf(happening)
  const said = text(data.text)
  if (subject.delivery.channel !== 'sms' || contactId === undefined || said === undefined) return false
  const { campaignId } = subject.message
  return listenFor(tx, { networkId, contactId, campaignId, text: said, dedupeKey, at: occurredAt })
}

/** A person's own act needs no judging; clicks wait for theirs; what carriers say is not an act. */
function verdictOf(type: EventType): Verdict | null {
  if (type === 'click' || type === 'scan') return 'unknown'
  return actions.includes(type) || type === 'unsubscribe' || type === 'stop' || type === 'complaint'
    ? 'human_confirmed'
    : null
}

function moveDelivery(round: Round, happening: Happening): void {
  const { networkId, subject, type, occurredAt, recordedAt, data, attempt } = happening
  const { delivery } = subject
  const status = statusAfter(delivery, { type, attempt })
  const change: Partial<Delivery> = {}
  // Kept whatever the status says by now: a bounce may follow an arrival, and be told before it.
  if (type === 'delivered' || type === 'shown') change.deliveredAt = earliest(delivery.deliveredAt, occurredAt)
  if (!status) {
    if (change.deliveredAt) round.change(happening, change)
    return
  }
  const tried = round.attempt(happening)
  const wasInDoubt = isInDoubt(delivery.status)
  // The provider speaks of an attempt whose answer we never saw: so it did take it.
  const isUnanswered = tried !== undefined && (tried.outcome === null || tried.outcome === 'unknown')
  // The worker that would have noted the hand-over never came to it.
  const sentAt = delivery.sentAt ?? tried?.startedAt ?? null
  round.change(happening, {
    ...change,
    status,
    reason: isFailure(status) ? (text(data.code) ?? text(data.reason) ?? type) : null,
    isReceiptMissing: false,
    // An earlier attempt's name of it says nothing of this one.
    providerRef:
      (isUnanswered ? happening.providerRef : undefined) ?? delivery.providerRef ?? happening.providerRef ?? null,
    sentAt,
  })
  if (tried && isUnanswered) {
    round.closeAttempt(tried, happening)
    round.after((tx) => countSent(tx, happening))
  }
  if (isFailure(status))
    round.after(async (tx) => {
      if (await isOwedAgain(tx, happening)) return
      await voidExposures(tx, { networkId, deliveryId: delivery.id, now: recordedAt })
      await askForFallback(tx, happening)
    })
  else if (wasInDoubt) round.after((tx) => followUp(tx, happening, sentAt ?? occurredAt))
}

const earliest = (known: Date | null, at: Date) => (known && known <= at ? known : at)

/** The next channel's turn, written with the failure that calls for it. */
async function askForFallback(tx: Tx, { networkId, subject, recordedAt }: Happening): Promise<void> {
  const { delivery } = subject
  if (delivery.isCompanion) return
  await schedule(
    tx,
    networkId,
    [
      {
        kind: 'fallback',
        subject: delivery.id,
        occurrence: 'failed',
        dueAt: recordedAt,
        payload: { deliveryId: delivery.id },
      },
    ],
    recordedAt,
  )
}

/** What its own rule deals with is no work for anybody. */
function handledAs(happening: Happening): HandledKind | undefined {
  const { type, data } = happening
  if (type === 'stop') return 'stop'
  if (type === 'auto_reply') return data.kind === 'out_of_office' ? 'out_of_office' : 'automatic'
  return acknowledges(happening) ? 'acknowledge' : undefined
}

/** Of a mail, the first line: a name and a greeting follow it. */
const acknowledges = ({ subject, data }: Happening): boolean => {
  const said = text(data.text) ?? ''
  const answer = subject.delivery.channel === 'email' ? said.split('\n', 1)[0] : said
  return asksOf(subject.message.definition).asksAcknowledgement === true && isAffirmative(answer)
}

/** "OK" by return of text is an acknowledgement where one was asked for. */
function acknowledgeByReply(round: Round, happening: Happening): void {
  if (!acknowledges(happening)) return
  round.store(
    { ...happening, type: 'acknowledge', dedupeKey: acknowledgementKey(happening), data: { by: 'reply' } },
    'human_confirmed',
  )
}

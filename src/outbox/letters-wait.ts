import { and, eq, gt } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { messages, stepRuns } from '../db/schema.ts'
import type { Timer } from '../timer/timers.ts'
import { askAgain, lettersPending } from './letters.ts'
import { loadStep } from './step.ts'

/**
 * Looks whether letters have left that a step waits for: if some have, it comes to its audience again, otherwise the
 * question is put off. In the transaction that fires the timer.
 */
export async function goOnAfterLetters(tx: Tx, network: Network, timer: Timer, now: Date): Promise<void> {
  const own = and(eq(stepRuns.networkId, network.id), eq(stepRuns.messageId, timer.subject))
  const [run] = await tx.select().from(stepRuns).where(own)
  if (run?.status !== 'done' || run.awaiting === 0) return
  const step = await loadStep(tx, network, timer.subject)
  if (step.campaignStatus === 'canceled' || step.campaignStatus === 'finished') {
    await tx.update(stepRuns).set({ awaiting: 0 }).where(own)
    return
  }
  const { pending: before, round } = timer.payload as { pending: number; round: number }
  const pending = await lettersPending(tx, step)
  if (pending !== 0 && pending === before) return askAgain(tx, step, pending, round + 1, now)
  await again(tx, network, timer.subject)
}

/** The step goes through its audience once more, for those it has not decided. */
const again = (tx: Tx, network: Network, messageId: string) =>
  tx
    .update(stepRuns)
    .set({ status: 'running', cursor: '', awaiting: 0 })
    .where(
      and(
        eq(stepRuns.networkId, network.id),
        eq(stepRuns.messageId, messageId),
        eq(stepRuns.status, 'done'),
        gt(stepRuns.awaiting, 0),
      ),
    )

/**
 * Lets a step reach everybody at its planned date whether or not their letter was handed over; who waits is reached at
 * once. Says whether that is new: a second press changes nothing.
 */
export async function waitForNoLetters(
  { db, wall }: Context,
  network: Network,
  { messageId, actor }: { messageId: string; actor: string },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const released = await tx
      .update(stepRuns)
      .set({ isReleased: true })
      .where(and(eq(stepRuns.networkId, network.id), eq(stepRuns.messageId, messageId), eq(stepRuns.isReleased, false)))
      .returning({ awaiting: stepRuns.awaiting })
    const [run] = released
    if (!run) return false
    await again(tx, network, messageId)
    const [message] = await tx
      .select({ step: messages.step, campaignId: messages.campaignId })
      .from(messages)
      .where(and(eq(messages.networkId, network.id), eq(messages.id, messageId)))
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'step.release',
      subject: message?.campaignId ?? messageId,
      data: { step: message?.step, people: run.awaiting },
      at: wall.now(),
    })
    return true
  })
}

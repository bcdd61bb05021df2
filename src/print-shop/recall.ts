import { and, eq, inArray } from 'drizzle-orm'
import type { StepDefinition } from '../campaign/definition.ts'
import { leadTimesOf } from '../campaign/lead-times.ts'
import { fromFreeze, shiftedBy } from '../campaign/print-dates.ts'
import { resolveAt } from '../campaign/schedule.ts'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { batches, messages } from '../db/schema.ts'
import { isClosedDate } from '../routing/closures.ts'
import { isPublicHoliday } from '../routing/holidays.ts'

/** The print shop does not have it: canceling the campaign still pulls it. */
const recallable = ['composing', 'composed', 'bat_pending', 'bat_approved'] as const

/**
 * Whether a batch of a campaign may still be pulled at `now` (business time): nobody noted that the shop has it, and the
 * day on which it is to be at the post has not come.
 */
export async function mayStillRecall(tx: Tx, network: Network, campaignId: string, now: Date): Promise<boolean> {
  const rows = await tx
    .select({ composedAt: batches.createdAt, step: messages.definition })
    .from(batches)
    .innerJoin(messages, and(eq(messages.networkId, batches.networkId), eq(messages.id, batches.messageId)))
    .where(
      and(
        eq(batches.networkId, network.id),
        eq(messages.campaignId, campaignId),
        inArray(batches.status, [...recallable]),
      ),
    )
  const closures = network.settings.closures ?? []
  const calendar = {
    timezone: network.timezone,
    isHoliday: (date: string) =>
      isPublicHoliday(network.country, date) || isClosedDate(closures, network.country, date),
  }
  return rows.some(({ composedAt, step }) => {
    const { posted } = fromFreeze(step as StepDefinition, leadTimesOf(network))
    return resolveAt(shiftedBy(`${composedAt.toISOString().slice(0, 19)}Z`, posted), {}, calendar) > now
  })
}

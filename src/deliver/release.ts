import { and, eq, inArray, lte } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, deliveries, messages } from '../db/schema.ts'
import { channelNames } from '../words.ts'
import { chooseChannel } from './choose-channel.ts'

/**
 * Lets go what waited for its time, for decent hours, for its campaign to go on or for a provider that is there
 * again. Each is checked once more when it is claimed.
 */
export async function release(tx: Tx, context: Context, network: Network, now: Date): Promise<void> {
  const due = and(eq(deliveries.networkId, network.id), lte(deliveries.dueAt, now))
  // Mostly nobody waits, and looking costs less than writing nothing.
  const [waiting] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(due, inArray(deliveries.status, ['planned', 'held'])))
    .limit(1)
  if (!waiting) return
  const queued = { status: 'queued' as const, reason: null, updatedAt: now }
  await tx
    .update(deliveries)
    .set(queued)
    .where(and(due, eq(deliveries.status, 'planned')))
  const held = and(due, eq(deliveries.status, 'held'))
  await tx
    .update(deliveries)
    .set(queued)
    .where(and(held, eq(deliveries.reason, 'quiet_hours')))
  const running = tx
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(and(eq(messages.networkId, network.id), eq(campaigns.status, 'running')))
  await tx
    .update(deliveries)
    .set(queued)
    .where(and(held, eq(deliveries.reason, 'paused'), inArray(deliveries.messageId, running)))
  const served = channelNames.filter((name) => chooseChannel(context.channels, network, name) !== undefined)
  await tx
    .update(deliveries)
    .set(queued)
    .where(
      and(
        held,
        inArray(deliveries.reason, ['no_provider', 'credentials_unreadable']),
        inArray(deliveries.channel, served),
      ),
    )
}

import { addCounts, shardOf } from '../campaign/counts.ts'
import { pauseAbove } from '../campaign/self-pause.ts'
import type { StopKind } from '../campaign/stop-thresholds.ts'
import type { Tx } from '../db/index.ts'
import { failureOf } from '../deliver/failure-codes.ts'
import type { Happening } from './happening.ts'

/** Which of a campaign's thresholds an event counts against. */
export function troubleOf({ type, data }: Pick<Happening, 'type' | 'data'>): StopKind | undefined {
  if (type === 'complaint') return 'complained'
  if (type === 'bounced') return data.permanent === false ? undefined : 'bounced'
  return type === 'failed' && typeof data.code === 'string' ? failureOf(data.code).counts : undefined
}

/**
 * Counts a bounce, a complaint or a filtered text against its campaign, and pauses the campaign when that passes a
 * threshold. Such events are few; nothing is counted anew.
 */
export async function countTrouble(
  tx: Tx,
  { networkId, subject: { delivery, message }, recordedAt }: Happening,
  kind: StopKind,
): Promise<void> {
  const { campaignId } = message
  const counted = { campaignId, channel: delivery.channel, [kind]: 1 }
  await addCounts(tx, networkId, [counted], shardOf(delivery.id))
  await pauseAbove(tx, networkId, campaignId, recordedAt)
}

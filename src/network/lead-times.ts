import { eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { type LeadTimes, leadTimesOf, leadTimesSchema } from '../campaign/lead-times.ts'
import type { Tx } from '../db/index.ts'
import type { NetworkSettings } from '../db/schema/network.ts'
import { networks } from '../db/schema.ts'

/**
 * Sets how long printing and the post take for a network, or gives the shipped days back; written down as before and
 * after. Throws ZodError for what is no lead time.
 */
export async function changeLeadTimes(
  tx: Tx,
  { networkId, actor, at }: { networkId: string; actor: string; at: Date },
  own: LeadTimes | undefined,
): Promise<void> {
  const [network] = await tx.select().from(networks).where(eq(networks.id, networkId))
  if (!network) return
  if (own) leadTimesSchema.parse(own)
  const { leadTimes: _, ...others } = network.settings
  const settings: NetworkSettings = own ? { ...others, leadTimes: own } : others
  await tx.update(networks).set({ settings }).where(eq(networks.id, networkId))
  const data = {
    before: JSON.stringify(leadTimesOf(network)),
    after: JSON.stringify(leadTimesOf({ settings })),
  }
  await audit(tx, { networkId, actor, action: 'settings.change', subject: 'leadTimes', data, at })
}

import { eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import { greatestRate, leastRate } from '../pace/rates.ts'

interface Act {
  networkId: string
  actor: string
  /** Wall time. */
  at: Date
}

/**
 * Sets how much a network's own account takes in a second (segments of SMS, messages of e-mail), or with null gives it
 * the provider's default again; written down as before and after. Returns whether it was a rate.
 */
export async function setAccountRate(
  tx: Tx,
  { networkId, actor, at }: Act,
  channel: 'sms' | 'email',
  perSecond: number | null,
): Promise<boolean> {
  if (perSecond !== null && !(perSecond >= leastRate && perSecond <= greatestRate)) return false
  const [row] = await tx.select({ settings: networks.settings }).from(networks).where(eq(networks.id, networkId))
  if (!row) return false
  const { [channel]: before, ...others } = row.settings.accountRates ?? {}
  const accountRates = perSecond === null ? others : { ...others, [channel]: perSecond }
  await tx
    .update(networks)
    .set({ settings: { ...row.settings, accountRates } })
    .where(eq(networks.id, networkId))
  await audit(tx, {
    networkId,
    actor,
    action: 'settings.change',
    subject: 'accountRate',
    data: { channel, before: before ?? null, after: perSecond },
    at,
  })
  return true
}

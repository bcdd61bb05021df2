import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { addresses, senders } from '../db/schema.ts'
import { installationAccount } from '../deliver/account.ts'
import { openBreaker } from '../deliver/breaker.ts'
import { pauseSender, refusesSender } from '../deliver/refused-sender.ts'
import { ofEnvironment, ofEnvironmentOwnAddress } from '../network/senders.ts'
import { notify } from '../notification/notify.ts'
import type { Happening } from './happening.ts'

const dayMs = 86_400_000
/** What carriers or a provider's settings refuse to a whole country: somebody has to ask for it. */
const ofCountry: ReadonlySet<string> = new Set(['region_closed', 'fraud_guard'])

/**
 * A failure told after the hand-over that is of no recipient: the account is suspended, the sender is not what it should
 * be, a country is closed. What it speaks of is stopped as if the hand-over had been refused, and those in charge hear
 * of it. What a simulated carrier says concerns nobody.
 */
export async function tellInCharge(tx: Tx, happening: Happening): Promise<void> {
  const { networkId, subject, data, type } = happening
  const { delivery } = subject
  const { provider } = delivery
  const code = typeof data.code === 'string' ? data.code : undefined
  if (type !== 'failed' || code === undefined || provider === null || provider === 'preview') return
  const at = happening.receivedAt ?? happening.recordedAt
  if (code === 'credentials') {
    const account = await accountBehind(tx, networkId, delivery.senderId)
    await openBreaker(tx, { account, channel: delivery.channel, provider }, code, at)
  } else if (refusesSender(code) && delivery.senderId) await pauseSender(tx, networkId, delivery.senderId, code, at)
  else if (ofCountry.has(code)) await tellOfCountry(tx, happening, provider, at)
}

/** Whose account a sender writes by, as its credentials say. */
async function accountBehind(tx: Tx, networkId: string, senderId: string | null): Promise<string> {
  if (senderId === null) return installationAccount
  const [sender] = await tx
    .select({ by: senders.credentialsRef })
    .from(senders)
    .where(and(eq(senders.networkId, networkId), eq(senders.id, senderId)))
  const isShared = !sender?.by || sender.by === ofEnvironment || sender.by === ofEnvironmentOwnAddress
  return isShared ? installationAccount : networkId
}

/** Once a day for each country: a whole campaign may meet it. */
async function tellOfCountry(tx: Tx, { networkId, subject }: Happening, provider: string, at: Date): Promise<void> {
  const { addressId } = subject.delivery
  const [address] = addressId
    ? await tx
        .select({ country: addresses.country })
        .from(addresses)
        .where(and(eq(addresses.networkId, networkId), eq(addresses.id, addressId)))
    : []
  const country = address?.country ?? '?'
  await notify(tx, {
    networkId,
    userId: null,
    kind: 'country_refused',
    params: { provider, country },
    href: '/console/settings/senders',
    dedupeKey: `country_refused:${provider}:${country}:${Math.floor(at.getTime() / dayMs)}`,
    at,
  })
}

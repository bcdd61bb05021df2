import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { networks, senders } from '../db/schema.ts'
import { ofEnvironment, ofEnvironmentOwnAddress } from '../network/senders.ts'
import { notify } from '../notification/notify.ts'
import { installationAccount } from './account.ts'
import type { Breaker } from './breaker.ts'

/** Leaves word in every network that sends by an account: that it takes nothing any more, or that it does again. */
export async function tellOfBreaker(
  tx: Tx,
  kind: 'provider_down' | 'provider_back',
  { account, channel, provider, reason, openedAt }: Breaker,
  at: Date,
): Promise<void> {
  const concerned = account === installationAccount ? await networksServed(tx, channel, provider) : [account]
  for (const networkId of concerned) {
    const told = { networkId, userId: null, href: '/console/settings/senders', at }
    const dedupeKey = `${kind}:${account}:${channel}:${provider}:${openedAt?.toISOString()}`
    if (kind === 'provider_down') await notify(tx, { ...told, dedupeKey, kind, params: { provider, channel, reason } })
    else await notify(tx, { ...told, dedupeKey, kind, params: { provider, channel } })
  }
}

/** The live networks whose messages leave by the installation's account. */
export async function networksServed(tx: Tx, channel: Breaker['channel'], provider: string): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ id: networks.id })
    .from(networks)
    .innerJoin(senders, eq(senders.networkId, networks.id))
    .where(
      and(
        eq(networks.mode, 'live'),
        eq(senders.channel, channel),
        eq(senders.provider, provider),
        or(isNull(senders.credentialsRef), inArray(senders.credentialsRef, [ofEnvironment, ofEnvironmentOwnAddress])),
      ),
    )
  return rows.map(({ id }) => id)
}

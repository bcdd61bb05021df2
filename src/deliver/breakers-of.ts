import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { installationAccount } from './account.ts'
import { type Breaker, openBreakers } from './breaker.ts'
import { networksServed } from './tell-of-breaker.ts'

/** The accounts a network sends by that take nothing at the moment, the longest first. */
export async function breakersOf(tx: Tx, network: Pick<Network, 'id'>): Promise<Breaker[]> {
  const concerned: Breaker[] = []
  for (const breaker of await openBreakers(tx)) {
    const { account, channel, provider } = breaker
    if (account === network.id) concerned.push(breaker)
    else if (account === installationAccount && (await networksServed(tx, channel, provider)).includes(network.id))
      concerned.push(breaker)
  }
  return concerned
}

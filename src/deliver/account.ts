import type { Channel } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import type { ChannelName } from '../words.ts'

/** Whose account with a provider: what is paced together, and what fails together. */
export interface Account {
  /** The network's id, or `installation`. */
  account: string
  channel: ChannelName
  provider: string
}

export const installationAccount = 'installation'

/** The account an adapter hands over to: the network's own, or the one every network shares. */
export const accountOf = (context: Context, network: Network, { name, provider }: Channel): Account => ({
  account: context.ownAccounts?.has(name) ? network.id : installationAccount,
  channel: name,
  provider,
})

import type { Tx } from '../db/index.ts'
import { findNetwork, listNetworks, type Network, NetworkProblem } from './networks.ts'

/**
 * The network a command means: the one named, or the only one beside the example network, or the example network
 * when it is alone. Throws NetworkProblem with the names to choose from.
 */
export async function chooseNetwork(tx: Tx, name: string | undefined): Promise<Network> {
  const all = await listNetworks(tx)
  if (name !== undefined) {
    const named = await findNetwork(tx, name)
    if (named) return named
    throw new NetworkProblem(
      'network_name',
      all.length === 0
        ? 'There is no network yet: import a partner file first, with relais import FILE.'
        : `There is no network "${name}"; there ${all.length === 1 ? 'is' : 'are'} ${all.map((network) => network.name).join(', ')}.`,
    )
  }
  const own = all.filter((network) => !network.isDemo)
  const candidates = own.length > 0 ? own : all
  if (candidates.length === 1) return candidates[0]!
  if (candidates.length === 0)
    throw new NetworkProblem(
      'network_name',
      'There is no network yet: import a partner file first, with relais import FILE.',
    )
  throw new NetworkProblem(
    'network_ambiguous',
    `There are several networks (${candidates.map((network) => network.name).join(', ')}): say which one with --network NAME.`,
  )
}

import { audit } from '../accounts/audit.ts'
import type { Context } from '../context.ts'
import { memberships } from '../db/schema.ts'
import { createNetwork, type Network, type NewNetwork } from './networks.ts'
import { setUpNetwork } from './setup.ts'

/**
 * Creates a network with all it needs to begin: senders, the starting segments, and its founder as an owner. Throws
 * NetworkProblem when the name is taken or malformed.
 */
export async function foundNetwork(
  context: Context,
  founder: { userId: string },
  wanted: Omit<NewNetwork, 'isDemo'>,
): Promise<Network> {
  const at = context.wall.now()
  const network = await context.db.transaction(async (tx) => {
    const created = await createNetwork(tx, wanted, at)
    await tx
      .insert(memberships)
      .values({ networkId: created.id, userId: founder.userId, role: 'owner', scope: {}, createdAt: at })
      .onConflictDoNothing()
    await audit(tx, {
      networkId: created.id,
      actor: founder.userId,
      action: 'network.create',
      subject: created.id,
      data: { name: created.name, mode: created.mode },
      at,
    })
    return created
  })
  await setUpNetwork(context, network)
  return network
}

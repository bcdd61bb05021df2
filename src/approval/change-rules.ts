import { eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import type { NetworkSettings } from '../db/schema/network.ts'
import { networks } from '../db/schema.ts'
import { launchRulesOf } from './rules.ts'

/** Sets what a network asks for before a launch; written down as before and after. */
export async function changeLaunchRules(
  tx: Tx,
  { networkId, actor, at }: { networkId: string; actor: string; at: Date },
  launching: NonNullable<NetworkSettings['launching']>,
): Promise<void> {
  const [network] = await tx.select().from(networks).where(eq(networks.id, networkId))
  if (!network) throw new Error(`There is no network ${networkId}.`)
  const settings = { ...network.settings, launching }
  await tx.update(networks).set({ settings }).where(eq(networks.id, networkId))
  const data = {
    before: JSON.stringify(launchRulesOf(network.settings)),
    after: JSON.stringify(launchRulesOf(settings)),
  }
  await audit(tx, { networkId, actor, action: 'settings.change', subject: 'launching', data, at })
}

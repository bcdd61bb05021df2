import { eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { type ShopTimes, shopName, shopTimesSchema } from '../campaign/lead-times.ts'
import type { Tx } from '../db/index.ts'
import { networks } from '../db/schema.ts'

/** More print shops than that nobody works with. */
export const mostShops = 50

/** The shops of a network are as many as it may have. */
export class TooManyShops extends Error {
  override name = 'TooManyShops'
}

/**
 * Sets the days one print shop takes, those left out being the network's; without days the shop has none of its own any
 * more. Written down as before and after. Throws ZodError for what is no name or no days, TooManyShops.
 */
export async function changeShopTimes(
  tx: Tx,
  { networkId, actor, at }: { networkId: string; actor: string; at: Date },
  named: string,
  days: ShopTimes | undefined,
): Promise<void> {
  const name = shopName.parse(named)
  const own = days && shopTimesSchema.parse(days)
  const [network] = await tx.select().from(networks).where(eq(networks.id, networkId))
  if (!network) return
  const known = network.settings.shopTimes ?? {}
  const { [name]: before, ...others } = known
  if (!own && !before) return
  const shopTimes = own ? { ...others, [name]: own } : others
  if (Object.keys(shopTimes).length > mostShops) throw new TooManyShops(`A network has at most ${mostShops} shops.`)
  await tx
    .update(networks)
    .set({ settings: { ...network.settings, shopTimes } })
    .where(eq(networks.id, networkId))
  const data = { shop: name, before: JSON.stringify(before ?? {}), after: JSON.stringify(own ?? {}) }
  await audit(tx, { networkId, actor, action: 'settings.change', subject: 'shopTimes', data, at })
}

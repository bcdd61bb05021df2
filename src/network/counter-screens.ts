import { and, asc, eq, gt } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { newId } from '../db/index.ts'
import { contacts, stations } from '../db/schema.ts'
import { draw } from '../random.ts'

const pageSize = 500

/**
 * Puts a screen on the counter of every outlet that has a counter agent, in a network that has no screen yet: a
 * sandbox then shows what its counters would see. No device holds their tokens; pairing a real one gives it its own.
 */
export async function addCounterScreens({ db, wall }: Context, network: Network): Promise<void> {
  if ((await db.$count(stations, eq(stations.networkId, network.id))) > 0) return
  for (let after = ''; ; ) {
    const counters = await db
      .selectDistinct({ siteId: contacts.siteId })
      .from(contacts)
      .where(and(eq(contacts.networkId, network.id), eq(contacts.profile, 'counter'), gt(contacts.siteId, after)))
      .orderBy(asc(contacts.siteId))
      .limit(pageSize)
    await db.transaction((tx) =>
      tx.insertRows(
        stations,
        counters.map(({ siteId }) => ({
          networkId: network.id,
          id: newId(),
          siteId,
          name: 'Comptoir',
          tokenHash: `unpaired:${siteId}:${draw(siteId)}`,
          createdAt: wall.now(),
        })),
      ),
    )
    if (counters.length < pageSize) return
    after = counters.at(-1)!.siteId
  }
}

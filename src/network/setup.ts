import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { ensureOwner } from '../accounts/owner.ts'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import { segments } from '../db/schema.ts'
import { packageRoot } from '../root.ts'
import { parseSegments } from '../segment/parse.ts'
import { refreshSegments } from '../segment/refresh.ts'
import { saveSegments } from '../segment/save.ts'
import { addSenders, ownSinks, sandboxSenders } from './senders.ts'

/** The segments every network starts with. */
export const defaultSegmentsFile = join(packageRoot, 'campaigns/segments.yaml')

/**
 * Gives a network what it needs to send: senders, the starting segments, its owner. What is there already stays;
 * then works out who belongs to which segment.
 */
export async function setUpNetwork(context: Context, network: Network): Promise<void> {
  const now = businessNow(context.wall.now(), network)
  await context.db.transaction(async (tx) => {
    const senders =
      network.mode === 'sandbox' ? sandboxSenders(context.mailFrom) : [...context.liveSenders, ...ownSinks]
    await addSenders(tx, network.id, senders, now)
    const known = await tx.$count(segments, eq(segments.networkId, network.id))
    if (known === 0)
      await saveSegments(
        tx,
        network.id,
        parseSegments(readFileSync(defaultSegmentsFile, 'utf8'), 'campaigns/segments.yaml'),
        now,
      )
  })
  await ensureOwner(context.db, context.wall.now())
  await refreshSegments(context.db, network, now)
}

import { open, rename, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { and, asc, eq, gte, isNull, lte, notLike, or } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { batches } from '../db/schema.ts'

type Batch = Pick<typeof batches.$inferSelect, 'id' | 'number' | 'revision' | 'path'>

/** What the print shop sees of a package that is not to be printed: another name, and no READY in it. */
export const withdrawnEnding = '.canceled'
/** One that was being set when it was called off is looked for so long: its writer dies sooner (business time). */
const unnamedMs = 24 * 3_600_000

/** Where the batches of a network are put for the print shop. */
export const batchFolder = ({ dataFolder }: Pick<Context, 'dataFolder'>, network: Network): string =>
  join(dataFolder, 'batches', network.name)

/**
 * Takes from the print shop the packages of batches that were called off: READY becomes CANCELED, then the folder is
 * named for it. What is sealed stays as it is, to be looked at. Killed anywhere, the next look goes on. Returns how
 * many were taken away.
 */
export async function withdrawCalledOff(context: Context, network: Network, now: Date): Promise<number> {
  const calledOff = await context.db
    .select({ id: batches.id, number: batches.number, revision: batches.revision, path: batches.path })
    .from(batches)
    .where(
      and(
        eq(batches.networkId, network.id),
        eq(batches.status, 'canceled'),
        or(
          notLike(batches.path, `%${withdrawnEnding}`),
          and(isNull(batches.path), gte(batches.updatedAt, new Date(now.getTime() - unnamedMs))),
        ),
        // Somebody may still be setting it.
        or(isNull(batches.leaseUntil), lte(batches.leaseUntil, context.wall.now())),
      ),
    )
    .orderBy(asc(batches.id))
  let withdrawn = 0
  for (const batch of calledOff) withdrawn += Number(await withdraw(context, network, batch))
  return withdrawn
}

async function withdraw(context: Context, network: Network, batch: Batch): Promise<boolean> {
  const folder = batchFolder(context, network)
  const path = join(folder, `${batch.number}_v${batch.revision}`)
  const withdrawn = `${path}${withdrawnEnding}`
  if (await isThere(path)) {
    await renameIfThere(join(path, 'READY'), join(path, 'CANCELED'))
    await flush(path)
    await rename(path, withdrawn)
    await flush(folder)
  } else if (!(await isThere(withdrawn)) && batch.path === null) return false
  await context.db
    .update(batches)
    .set({ path: relative(context.dataFolder, withdrawn) })
    .where(and(eq(batches.networkId, network.id), eq(batches.id, batch.id), eq(batches.status, 'canceled')))
  context.log.info({ batch: batch.number }, 'A batch that was called off was taken from the print shop')
  return true
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** A rename is durable once its folder is. */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

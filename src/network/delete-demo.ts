import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { audit } from '../accounts/audit.ts'
import { type StoredTable, tablesInOrder } from '../backup/tables.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { batches, campaigns, imports, memberships } from '../db/schema.ts'
import { enqueue } from '../job/enqueue.ts'
import type { JobWork } from '../job/job.ts'
import { listNetworks, type Network, networkForImport } from './networks.ts'
import { setUpNetwork } from './setup.ts'

const chunkSize = 500

/** They go with the network itself, in the last transaction: until then its owner sees how far it has come. */
const last = ['networks', 'memberships', 'jobs']
/** The trail is kept whole: what it says of the network ends with its deletion. */
const kept = ['audit_entries']

/** Only what an example network holds may disappear at a press: anybody else's is kept or erased person by person. */
export class NotADemo extends Error {
  override name = 'NotADemo'
}

export const deletionOf = ({ id }: Pick<Network, 'id'>): { networkId: string; id: string } => ({
  networkId: id,
  id: 'network.delete',
})

/**
 * Asks for an example network to be deleted, which a job does, and sees to it that the user is left with a network
 * of their own to import into: the first there is, or a new one. Returns that network.
 * @throws NotADemo for any other network.
 */
export async function askDemoDeletion(context: Context, network: Network, userId: string): Promise<Network> {
  if (!network.isDemo) throw new NotADemo(`"${network.name}" is no example network; only that may be deleted whole.`)
  const { db, wall } = context
  const now = wall.now()
  const own = await networkAfter(context, userId, now)
  await db.transaction(async (tx) => {
    await enqueue(tx, { ...deletionOf(network), kind: 'network.delete', payload: {}, at: now })
    await audit(tx, {
      networkId: network.id,
      actor: userId,
      action: 'network.delete',
      subject: network.id,
      data: { name: network.name },
      at: now,
    })
  })
  return own
}

async function networkAfter(context: Context, userId: string, now: Date): Promise<Network> {
  const { db, liveSenders } = context
  const mine = await db.select({ id: memberships.networkId }).from(memberships).where(eq(memberships.userId, userId))
  const others = (await listNetworks(db)).filter(({ isDemo }) => !isDemo)
  const own = others.find(({ id }) => mine.some((membership) => membership.id === id))
  if (own) return own
  // Somebody else's networks are not theirs to see: they get one of their own.
  const name = others.length > 0 ? `reseau-${userId.slice(-8)}` : undefined
  const made = await networkForImport(db, name, liveSenders.length > 0 ? 'live' : 'sandbox', now)
  await db
    .insert(memberships)
    .values({ networkId: made.id, userId, role: 'owner', scope: {}, createdAt: now })
    .onConflictDoNothing()
  await setUpNetwork(context, made)
  return made
}

/** Every table with rows of networks, each before those it points to: a new table is among them by itself. */
export const tablesToEmpty = (): StoredTable[] =>
  tablesInOrder()
    .filter(({ name, columns }) => 'networkId' in columns && !last.includes(name) && !kept.includes(name))
    .reverse()

/** Empties the tables in transactions of at most 500 rows, then deletes the network. Killed anywhere, it goes on. */
export const work: JobWork = async function* (context, network, run) {
  if (!network.isDemo) throw new NotADemo(`"${network.name}" is no example network; only that may be deleted whole.`)
  const { db } = context
  // Nothing new is begun while the rest disappears.
  await db.update(campaigns).set({ status: 'canceled' }).where(eq(campaigns.networkId, network.id))
  const tables = tablesToEmpty()
  const timersFirst = [...tables].sort((a, b) => Number(b.name === 'timers') - Number(a.name === 'timers'))
  let { done } = run
  for (const table of timersFirst) {
    for (let deleted = chunkSize; deleted === chunkSize; ) {
      await removeFiles(context, table, network.id)
      deleted = await db.transaction(async (tx) => {
        const count = await deleteSome(tx, table, network.id)
        await run.checkpoint(tx, { done: done + count })
        return count
      })
      done += deleted
      yield
    }
  }
  const networks = tablesInOrder().find(({ name }) => name === 'networks')
  if (networks) await db.delete(networks.table as PgTable).where(eq(networks.key[0]!.column, network.id))
  return undefined
}

async function deleteSome(tx: Tx, { table, columns, key }: StoredTable, networkId: string): Promise<number> {
  const keys = sql.join(
    key.map(({ column }) => sql`${column}`),
    sql`, `,
  )
  const some = sql`select ${keys} from ${table} where ${columns.networkId} = ${networkId} limit ${chunkSize}`
  const gone = await tx
    .delete(table as PgTable)
    .where(sql`(${keys}) in (${some})`)
    .returning({ id: sql<string>`${columns.networkId}` })
  return gone.length
}

/** Uploads, rejects and composed batches lie in the data folder; what a path leads to elsewhere is not ours. */
async function removeFiles({ db, dataFolder }: Context, { name }: StoredTable, networkId: string): Promise<void> {
  const paths: (string | null)[] = []
  if (name === 'batches') {
    const rows = await db.select({ path: batches.path }).from(batches).where(eq(batches.networkId, networkId))
    paths.push(...rows.map((row) => row.path))
  }
  if (name === 'imports') {
    const rows = await db
      .select({ upload: imports.uploadPath, rejects: imports.rejectsPath })
      .from(imports)
      .where(eq(imports.networkId, networkId))
    paths.push(...rows.flatMap((row) => [row.upload, row.rejects]))
  }
  for (const path of paths) {
    if (!path) continue
    const within = relative(dataFolder, path.startsWith('/') ? path : join(dataFolder, path))
    if (within === '' || within.startsWith('..')) continue
    await rm(join(dataFolder, within), { recursive: true, force: true })
  }
}

/**
 * A campaign of several weeks on the time machine, in a process of its own, to be killed: goes on from wherever the one
 * before it was, says "over" and ends. The wall clock stands still within a run and is an hour on in the next, so that
 * what a killed run had claimed is free again. At the transaction named in RELAIS_TEST_KILL, `7` or `7 committed`, it
 * kills itself as kill -9 does: before that is committed, or right after.
 */
import { count, eq } from 'drizzle-orm'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { businessNow } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import type { Tx } from '../../src/db/index.ts'
import { networks } from '../../src/db/schema.ts'
import { openRelais } from '../../src/main.ts'
import { importFile } from '../../src/network/import/import-file.ts'
import { createNetwork, listNetworks } from '../../src/network/networks.ts'
import { setUpNetwork } from '../../src/network/setup.ts'
import { listBatches, markPosted } from '../../src/print-shop/batches.ts'
import { advance } from '../../src/time-machine.ts'

const { RELAIS_TEST_RUN, RELAIS_TEST_FILE, RELAIS_TEST_CAMPAIGN, RELAIS_TEST_KILL, ...env } = process.env
const begins = new Date('2027-01-11T06:00:00Z')
const wallNow = new Date(begins.getTime() + Number(RELAIS_TEST_RUN) * 3_600_000)

/** Nobody does anything by themselves. */
const simulation = { seed: 'kill', leanings: () => new Proxy({}, { get: () => false }) }
const relais = await openRelais({ ...readConfig(env), logLevel: 'error' }, { wall: { now: () => wallNow }, simulation })

const [fatal = Number.POSITIVE_INFINITY, isCommitted] = RELAIS_TEST_KILL?.split(' ') ?? []
let begun = 0
const die = () => process.kill(process.pid, 'SIGKILL')
const { db } = relais.context
const context: Context = {
  ...relais.context,
  db: Object.assign(Object.create(db), {
    transaction: async <T>(work: (tx: Tx) => Promise<T>) => {
      if (++begun !== Number(fatal)) return db.transaction(work)
      const done = await db.transaction(async (tx) => {
        const made = await work(tx)
        if (!isCommitted) die()
        return made
      })
      die()
      return done
    },
  }),
}

if (RELAIS_TEST_FILE !== undefined) {
  const network = await context.db.transaction((tx) =>
    createNetwork(
      tx,
      { name: 'reseau', title: 'Réseau', mode: 'sandbox', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      wallNow,
    ),
  )
  await importFile(context, { file: RELAIS_TEST_FILE, networkId: network.id, basis: 'consent' })
  await setUpNetwork(context, network)
  const source = { file: 'suite.yaml', text: RELAIS_TEST_CAMPAIGN as string }
  await launchCampaign(context, network, source, 'test', businessNow(wallNow, network))
} else {
  const network = async () => (await listNetworks(context.db))[0]!
  const to = async (at: string) => {
    const target = new Date(at)
    const own = await network()
    if (businessNow(wallNow, own) < target) await advance(context, own, { to: target })
  }
  await to('2027-01-27T12:00:00Z')
  for (const batch of await listBatches(context.db, (await network()).id))
    if (batch.status !== 'posted') await markPosted(context, await network(), { batch: batch.id, actor: 'test' })
  await to('2027-03-01T12:00:00Z')
  const [row] = await context.db.select({ n: count() }).from(networks).where(eq(networks.name, 'reseau'))
  process.stdout.write(`over ${row?.n}\n`)
}
await relais.close()

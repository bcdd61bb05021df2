import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../../src/db/index.ts'
import { contacts } from '../../../src/db/schema.ts'
import { importFile } from '../../../src/network/import/import-file.ts'
import { createNetwork } from '../../../src/network/networks.ts'
import { freshDatabase, type TestDatabase } from '../../database.ts'

let store: TestDatabase
let worlds = 0
const now = new Date('2026-09-01T08:00:00Z')
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

/** As after a deadlock: whatever a transaction does is undone and done once more. */
function begunTwice(db: Db): Db {
  const transaction: Db['transaction'] = async (work) => {
    const undone = new Error('undone')
    await db
      .transaction(async (tx) => {
        await work(tx)
        throw undone
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error
      })
    return db.transaction(work)
  }
  return Object.assign(Object.create(db) as Db, { transaction })
}

const cell = {
  code: fc.constantFrom('S1', 'S2', 'S3', '', ' S1 '),
  name: fc.constantFrom('Nord', 'Sud', '', '"Nord'),
  postcode: fc.constantFrom('75011', '1340', '99999', '', '97400'),
  first: fc.constantFrom('Jeanne', 'JEANNE', 'Paul', '', 'Zoe\u0308', 'Zoë'),
  email: fc.constantFrom(
    'a@x.example.com',
    'A@x.example.com',
    'info@x.example.com',
    'pas de mail',
    '',
    'b at x.example.com',
  ),
  mobile: fc.constantFrom('0639980001', '639980001', '06 12', '', '6.12E+08', '+33142345678', '0639980002'),
  wish: fc.constantFrom('oui', 'non', '', 'x', '?'),
}
const row = fc
  .tuple(cell.code, cell.name, cell.postcode, cell.first, cell.email, cell.mobile, cell.wish, cell.wish)
  .map((cells) => cells.join(';'))
const dirtyRow = fc.oneof(
  { weight: 12, arbitrary: row },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ';;;;;;;', 'S1;too;short', 'S1;"open;1;2;3', '"', 'S1;"x"y;75011;A;;;;'),
  },
)
const table = fc
  .array(dirtyRow, { maxLength: 40 })
  .chain((rows) => fc.subarray(rows).map((repeated) => [...rows, ...repeated]))

test('whatever the file: the rows add up, a dry run foretells the run, also where PostgreSQL has it begun anew, and a second run changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom('unstated' as const, 'consent' as const), async (rows, basis) => {
      const world = `w${++worlds}`
      const network = await store.db.transaction((tx) =>
        createNetwork(
          tx,
          { name: world, title: world, mode: 'sandbox', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
          now,
        ),
      )
      const file = join(store.folder, `${world}.csv`)
      writeFileSync(
        file,
        `Code site;Raison sociale;Code postal;Prénom;E-mail;Mobile;Accord SMS;Accord suivi\n${rows.join('\n')}\n`,
      )
      const run = (dryRun: boolean, db = store.db) =>
        importFile(
          { db, wall: { now: () => now }, dataFolder: store.folder },
          { file, networkId: network.id, basis, dryRun },
        )
      const dry = await run(true)
      const first = await run(false, begunTwice(store.db))
      const second = await run(false)
      for (const { read, blank, created, updated, unchanged, rejected } of [dry, first, second])
        expect(blank + created + updated + unchanged + rejected).toBe(read)
      const { importId: _, rejectsFile: __, ...counted } = first
      expect({ ...dry, isDryRun: false }).toEqual(counted)
      expect(second).toMatchObject({
        created: 0,
        updated: 0,
        unchanged: first.created + first.updated + first.unchanged,
        rejected: first.rejected,
        sites: { created: 0, updated: 0, unchanged: first.sites.created },
      })
    }),
    { numRuns: 60 },
  )
  expect(await store.db.$count(contacts)).toBeGreaterThan(0)
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { startRelais } from './process.ts'

const partners = join(import.meta.dirname, '../../examples/data/reseau-43.csv')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-move-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const relais = async (data: string, argv: string[], env: NodeJS.ProcessEnv = {}) => {
  const ran = await startRelais([...argv, '--json'], {
    cwd: folder,
    env: { RELAIS_DATA: join(folder, data), LOG_LEVEL: 'silent', ...env },
  }).done
  return { ...ran, json: () => JSON.parse(ran.stdout) as { counts: Record<string, number> } }
}

async function emptyPostgres(): Promise<string> {
  const server = inject('postgresUrl')
  const name = `t${newId().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: `${server}/postgres` })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return `${server}/${name}`
}

test('an installation moves from SQLite to PostgreSQL and back with equal counts, and nothing is imported over it', async () => {
  expect((await relais('here', ['import', partners, '--basis', 'consent'])).code).toBe(0)
  const there = { DATABASE_URL: await emptyPostgres() }
  const out = await relais('here', ['export', '--all', 'all.jsonl.gz'])
  expect(out.code, out.stderr).toBe(0)
  expect(out.json().counts.contacts).toBe(400)

  const moved = await relais('there', ['import', '--all', 'all.jsonl.gz'], there)
  expect(moved.code, moved.stderr).toBe(0)
  expect(moved.json().counts).toEqual(out.json().counts)

  const back = await relais('there', ['export', '--all', 'back.jsonl'], there)
  expect(back.json().counts).toEqual(out.json().counts)
  const home = await relais('home', ['import', '--all', 'back.jsonl'])
  expect(home.json().counts).toEqual(out.json().counts)

  const over = await relais('here', ['import', '--all', 'back.jsonl'])
  expect([over.code, over.stderr]).toEqual([2, expect.stringContaining('import into an empty one')])
  const whole = readFileSync(join(folder, 'all.jsonl.gz'))
  writeFileSync(join(folder, 'cut.jsonl.gz'), whole.subarray(0, whole.length / 2))
  const cut = await relais('new', ['import', '--all', 'cut.jsonl.gz'])
  expect([cut.code, cut.stderr]).toEqual([2, expect.stringContaining('is damaged')])
  const again = await relais('here', ['export', '--all', 'back.jsonl'])
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')])
})

test('a back-up is restored elsewhere by the command line', async () => {
  expect((await relais('live', ['import', partners, '--basis', 'consent'])).code).toBe(0)
  const made = await relais('live', ['backup', 'monday'])
  expect(made.code, made.stderr).toBe(0)
  expect(made.json().counts.contacts).toBe(400)
  const put = await relais('again', ['restore', 'monday'])
  expect(put.code, put.stderr).toBe(0)
  expect(put.json().counts).toEqual(made.json().counts)
  expect((await relais('again', ['restore', 'monday'])).code).toBe(2)
  expect((await relais('live', ['backup', 'monday'])).stderr).toContain('is there already')
  expect((await relais('live', ['restore', 'tuesday'])).stderr).toContain('There is no tuesday')
})

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { auditEntries, contacts } from '../../src/db/schema.ts'
import { cast, type World, world } from '../world.ts'
import { captured } from './captured.ts'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w.close())

async function relais(argv: string[], answer?: boolean) {
  const io = captured({ cwd: w.store.folder, answer })
  const exit = await run(argv, io, async () => w.relais)
  return { exit, stdout: io.stdout(), stderr: io.stderr() }
}
const odile = async () =>
  (
    await w.context.db
      .select()
      .from(contacts)
      .where(eq(contacts.id, await w.contactId(cast.odile.id)))
  )[0]!

test('relais contact --export writes all that is held about a person, for its owner’s eyes, and says how much', async () => {
  const said = await relais(['contact', cast.odile.id, '--export', 'odile.json', '--json'])
  expect(said.exit).toBe(0)
  const { file, rows } = JSON.parse(said.stdout) as { file: string; rows: number }
  expect(file).toBe('odile.json')
  const path = join(w.store.folder, 'odile.json')
  const held = JSON.parse(readFileSync(path, 'utf8')) as { tables: Record<string, unknown[]> }
  expect(Object.values(held.tables).reduce((sum, list) => sum + list.length, 0)).toBe(rows)
  expect(JSON.stringify(held)).toContain(cast.odile.email)
  expect(JSON.stringify(held)).not.toContain(cast.karim.email)
  expect(statSync(path).mode & 0o077).toBe(0)
  expect((await relais(['contact', cast.odile.id, '--export', 'odile.csv'])).exit).toBe(0)
  expect(readFileSync(join(w.store.folder, 'odile.csv'), 'utf8')).toContain(cast.odile.email)
  const trail = await w.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'contact.export'))
  expect(trail.map(({ data }) => data)).toEqual([{ format: 'json' }, { format: 'csv' }])
})

test('relais contact --erase asks first; refused, or with nobody to answer, nothing changes', async () => {
  expect((await relais(['contact', cast.odile.id, '--erase'], false)).exit).toBe(1)
  const alone = await relais(['contact', cast.odile.id, '--erase'])
  expect(alone.exit).toBe(2)
  expect(alone.stderr).toContain('--yes')
  expect((await odile()).erasedAt).toBeNull()
  expect((await relais(['contact', 'nobody', '--erase', '--yes'])).exit).toBe(2)
})

test('confirmed, it erases and shows the certificate by table', async () => {
  const id = (await odile()).id
  const said = await relais(['contact', id, '--erase', '--yes', '--json'])
  expect(said.exit).toBe(0)
  const certificate = JSON.parse(said.stdout) as { status: string; erased: Record<string, number> }
  expect(certificate.status).toBe('done')
  expect(certificate.erased.contacts).toBe(1)
  const [gone] = await w.context.db.select().from(contacts).where(eq(contacts.id, id))
  expect(gone).toMatchObject({ firstName: null, lastName: null, isActive: false })
  // Her name is not a way to her any more.
  expect((await relais(['contact', cast.odile.id])).exit).toBe(2)
})

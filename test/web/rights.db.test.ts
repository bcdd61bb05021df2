import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditEntries, contacts } from '../../src/db/schema.ts'
import { runJobs } from '../../src/job/run.ts'
import { cast, type World, world } from '../world.ts'
import { type Browser, openSite, type Site } from './client.ts'
import { enrol } from './route-table/people.ts'

let w: World
let site: Site
let owner: Browser
let path: string

beforeAll(async () => {
  w = await world()
  site = openSite(w.context.db, undefined, { context: w.context, wall: w.clock })
  site.clock.at = w.clock.now()
  owner = site.browser()
  await owner.signIn()
  path = `/console/contacts/${await w.contactId(cast.odile.id)}`
})
afterAll(() => w.close())

const trail = (action: 'contact.export' | 'contact.erase') =>
  w.context.db.select().from(auditEntries).where(eq(auditEntries.action, action))
const person = async () =>
  (
    await w.context.db
      .select()
      .from(contacts)
      .where(eq(contacts.id, path.split('/').at(-1)!))
  )[0]!

test('the page of a person’s rights offers a copy and an erasure, to who may write contacts', async () => {
  const text = await (await owner.get(`${path}/rights`)).text()
  expect(text).toContain(`action="${path}/export"`)
  expect(text).toContain(`action="${path}/erase"`)
  const reader = await enrol(w.context.db, site, {
    ...{ networkId: w.network.id, called: 'reader', role: 'auditor', scope: {} },
  })
  expect((await reader.browser.get(`${path}/rights`)).status).toBe(404)
  expect((await reader.browser.post(`${path}/export`, { format: 'json' })).status).toBe(403)
  expect((await reader.browser.post(`${path}/erase`, { confirmed: 'on' })).status).toBe(403)
  expect(await trail('contact.export')).toEqual([])
})

test('a copy comes as JSON and as CSV, kept by no cache, and each is written in the trail', async () => {
  const json = await owner.post(`${path}/export`, { format: 'json' })
  expect(json.headers.get('content-type')).toContain('application/json')
  expect(json.headers.get('content-disposition')).toContain('.json')
  expect(json.headers.get('cache-control')).toBe('no-store')
  const held = (await json.json()) as { tables: Record<string, unknown[]> }
  expect(JSON.stringify(held.tables.addresses)).toContain(cast.odile.email)
  expect(JSON.stringify(held)).not.toContain(cast.karim.email)
  const csv = await owner.post(`${path}/export`, { format: 'csv' })
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(await csv.text()).toContain(cast.odile.email)
  expect((await trail('contact.export')).map(({ data }) => data)).toEqual([{ format: 'json' }, { format: 'csv' }])
})

test('an erasure asks for a confirmation first, then leaves a page without a name and a certificate', async () => {
  expect((await owner.post(`${path}/erase`)).status).toBe(422)
  expect((await person()).erasedAt).toBeNull()
  const done = await owner.post(`${path}/erase`, { confirmed: 'on' })
  expect([done.status, done.headers.get('location')]).toEqual([303, path])
  await runJobs(w.context)
  expect(await person()).toMatchObject({ lastName: null, isActive: false })
  const text = await (await owner.get(path)).text()
  expect(text).toContain('Attestation d’effacement')
  expect(text).not.toContain('Martin')
  expect(await trail('contact.erase')).toHaveLength(1)
  // Pressed again, nothing more happens.
  expect((await owner.post(`${path}/erase`, { confirmed: 'on' })).status).toBe(303)
  expect(await trail('contact.erase')).toHaveLength(1)
})

import { eq, isNull } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import type { NetworkSettings } from '../../src/db/schema/network.ts'
import { auditEntries, consents, contacts, events, networks } from '../../src/db/schema.ts'
import { enqueue } from '../../src/job/enqueue.ts'
import { runJobs } from '../../src/job/run.ts'
import { retentionJobId } from '../../src/retention/ask.ts'
import { changeTerm } from '../../src/retention/change-terms.ts'
import { silentPeople } from '../../src/retention/silent.ts'
import type { EventType } from '../../src/words.ts'
import { openSite } from '../web/client.ts'
import { cast, type World, world } from '../world.ts'

const year = 365.25 * 86_400_000
let w: World
beforeAll(async () => {
  w = await world()
  // Everyone has been known for four years, and the file told nothing of them since.
  await w.context.db.update(contacts).set({ createdAt: ago(4) })
})
afterAll(() => w.close())

const ago = (years: number) => new Date(w.clock.now().getTime() - years * year)
const silent = async (settings: NetworkSettings = w.network.settings) =>
  (await silentPeople(w.context.db, { id: w.network.id, settings }, w.clock.now())).people
    .map(({ lastName }) => lastName)
    .sort()
const change = async (id: string, set: Partial<typeof contacts.$inferInsert>) =>
  w.context.db
    .update(contacts)
    .set(set)
    .where(eq(contacts.id, await w.contactId(id)))
const did = async (id: string, type: EventType, years: number) => {
  const at = ago(years)
  await w.context.db.insert(events).values({
    ...{ networkId: w.network.id, id: newId(), type, contactId: await w.contactId(id), dedupeKey: newId(), data: {} },
    ...{ occurredAt: at, recordedAt: at },
  })
}

test('everyone known for longer than three years is silent, whatever a file said of their wishes', async () => {
  expect(await silent()).toHaveLength(7)
})

test('an act within three years breaks the silence; an open does not, nor one before', async () => {
  await did(cast.marcel.id, 'click', 2)
  await did(cast.odile.id, 'open', 1)
  await did(cast.karim.id, 'reply', 3.2)
  await did(cast.sylvie.id, 'stop', 1)
  expect(await silent()).toEqual(['Benali', 'Martin', 'Perdu', 'Petit', 'Royer'])
})

test('a choice of their own breaks it, and so does a day of activity in the file; who came lately is not in it', async () => {
  await w.context.db.insert(consents).values({
    ...{ networkId: w.network.id, id: newId(), contactId: await w.contactId(cast.helene.id), channel: 'email' },
    ...{ purpose: 'receive', action: 'grant', value: 'yes', basis: 'consent', source: 'preferences', actor: 'self' },
    ...{ occurredAt: ago(1), recordedAt: ago(1) },
  })
  await change(cast.lucas.id, { lastActivityOn: ago(2).toISOString().slice(0, 10) })
  await change(cast.jean.id, { createdAt: ago(1) })
  expect(await silent()).toEqual(['Benali', 'Martin'])
  // The file may say of a newcomer that nobody has heard of them for long.
  await change(cast.jean.id, { lastActivityOn: ago(5).toISOString().slice(0, 10) })
  expect(await silent()).toEqual(['Benali', 'Martin', 'Perdu'])
})

test('a network’s own term takes the place of the shipped one, in the list and in its words', async () => {
  const { db } = w.context
  const act = { networkId: w.network.id, actor: 'owner', at: w.clock.now() }
  const own = { value: 54, source: 'Our own rule', checkedOn: '2026-11-20', setBy: 'owner' }
  const settingsNow = async () => (await db.select().from(networks).where(eq(networks.id, w.network.id)))[0]!.settings
  const shown = async () => {
    const text = await (await owner.get('/console/settings/retention/silent?network=reseau&lang=en')).text()
    return text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  }
  const site = openSite(db, undefined, { context: w.context, wall: w.clock })
  site.clock.at = w.clock.now()
  const owner = site.browser()
  await owner.signIn()

  await db.transaction((tx) => changeTerm(tx, act, 'silence', own))
  // Known for four years is not long enough any more; the file’s five years are.
  expect(await silent(await settingsNow())).toEqual(['Perdu'])
  expect(await shown()).toMatch(/54 (mois|months)/)
  await db.transaction((tx) => changeTerm(tx, act, 'silence', { ...own, value: 18 }))
  expect(await silent(await settingsNow())).toEqual(['Benali', 'Martin', 'Perdu', 'Petit', 'Poteau'])
  await db.transaction((tx) => changeTerm(tx, act, 'silence', undefined))
  expect(await silent(await settingsNow())).toEqual(['Benali', 'Martin', 'Perdu'])
  expect(await shown()).toMatch(/36 (mois|months)/)
  const trail = await db.select().from(auditEntries).where(eq(auditEntries.subject, 'retention.silence'))
  expect(trail.map(({ data }) => (data as { after: string }).after).sort()).toEqual([
    '18 month',
    '36 month',
    '54 month',
  ])
})

test('the settings list them, each with the way to their rights', async () => {
  const site = openSite(w.context.db, undefined, { context: w.context, wall: w.clock })
  site.clock.at = w.clock.now()
  const owner = site.browser()
  await owner.signIn()
  const page = await owner.get('/console/settings/retention/silent?network=reseau')
  expect(page.status).toBe(200)
  const text = await page.text()
  expect(text).toContain(`/console/contacts/${await w.contactId(cast.odile.id)}/rights`)
  expect(text).not.toContain('Royer')
  expect(text).toContain('deliberation 2021-131')
})

test('nobody past it is removed by the daily run', async () => {
  const { db } = w.context
  const before = await db.$count(contacts)
  await db.transaction((tx) =>
    enqueue(tx, {
      ...{ networkId: w.network.id, id: retentionJobId, kind: 'network.retain' as const, payload: {} },
      at: w.clock.now(),
    }),
  )
  await runJobs(w.context)
  expect(await db.$count(contacts, isNull(contacts.erasedAt))).toBe(before)
  expect(await silent()).toEqual(expect.arrayContaining(['Benali', 'Martin', 'Perdu']))
})

import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { consents, contacts, events } from '../../src/db/schema.ts'
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
const silent = async () =>
  (await silentPeople(w.context.db, w.network.id, w.clock.now())).people.map(({ lastName }) => lastName).sort()
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

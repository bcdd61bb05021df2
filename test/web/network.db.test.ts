import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { addresses, auditEntries, contactAddresses, contacts, memberships, sites, users } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, type Site } from './client.ts'
import { type SmallNetwork, seedSmallNetwork, wallNow } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let owner: Browser

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan)
  owner = site.browser()
  await owner.signIn()
})
afterAll(() => store.drop())

/** What a reader sees, without the frame's markup. */
const readable = (html: string) =>
  html
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, '’')
    .replace(/\s+/g, ' ')
const page = async (path: string, browser = owner) => {
  const answer = await browser.get(path)
  expect(answer.status, path).toBe(200)
  return answer.text()
}
const rowsOf = (html: string) => [...html.matchAll(/class="row-link"[^>]*>([^<]*)</g)].map((match) => match[1]!.trim())
const nextOf = (html: string) => /class="button" href="([^"]*cursor=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
const contactId = () => demo.contactId
const siteId = async () => (await store.db.select().from(contacts).where(eq(contacts.id, contactId())))[0]!.siteId
const as = async (role: 'region_manager' | 'auditor', scope: { areas?: string[]; sites?: string[] }) => {
  const id = newId()
  const email = `${id}@example.org`
  await store.db.insert(users).values({ id, name: role, email, createdAt: wallNow, updatedAt: wallNow })
  await store.db.insert(memberships).values({ networkId: demo.networkId, userId: id, role, scope, createdAt: wallNow })
  const browser = site.browser()
  await browser.post(await site.link(email))
  return browser
}

describe('the list of contacts', () => {
  test('comes by name, says what people can be reached by, and pages without script', async () => {
    const html = await page('/console/contacts')
    const names = rowsOf(html)
    expect(names[0]).toBe('Nadia Belkacem')
    expect(names).toHaveLength(48)
    expect(readable(html)).toContain('Agence Amiens')
  })

  test('is narrowed by what the address says, and each filter keeps what was chosen', async () => {
    const html = await page('/console/contacts?q=more&profile=field&channel=sms&sort=site')
    expect(new Set(rowsOf(html))).toEqual(new Set(['Lucas Moreau']))
    expect(html).toContain('value="more"')
    expect(html).toMatch(/<option value="field" selected/)
    expect(await page('/console/contacts?q=lucas+mor')).toContain('Lucas Moreau')
  })

  test('an empty one says what to do', async () => {
    const html = readable(await page('/console/contacts?q=zzz'))
    expect(html).toContain('Personne ne correspond')
    expect(html).toContain('Tout afficher')
  })

  test('a place that it does not know is a malformed request, as is an unknown filter', async () => {
    expect((await owner.get('/console/contacts?cursor=nonsense')).status).toBe(400)
    expect((await owner.get('/console/contacts?profile=boss')).status).toBe(400)
    expect((await owner.get('/console/contacts?site=nowhere')).status).toBe(404)
  })

  test('shows a region manager their sites only', async () => {
    const mine = await as('region_manager', { sites: [await siteId()] })
    const names = rowsOf(await page('/console/contacts', mine))
    expect(names).toHaveLength(6)
    expect(rowsOf(await page('/console/sites', mine))).toHaveLength(1)
    expect(readable(await page('/console/search?q=moreau', mine)).match(/Lucas Moreau/g)).toHaveLength(1)
  })

  test('has many pages, and the link to the next one works', async () => {
    const [one] = await store.db.select().from(contacts).where(eq(contacts.id, contactId()))
    await store.db.insertRows(
      contacts,
      Array.from({ length: 60 }, (_, n) => ({
        ...one!,
        id: newId(),
        identityKey: `more ${n}`,
        firstName: `Zoé ${n}`,
        lastName: 'Zzyx',
        nameKey: `zzyx zoe ${n}`,
        givenKey: `zoe ${n} zzyx`,
      })),
    )
    const first = await page('/console/contacts?q=zzyx')
    expect(rowsOf(first)).toHaveLength(50)
    expect(rowsOf(await page(nextOf(first)!))).toHaveLength(10)
    await store.db.delete(contacts).where(eq(contacts.lastName, 'Zzyx'))
  })
})

describe('the list of sites', () => {
  test('comes by name, town or area, with the number of contacts', async () => {
    expect(rowsOf(await page('/console/sites'))[0]).toBe('Agence Amiens')
    expect(rowsOf(await page('/console/sites?sort=city&direction=down'))[0]).toBe('Agence Rennes')
    expect(readable(await page('/console/sites?q=ag102'))).toContain('Agence Colmar')
  })
})

describe('a contact', () => {
  test('is edited: what cannot be stays in the form with what is wrong, what can is saved and on record', async () => {
    const path = `/console/contacts/${contactId()}`
    const form = await page(`${path}/edit`)
    expect(form).toContain('value="Lucas"')
    const entry = { firstName: 'Lucas', lastName: 'Moreau', function: 'Chauffagiste', profile: '', language: 'fr' }
    const refused = await owner.post(path, { ...entry, mobile: '01 23 45 67 89', email: 'lucas.moreau' })
    expect(refused.status).toBe(422)
    const again = readable(await refused.text())
    expect(again).toContain('2 champs sont à corriger')
    expect(again).toContain('ne reçoit pas de SMS')
    const saved = await owner.post(path, { ...entry, mobile: '06 39 98 44 44', email: 'lucas.moreau@amiens.example' })
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `${path}?done=saved`])
    const seen = readable(await page(`${path}?done=saved`))
    expect(seen).toContain('Le contact est enregistré')
    expect(seen).toContain('+33639984444')
    expect(seen).toContain('Chauffagiste')
    const trail = await store.db.select().from(auditEntries).where(eq(auditEntries.subject, contactId()))
    expect(trail.map((one) => one.action)).toContain('contact.change')
    expect(JSON.stringify(trail)).not.toContain('4444')
  })

  test('is set aside and taken back', async () => {
    const path = `/console/contacts/${contactId()}`
    await owner.post(`${path}/active`, { isActive: 'no' })
    expect(readable(await page(path))).toContain('Inactif')
    expect(rowsOf(await page('/console/contacts?state=inactive'))).toEqual(['Lucas Moreau'])
    await owner.post(`${path}/active`, { isActive: 'yes' })
    expect(rowsOf(await page('/console/contacts?state=inactive'))).toEqual([])
  })

  test('is added from its site; a namesake there is shown instead of added', async () => {
    const id = await siteId()
    expect(await page(`/console/contacts/new?site=${id}`)).toContain(`value="${id}"`)
    const entry = { site: id, firstName: 'Zoé', lastName: 'Neuf', language: 'fr' }
    const added = await owner.post('/console/contacts', entry)
    expect(added.status).toBe(303)
    const again = await owner.post('/console/contacts', entry)
    expect(again.status).toBe(422)
    expect(await again.text()).toContain(added.headers.get('location')!.split('?')[0]!)
    expect((await owner.get('/console/contacts/new')).status).toBe(303)
  })

  test('once erased, only says so, and cannot be edited', async () => {
    const path = `/console/contacts/${contactId()}`
    await store.db.update(contacts).set({ erasedAt: wallNow }).where(eq(contacts.id, contactId()))
    const seen = readable(await page(path))
    expect(seen).toContain('Ce contact a été effacé')
    expect(seen).not.toContain('Moreau')
    expect((await owner.get(`${path}/edit`)).status).toBe(404)
    expect((await owner.post(path, { firstName: 'A', lastName: 'B', language: 'fr' })).status).toBe(404)
    await store.db.update(contacts).set({ erasedAt: null }).where(eq(contacts.id, contactId()))
  })

  test('is not edited by who may only look', async () => {
    const reader = await as('auditor', {})
    const path = `/console/contacts/${contactId()}`
    expect(readable(await page(path, reader))).not.toContain('Mettre de côté')
    expect((await reader.get(`${path}/edit`)).status).toBe(404)
    expect((await reader.post(path, {})).status).toBe(403)
  })
})

describe('a site', () => {
  test('is edited, with hours day by day', async () => {
    const path = `/console/sites/${await siteId()}`
    const form = await page(`${path}/edit`)
    expect(form).toContain('name="hours7"')
    const entry = { name: 'Agence Amiens', postcode: '80000', city: 'Amiens', country: 'FR', timezone: 'Europe/Paris' }
    const refused = await owner.post(path, { ...entry, hours1: 'le matin' })
    expect(refused.status).toBe(422)
    expect(readable(await refused.text())).toContain('8h-12h 13h30-18h')
    const saved = await owner.post(path, { ...entry, addressLine1: '14 rue des Forges', hours1: '8h-12h 14h-18h' })
    expect(saved.status).toBe(303)
    const seen = readable(await page(path))
    expect(seen).toContain('14 rue des Forges 80000 Amiens')
    expect(seen).toContain('Lundi 8h-12h 14h-18h')
    expect(seen).toContain('Hauts-de-France')
  })

  test('is added, once under its code', async () => {
    const entry = {
      code: 'AG900',
      name: 'Agence Brest',
      postcode: '29200',
      city: 'Brest',
      country: 'FR',
      timezone: 'Europe/Paris',
    }
    const added = await owner.post('/console/sites', entry)
    expect(added.status).toBe(303)
    expect(readable(await page(added.headers.get('location')!))).toContain('Bretagne')
    expect((await owner.post('/console/sites', entry)).status).toBe(422)
  })
})

describe('the queue of addresses', () => {
  const troubled = async () => {
    const [link] = await store.db
      .select({ id: contactAddresses.addressId })
      .from(contactAddresses)
      .where(
        and(
          eq(contactAddresses.contactId, contactId()),
          eq(contactAddresses.kind, 'mobile'),
          eq(contactAddresses.rank, 0),
        ),
      )
    await store.db
      .update(addresses)
      .set({ status: 'dead', statusReason: 'unknown_number', updatedAt: wallNow })
      .where(eq(addresses.id, link!.id))
    return link!.id
  }

  test('says what happened to whom, and each way out works', async () => {
    const id = await troubled()
    const html = readable(await page('/console/hygiene'))
    expect(html).toContain('Numéros hors service 1')
    expect(html).toContain('Lucas Moreau')
    expect(html).toContain('Numéro inconnu')
    const refused = await owner.post(`/console/hygiene/${id}/correct`, { value: '12' })
    expect(refused.status).toBe(422)
    expect(readable(await refused.text())).toContain('Il manque des chiffres')
    const good = await owner.post(`/console/hygiene/${id}/good`)
    expect(good.headers.get('location')).toContain('/console/hygiene?done=markedGood')
    expect(readable(await page('/console/hygiene'))).toContain('Aucune adresse à revoir')
    await troubled()
    expect((await owner.post(`/console/hygiene/${id}/correct`, { value: '06 39 98 66 66' })).status).toBe(303)
    expect(readable(await page(`/console/contacts/${contactId()}`))).toContain('+33639986666')
    const next = await troubled()
    expect((await owner.post(`/console/hygiene/${next}/drop`)).status).toBe(303)
    expect((await owner.get(`/console/hygiene/${next}`)).status).toBe(404)
  })
})

describe('the search', () => {
  test('finds people, sites and campaigns, each in its group', async () => {
    expect(readable(await page('/console/search?q=fontaine+claire'))).toContain('Claire Fontaine')
    expect(readable(await page('/console/search?q=colmar'))).toContain('Agence Colmar')
    const more = await page('/console/search?q=agence')
    expect(more).toContain('/console/sites?state=all&amp;q=agence')
  })

  test('says where it looked when nothing was found, by what the reader may see', async () => {
    expect(readable(await page('/console/search?q=zzzz'))).toContain('les campagnes (titre, nom)')
    const mine = await as('region_manager', { areas: ['Nulle part'] })
    const html = readable(await page('/console/search?q=claire', mine))
    expect(html).toContain('Rien ne commence par « claire »')
    expect(html).not.toContain('les campagnes')
  })

  test('asks for a little more than one letter', async () => {
    expect(readable(await page('/console/search?q=c'))).toContain('Deux caractères au moins')
    expect(readable(await page('/console/search'))).toContain('Écrivez ce que vous cherchez')
  })
})

test('every page of the room is in English too', async () => {
  const id = await siteId()
  for (const [path, words] of [
    ['/console/contacts', 'The people at your sites'],
    [`/console/contacts/${contactId()}/edit`, 'Edit the contact'],
    ['/console/sites', 'The outlets and branches'],
    [`/console/sites/${id}`, 'Opening hours'],
    ['/console/hygiene', 'Addresses to review'],
    ['/console/search?q=zzzz', 'Nothing begins with'],
  ] as const)
    expect(readable(await page(`${path}${path.includes('?') ? '&' : '?'}lang=en`)), path).toContain(words)
  expect(await store.db.$count(sites)).toBeGreaterThan(0)
})

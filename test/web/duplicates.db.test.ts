import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEntries, contacts, duplicates, sites } from '../../src/db/schema.ts'
import { importFile } from '../../src/network/import/import-file.ts'
import { createNetwork } from '../../src/network/networks.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, type Site } from './client.ts'
import { enrol } from './route-table/people.ts'
import { seedSmallNetwork, wallNow } from './small-network.ts'

let store: TestDatabase
let site: Site
let owner: Browser
let networkId: string
const list = '/console/duplicates?network=reseau'

const file = [
  'Code site;Raison sociale;Code postal;Ville;Identifiant;Prénom;Nom;Fonction;E-mail;Mobile',
  'S1;Nord;69003;Lyon;A1;Jeanne;Dupont;;jeanne@example.com;06 39 98 01 01',
  'S2;Sud;69003;Lyon;A2;Jane;Dupond;Acheteuse;;06 39 98 01 01',
  'S3;Est;67000;Strasbourg;A3;Paul;Martin;;paul@example.com;',
  'S3;Est;67000;Strasbourg;A4;Paul;Martin;;;06 39 98 01 04',
  'S4;Ouest;35000;Rennes;A5;Inès;Garnier;;ines@example.com;',
  'S5;Centre;45000;Orléans;A6;I.;Garnier;;ines@example.com;',
].join('\n')

beforeAll(async () => {
  store = await freshDatabase()
  const demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan, { dataFolder: store.folder })
  const network = await store.db.transaction((tx) =>
    createNetwork(
      tx,
      { name: 'reseau', title: 'Réseau', mode: 'sandbox', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      wallNow,
    ),
  )
  networkId = network.id
  const path = join(store.folder, 'partners.csv')
  writeFileSync(path, file)
  await importFile(site.deps.context, { file: path, networkId })
  ;({ browser: owner } = await enrol(store.db, site, { networkId, called: 'owner here', role: 'owner', scope: {} }))
})
afterAll(() => store.drop())

const readable = (html: string) =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/[\s\u202f\u00a0]+/g, ' ')
const html = async (path: string, browser = owner) => {
  const answer = await browser.get(path)
  expect(answer.status, path).toBe(200)
  return answer.text()
}
const text = async (path: string) => readable(await html(path))
const idOf = async (externalId: string) => {
  const [row] = await store.db.select({ id: contacts.id }).from(contacts).where(eq(contacts.externalId, externalId))
  return row!.id
}
/** The address of a pair, as the list gives it. */
const pair = async (one: string, other: string) =>
  `/console/duplicates/${[await idOf(one), await idOf(other)].sort().join('/')}`

test('before a search the page says how pairs are found; the search finds them', async () => {
  const answer = await owner.get(list)
  // The import has asked for one, and no worker has come yet.
  expect(answer.headers.get('refresh')).toBe('3')
  await owner.post('/console/duplicates/search?network=reseau')
  const page = await text(list)
  for (const expected of [
    'Jeanne Dupont Nord Jane Dupond Sud Même mobile',
    'Paul Martin Est Paul Martin Est Même nom, même site',
    'Inès Garnier Ouest I. Garnier Centre Même adresse e-mail personnelle',
    'Dernière recherche le',
  ])
    expect(page).toContain(expected)
  expect(site.errors).toEqual([])
})

test('a pair is shown side by side: what differs can be chosen, what is proposed says why', async () => {
  const path = await pair('A1', 'A2')
  const page = await html(path)
  const said = readable(page)
  expect(said).toContain('Jeanne Dupont et Jane Dupond : la même personne ?')
  expect(said).toContain('Fonction proposé : seule renseignée — Acheteuse')
  expect(said).toContain('Mobile +33639980101 +33639980101')
  expect(page).toMatch(/name="function" value="b" checked/)
  expect(page).toMatch(/name="firstName" value="a" checked/)
  expect(page).not.toContain('name="mobile"')
  const english = readable(await html(`${path}?lang=en`))
  expect(english).toContain('Jeanne Dupont and Jane Dupond: the same person?')
  await owner.get(`${path}?lang=fr`)
})

test('two people are told apart once, and not brought up again', async () => {
  const path = await pair('A5', 'A6')
  const answer = await owner.post(`${path}/dismiss`)
  expect(answer.headers.get('location')).toContain('done=dismissed')
  expect(await text(`${list}&done=dismissed`)).toContain('C’est noté : ce sont deux personnes.')
  await owner.post('/console/duplicates/search?network=reseau')
  expect(await text(list)).not.toContain('Garnier')
  expect((await owner.get(path)).status).toBe(404)
})

describe('merging', () => {
  test('is confirmed with what will be, done, and on record', async () => {
    const path = await pair('A1', 'A2')
    const [keep, gone] = [await idOf('A1'), await idOf('A2')]
    const chosen = { keep, firstName: 'b', lastName: 'a', function: 'b', site: 'b' }
    const confirmation = await text(`${path}/merge?${new URLSearchParams(chosen)}`)
    for (const expected of [
      'Fiche gardée : Jeanne Dupont, Nord',
      'Fiche qui disparaît : Jane Dupond, Sud',
      'Site Sud',
      'Prénom Jane',
      'Nom Dupont',
      'Fonction Acheteuse',
      'C’est définitif.',
    ])
      expect(confirmation).toContain(expected)
    expect(await store.db.$count(contacts, eq(contacts.networkId, networkId))).toBe(6)
    const answer = await owner.post(`${path}/merge`, chosen)
    expect(answer.headers.get('location')).toBe('/console/duplicates?network=reseau&done=merged')
    const [sud] = await store.db.select().from(sites).where(eq(sites.externalId, 'S2'))
    const [row] = await store.db.select().from(contacts).where(eq(contacts.id, keep))
    expect(row).toMatchObject({ firstName: 'Jane', lastName: 'Dupont', function: 'Acheteuse', siteId: sud!.id })
    expect(await store.db.$count(contacts, eq(contacts.id, gone))).toBe(0)
    expect(await store.db.select().from(auditEntries).where(eq(auditEntries.subject, keep))).toMatchObject([
      { action: 'contact.merge', data: { merged: gone, taken: expect.arrayContaining(['site', 'firstName']) } },
    ])
    // Pressed again, there is nothing left to merge.
    expect((await owner.post(`${path}/merge`, chosen)).status).toBe(404)
  })

  test('without a word on what to take takes what was proposed', async () => {
    const path = await pair('A3', 'A4')
    const keep = await idOf('A4')
    await owner.post(`${path}/merge`, { keep })
    const page = await text(`/console/contacts/${keep}`)
    expect(page).toContain('paul@example.com')
  })

  test('of somebody who is neither of the two is refused', async () => {
    const [one, other] = [await idOf('A5'), await idOf('A6')].sort() as [string, string]
    await store.db.update(duplicates).set({ status: 'open' }).where(eq(duplicates.contactId, one))
    expect((await owner.post(`/console/duplicates/${one}/${other}/merge`, { keep: 'x' })).status).toBe(400)
  })
})

test('whoever answers for some sites sees only pairs within them', async () => {
  const [west] = await store.db.select().from(sites).where(eq(sites.externalId, 'S4'))
  const [centre] = await store.db.select().from(sites).where(eq(sites.externalId, 'S5'))
  const path = await pair('A5', 'A6')
  const marketer = async (called: string, within: string[]) =>
    (await enrol(store.db, site, { networkId, called, role: 'marketer', scope: { sites: within } })).browser
  const both = await marketer('of both', [west!.id, centre!.id])
  expect(readable(await html(list, both))).toContain('Garnier')
  expect((await both.get(path)).status).toBe(200)
  const one = await marketer('of one', [west!.id])
  expect(readable(await html(list, one))).not.toContain('Garnier')
  expect((await one.get(path)).status).toBe(404)
  expect((await one.post(`${path}/merge`, { keep: await idOf('A5') })).status).toBe(404)
})

import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditEntries, sites } from '../../src/db/schema.ts'
import {
  type Brand,
  discardDraft,
  emptyBrand,
  publishDraft,
  readBrand,
  saveDraft,
  savePartner,
} from '../../src/library/brand.ts'
import { dressOf, partnersOf } from '../../src/library/dress.ts'
import { listPartners, sitesBeginning } from '../../src/library/partners.ts'
import { deletePicture, everyUseOf, usesOf } from '../../src/library/picture-use.ts'
import {
  addPicture,
  countPictures,
  findPicture,
  listPictures,
  nameFrom,
  pictureAt,
  pictureFile,
} from '../../src/library/pictures.ts'
import { readPicture } from '../../src/library/read-picture.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type SmallNetwork, seedSmallNetwork } from '../web/small-network.ts'
import { fakeRandom } from '../world.ts'
import { aSite, keepPicture } from './in-library.ts'
import { jpg, png } from './pictures.ts'

let store: TestDatabase
let demo: SmallNetwork
let networkId: string
const at = new Date('2026-11-16T09:00:00Z')
const by = { userId: 'u1', at }

beforeEach(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  networkId = demo.networkId
})
afterEach(() => store.drop())

const change = () => ({ networkId, ...by })
const publish = async (brand: Partial<Brand>) => {
  await store.db.transaction((tx) => saveDraft(tx, change(), { ...emptyBrand, ...brand }))
  await store.db.transaction((tx) => publishDraft(tx, change()))
}
const actions = async () => {
  const rows = await store.db.select({ action: auditEntries.action, seq: auditEntries.seq }).from(auditEntries)
  return rows.sort((a, b) => a.seq - b.seq).map(({ action }) => action)
}

describe('pictures', () => {
  test('the same one is kept once, as it stands, and another network has its own', async () => {
    const first = await keepPicture(store.db, networkId, png({ width: 5, height: 5 }), 'Équipe 2027 (1).PNG')
    expect(first).toMatchObject({ name: 'equipe-2027-1', mime: 'image/png', width: 5, height: 5 })
    const again = await keepPicture(store.db, networkId, png({ width: 5, height: 5 }), 'autre.png', { fr: 'Autre' })
    expect(again).toEqual(first)
    expect(await countPictures(store.db, networkId)).toBe(1)
    const acme = await seedSmallNetwork(store.db, { name: 'acme', number: 2 })
    const theirs = await keepPicture(store.db, acme.networkId, png({ width: 5, height: 5 }))
    expect(theirs.id).not.toBe(first.id)
    expect(await findPicture(store.db, networkId, theirs.id)).toBeUndefined()
  })

  test('two that come in with one name are told apart', async () => {
    const names = []
    for (const width of [1, 2, 3]) names.push((await keepPicture(store.db, networkId, png({ width, height: 1 }))).name)
    expect(names).toEqual(['logo', 'logo-2', 'logo-3'])
  })

  test.each([
    ['Été à l’œuvre.jpeg', 'ete-a-l-oeuvre'],
    ['C:\\Users\\moi\\Logo Réseau.png', 'logo-reseau'],
    ['../../etc/passwd', 'passwd'],
    ['漢字.png', 'image'],
    ['', 'image'],
    [`${'a'.repeat(80)}.png`, 'a'.repeat(60)],
  ])('%s is called %s', (file, name) => {
    expect(nameFrom(file)).toBe(name)
  })

  test('the newest come first, page by page, none twice and none left out', async () => {
    for (let n = 1; n <= 7; n++) {
      const picture = await readPicture(png({ width: n, height: 1 }))
      const when = new Date(at.getTime() + Math.floor(n / 2) * 1_000)
      await store.db.transaction((tx) =>
        addPicture(tx, {
          networkId,
          picture,
          fileName: 'p.png',
          alt: {},
          userId: 'u1',
          random: fakeRandom(`${n}`),
          at: when,
        }),
      )
    }
    const widths: number[] = []
    let cursor: string | undefined
    do {
      const page = await listPictures(store.db, networkId, { cursor, limit: 3 })
      widths.push(...page.rows.map((row) => row.width))
      cursor = page.next
    } while (cursor)
    expect(widths.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(widths[0]).toBeGreaterThanOrEqual(6)
    expect(widths.at(-1)).toBe(1)
  })

  test('are found by their whole address and by nothing less', async () => {
    const row = await keepPicture(store.db, networkId, jpg(3, 3))
    const file = pictureFile(1, row)
    expect(file).toMatch(/^1-[0-9a-f]{32}\.jpg$/)
    expect((await pictureAt(store.db, file))?.mime).toBe('image/jpeg')
    for (const other of [
      file.replace('.jpg', '.png'),
      file.replace('1-', '2-'),
      file.replace('.jpg', ''),
      `${row.id}.jpg`,
      `1-${'0'.repeat(32)}.jpg`,
      file.toUpperCase(),
      `../${file}`,
    ])
      expect(await pictureAt(store.db, other), other).toBeUndefined()
  })
})

describe('a picture that is in use stays', () => {
  test('as a logo, in the draft, and once it was one', async () => {
    const [one, two] = [
      await keepPicture(store.db, networkId, png({ width: 9, height: 3 })),
      await keepPicture(store.db, networkId, png({ width: 9, height: 4 })),
    ]
    await publish({ logo: one.id })
    await store.db.transaction((tx) => saveDraft(tx, change(), { ...emptyBrand, logo: two.id }))
    const uses = await usesOf(store.db, networkId, [one, two])
    expect([uses.get(one.id), uses.get(two.id)]).toEqual([[{ kind: 'brand' }], [{ kind: 'draft' }]])
    await store.db.transaction((tx) => publishDraft(tx, change()))
    expect(await everyUseOf(store.db, networkId, one)).toEqual([{ kind: 'pastBrand' }])
    expect(await store.db.transaction((tx) => deletePicture(tx, one, by))).toEqual([{ kind: 'pastBrand' }])
    expect(await findPicture(store.db, networkId, one.id)).toBeDefined()
  })

  test('as a partner’s logo, and after it', async () => {
    const logo = await keepPicture(store.db, networkId, png({ width: 9, height: 3 }))
    const siteId = await aSite(store.db, networkId)
    const [site] = await store.db.select({ name: sites.name }).from(sites).where(eq(sites.id, siteId))
    const partner = { name: 'Partenaire', logo: logo.id }
    await store.db.transaction((tx) => savePartner(tx, { ...change(), siteId }, partner))
    expect(await everyUseOf(store.db, networkId, logo)).toEqual([{ kind: 'partner', siteId, site: site!.name }])
    expect((await listPartners(store.db, networkId)).rows).toEqual([{ siteId, site: site!.name, partner }])
    await store.db.transaction((tx) => savePartner(tx, { ...change(), siteId }, undefined))
    expect(await everyUseOf(store.db, networkId, logo)).toEqual([{ kind: 'pastPartner', siteId, site: site!.name }])
    expect((await listPartners(store.db, networkId)).rows).toEqual([])
    expect(await partnersOf(store.db, networkId, [siteId])).toEqual(new Map())
  })

  test('and one that is nowhere goes, written down', async () => {
    const row = await keepPicture(store.db, networkId, png({ width: 9, height: 3 }))
    expect(await store.db.transaction((tx) => deletePicture(tx, row, by))).toEqual([])
    expect(await findPicture(store.db, networkId, row.id)).toBeUndefined()
    expect(await actions()).toEqual(['file.add', 'file.remove'])
  })
})

describe('a brand', () => {
  test('is worn only once it is published', async () => {
    expect(await dressOf(store.db, networkId, [])).toBeUndefined()
    await store.db.transaction((tx) => saveDraft(tx, change(), { ...emptyBrand, main: '#112233' }))
    expect(await dressOf(store.db, networkId, [])).toBeUndefined()
    expect(await store.db.transaction((tx) => publishDraft(tx, change()))).toBe(true)
    expect(await dressOf(store.db, networkId, [])).toEqual({
      look: { main: '#112233', accent: emptyBrand.accent },
      pictures: {},
    })
    expect(await store.db.transaction((tx) => publishDraft(tx, change()))).toBe(false)
    expect(await actions()).toEqual(['brand.change'])
  })

  test('keeps what is published when its draft is discarded', async () => {
    await publish({ main: '#112233' })
    await store.db.transaction((tx) => saveDraft(tx, change(), { ...emptyBrand, main: '#445566' }))
    expect(await store.db.transaction((tx) => discardDraft(tx, change()))).toBe(true)
    const { published, draft } = await readBrand(store.db, networkId)
    expect([published?.main, draft]).toEqual(['#112233', undefined])
  })

  test('leaves out a logo that is not there, and finds the pictures that words name', async () => {
    const team = await keepPicture(store.db, networkId, jpg(4, 4), 'team.jpg', { fr: 'L’équipe', en: 'The team' })
    await publish({ logo: 'gone' })
    expect(await dressOf(store.db, networkId, ['team', 'nobody'])).toEqual({
      look: { main: emptyBrand.main, accent: emptyBrand.accent },
      pictures: { team: { file: pictureFile(1, team), width: 4, height: 4, alt: { fr: 'L’équipe', en: 'The team' } } },
    })
  })
})

test('a site is found by the beginning of its name, whatever its accents, or by its code', async () => {
  const all = await store.db.select().from(sites).where(eq(sites.networkId, networkId))
  const site = all[0]!
  await store.db.update(sites).set({ name: 'Été & Fils', nameKey: 'ete fils' }).where(eq(sites.id, site.id))
  const found = async (typed: string) => (await sitesBeginning(store.db, networkId, typed)).map(({ id }) => id)
  for (const typed of ['été', 'ETE', 'été & fi', site.externalId]) expect(await found(typed), typed).toContain(site.id)
  expect(await found('fils')).toEqual([])
  expect(await found('   ')).toEqual([])
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../../src/accounts/policy.ts'
import { newId } from '../../../src/db/index.ts'
import { contacts } from '../../../src/db/schema.ts'
import { type ContactListQuery, contactStates, listContacts } from '../../../src/network/list/contacts.ts'
import { listSites, type SiteListQuery, siteSorts } from '../../../src/network/list/sites.ts'
import { CursorProblem } from '../../../src/network/list/walk.ts'
import { nameKeysOf } from '../../../src/network/search-keys.ts'
import { profiles } from '../../../src/words.ts'
import { freshDatabase, type TestDatabase } from '../../database.ts'
import { type Crowd, crowdNow, seedCrowd } from '../crowd.ts'

let store: TestDatabase
let crowd: Crowd
const whole: Scope = { of: 'network' }

beforeAll(async () => {
  store = await freshDatabase()
  crowd = await seedCrowd(store.db, { sites: 420, contacts: 1_500 })
})
afterAll(() => store.drop())

const read = (scope: Scope, query: ContactListQuery) => listContacts(store.db, crowd.network, scope, query, crowdNow)

async function allContacts(scope: Scope, query: ContactListQuery): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | undefined, pages = 0; ; pages++) {
    if (pages > 200) throw new Error('The list does not end.')
    const page = await read(scope, { ...query, cursor })
    if (page.rows.length > 50) throw new Error('The page is too long.')
    ids.push(...page.rows.map(({ contact }) => contact.id))
    if (!page.next) return ids
    cursor = page.next
  }
}

async function allSites(scope: Scope, query: SiteListQuery): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listSites(store.db, crowd.network.id, scope, { ...query, cursor })
    ids.push(...page.rows.map(({ site }) => site.id))
    if (!page.next) return ids
    cursor = page.next
  }
}

const siteOf = (id: string) => crowd.sites.find((site) => site.id === id)!
const covers = (scope: Scope, siteId: string): boolean =>
  scope.of === 'network' ||
  (scope.of === 'sites' && (scope.siteIds.includes(siteId) || scope.areas.includes(siteOf(siteId).area)))

/** Who the list must hold, by looking at everybody. */
function expectedContacts(scope: Scope, query: ContactListQuery): string[] {
  const { profile, siteId, area, segment, channel, state = 'active', text } = query
  return crowd.contacts
    .filter(
      (one) =>
        covers(scope, one.siteId) &&
        (profile === undefined || one.profile === profile) &&
        (siteId === undefined || one.siteId === siteId) &&
        (area === undefined || siteOf(one.siteId).area === area) &&
        (segment === undefined || crowd.members[segment as 'many' | 'few'].has(one.id)) &&
        (channel === undefined || (channel === 'intranet' ? one.isActive : crowd.mailboxOf.has(one.id))) &&
        (text === undefined || one.nameKey.startsWith(text) || one.givenKey.startsWith(text)) &&
        (state === 'all' ||
          (state === 'erased' ? one.erasedAt !== null : !one.erasedAt && one.isActive === (state === 'active'))),
    )
    .map((one) => one.id)
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
const scopes = (): fc.Arbitrary<Scope> =>
  fc.oneof(
    fc.constant(whole),
    fc.constant<Scope>({ of: 'sites', areas: ['Bretagne'], siteIds: [] }),
    fc.constant<Scope>({ of: 'sites', areas: ['Occitanie', 'Corse'], siteIds: [] }),
    fc.nat(419).map((n): Scope => ({ of: 'sites', areas: [], siteIds: [crowd.sites[n]!.id] })),
  )

describe('paging through a list yields each row exactly once, and only those that match', () => {
  test('of contacts, whatever the filter, the order and the scope', async () => {
    const queries = fc.record({
      profile: maybe(fc.constantFrom(...profiles)),
      siteId: fc.option(
        fc.nat(419).map((n) => crowd.sites[n]!.id),
        { nil: undefined, freq: 1 },
      ),
      area: maybe(fc.constantFrom('Corse', 'Bretagne', 'Occitanie', 'Nulle part')),
      segment: maybe(fc.constantFrom('many', 'few')),
      channel: maybe(fc.constantFrom('email' as const, 'intranet' as const)),
      state: maybe(fc.constantFrom(...contactStates)),
      text: maybe(fc.constantFrom('martin', 'le', 'sophie', 'martin s', 'jean marc', 'zzz')),
      sort: maybe(fc.constantFrom('name' as const, 'site' as const)),
      direction: maybe(fc.constantFrom('up' as const, 'down' as const)),
    })
    await fc.assert(
      fc.asyncProperty(scopes(), queries, async (scope, query) => {
        const found = await allContacts(scope, query)
        expect(new Set(found).size).toBe(found.length)
        expect([...found].sort()).toEqual(expectedContacts(scope, query).sort())
      }),
      { numRuns: 40 },
    )
  })

  test('of sites', async () => {
    const queries = fc.record({
      area: maybe(fc.constantFrom('Corse', 'Bretagne', 'Occitanie')),
      state: maybe(fc.constantFrom('active' as const, 'inactive' as const, 'all' as const)),
      text: maybe(fc.constantFrom('maison m', 'st etienne', 'ag00', 'Lyon', 'zzz')),
      sort: maybe(fc.constantFrom(...siteSorts)),
      direction: maybe(fc.constantFrom('up' as const, 'down' as const)),
    })
    const says: Record<string, (site: Crowd['sites'][number]) => boolean> = {
      'maison m': (site) => site.nameKey.startsWith('maison m'),
      'st etienne': (site) => site.city === 'Saint-Étienne',
      ag00: (site) => site.externalId.startsWith('AG00'),
      Lyon: (site) => site.city === 'Lyon',
      zzz: () => false,
    }
    await fc.assert(
      fc.asyncProperty(scopes(), queries, async (scope, query) => {
        const { area, state = 'active', text } = query
        const expected = crowd.sites.filter(
          (site) =>
            covers(scope, site.id) &&
            (area === undefined || site.area === area) &&
            (state === 'all' || site.isActive === (state === 'active')) &&
            (text === undefined || says[text]!(site)),
        )
        const found = await allSites(scope, query)
        expect(new Set(found).size).toBe(found.length)
        expect([...found].sort()).toEqual(expected.map((site) => site.id).sort())
      }),
      { numRuns: 40 },
    )
  })
})

test('a site says how many contacts it has', async () => {
  const { rows } = await listSites(store.db, crowd.network.id, whole, {})
  for (const { site, contacts, hasMoreContacts } of rows) {
    expect(contacts).toBe(crowd.contacts.filter((one) => one.siteId === site.id).length)
    expect(hasMoreContacts).toBe(false)
  }
  expect(rows.some(({ contacts }) => contacts > 0)).toBe(true)
})

describe('the order', () => {
  const byId = () => new Map(crowd.contacts.map((one) => [one.id, one]))

  test('is by last name, namesakes by id, up and down', async () => {
    const known = byId()
    const up = await allContacts(whole, { state: 'all' })
    const keys = up.map((id) => `${known.get(id)!.nameKey} ${id}`)
    expect(keys).toEqual([...keys].sort())
    expect(await allContacts(whole, { state: 'all', direction: 'down' })).toEqual([...up].reverse())
  })

  test('is by site, then by last name, up and down', async () => {
    const known = byId()
    const up = await allContacts(whole, { state: 'all', sort: 'site' })
    const keys = up.map((id) => {
      const { siteId, nameKey } = known.get(id)!
      return [siteOf(siteId).nameKey, siteId, nameKey, id].join('\u0001')
    })
    expect(keys).toEqual([...keys].sort())
    expect(await allContacts(whole, { state: 'all', sort: 'site', direction: 'down' })).toEqual([...up].reverse())
  })

  test('puts those first whose last name was typed, then those whose first name was', async () => {
    const known = byId()
    const found = (await allContacts(whole, { state: 'all', text: 'martin' })).map((id) => known.get(id)!)
    const isLast = found.map((one) => one.nameKey.startsWith('martin'))
    expect(isLast.lastIndexOf(true)).toBeLessThan(isLast.indexOf(false))
    expect(found.some((one) => one.firstName === 'Martin' && one.lastName === 'Dupont')).toBe(true)
  })
})

test('somebody added while one pages does not move the others', async () => {
  const first = await read(whole, {})
  const before = await allContacts(whole, {})
  const named = { firstName: 'Aaron', lastName: 'Aaronson' }
  const late = {
    ...crowd.contacts[1]!,
    id: newId(),
    identityKey: 'late',
    ...named,
    ...nameKeysOf(named),
    isActive: true,
  }
  await store.db.insert(contacts).values(late)
  crowd.contacts.push(late)
  const second = await read(whole, { cursor: first.next })
  expect(second.rows.map(({ contact }) => contact.id)).toEqual(before.slice(50, 100))
})

test('a list of few among many says that it goes on, and where it stopped looking', async () => {
  const page = await read(whole, { channel: 'print' })
  expect(page.rows).toEqual([])
  expect(page.stoppedAfter).toBeGreaterThanOrEqual(1_000)
  expect(page.next).toBeDefined()
})

test('a place that is in no list is refused', async () => {
  for (const cursor of [
    'nonsense',
    Buffer.from('[7,"a"]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ])
    await expect(read(whole, { cursor })).rejects.toThrow(CursorProblem)
})

test('a segment that does not exist holds nobody', async () => {
  expect(await allContacts(whole, { segment: 'nobody' })).toEqual([])
})

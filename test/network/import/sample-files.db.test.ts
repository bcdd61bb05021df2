import { readFileSync } from 'node:fs'
import { and, asc, count, eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addresses, consents, contactAddresses, contacts, sites, trackingChoices } from '../../../src/db/schema.ts'
import { type ImportOptions, importFile } from '../../../src/network/import/import-file.ts'
import type { ImportSummary } from '../../../src/network/import/summary.ts'
import { networkForImport } from '../../../src/network/networks.ts'
import { freshDatabase, type TestDatabase } from '../../database.ts'

let store: TestDatabase
let networkId: string
let now = new Date('2026-09-01T08:00:00Z')

const run = (file: string, options: Partial<ImportOptions> = {}) =>
  importFile({ db: store.db, wall: { now: () => now }, dataFolder: store.folder }, { file, networkId, ...options })
const addsUp = (summary: ImportSummary) =>
  expect(summary.blank + summary.created + summary.updated + summary.unchanged + summary.rejected).toBe(summary.read)
const codes = (summary: ImportSummary) =>
  Object.fromEntries(Object.entries(summary.warningsByCode).map(([code, tally]) => [code, tally.count]))
/** Everything imports write, but the record of the imports themselves. */
const snapshot = async () =>
  JSON.stringify([
    await store.db.select().from(sites).orderBy(asc(sites.id)),
    await store.db.select().from(contacts).orderBy(asc(contacts.id)),
    await store.db.select().from(addresses).orderBy(asc(addresses.id)),
    await store.db
      .select()
      .from(contactAddresses)
      .orderBy(asc(contactAddresses.contactId), asc(contactAddresses.addressId)),
    await store.db.select().from(consents).orderBy(asc(consents.id)),
    await store.db.select().from(trackingChoices).orderBy(asc(trackingChoices.id)),
  ])
interface Truth {
  sites: number
  rows: number
  blankRows: number
  exactDuplicateRows: number
  invalidEmail: number
  invalidMobile: number
  missingName: number
  unknownPostcode: number
  sharedMailboxContacts: number
  overseasSites: number
  overseasMobiles: number
  noMailboxNoMobile: number
}

/** Who is where and reachable how, after the sample file, against what was put in it. */
async function expectPeople(truth: Truth, created: number) {
  const [{ overseas }] = (await store.db
    .select({ overseas: count() })
    .from(sites)
    .where(inArray(sites.region, ['GP', 'MQ', 'GF', 'RE', 'YT']))) as [{ overseas: number }]
  // A site whose every row has a spoiled postcode cannot be placed.
  const lost = await store.db.select().from(sites).where(eq(sites.timezone, 'Europe/Paris'))
  const unplaced = lost.filter((site) => !/^\d{5}$/.test(site.postcode ?? '') || site.postcode === '99999').length
  expect(overseas).toBeLessThanOrEqual(truth.overseasSites)
  expect(overseas + unplaced).toBeGreaterThanOrEqual(truth.overseasSites)

  const byCountry = await store.db
    .select({ country: addresses.country, total: count() })
    .from(addresses)
    .where(and(eq(addresses.kind, 'mobile')))
    .groupBy(addresses.country)
  const overseasMobiles = byCountry.filter(({ country }) => country !== 'FR').reduce((sum, { total }) => sum + total, 0)
  expect(overseasMobiles).toBeGreaterThan(0)
  expect(overseasMobiles).toBeLessThanOrEqual(truth.overseasMobiles)
  expect(byCountry.every(({ country }) => ['FR', 'GP', 'MQ', 'GF', 'RE', 'YT'].includes(country!))).toBe(true)

  const [{ shared }] = (await store.db
    .select({ shared: count() })
    .from(contactAddresses)
    .innerJoin(
      addresses,
      and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
    )
    .where(and(eq(contactAddresses.kind, 'email'), eq(addresses.isShared, true)))) as [{ shared: number }]
  expect(shared).toBeLessThanOrEqual(truth.sharedMailboxContacts)
  expect(shared).toBeGreaterThanOrEqual(truth.sharedMailboxContacts - truth.invalidEmail)

  const reachable = new Set(
    (await store.db.select({ id: contactAddresses.contactId }).from(contactAddresses)).map(({ id }) => id),
  )
  const unreachable = created - reachable.size
  expect(unreachable).toBeGreaterThanOrEqual(truth.noMailboxNoMobile)
  expect(unreachable).toBeLessThanOrEqual(truth.noMailboxNoMobile + truth.invalidEmail + truth.invalidMobile)
  const names = (await store.db.select().from(contacts)).flatMap(({ firstName, lastName }) => [firstName, lastName])
  expect(names.filter((name) => name !== name?.normalize('NFC') && name !== null)).toEqual([])
}

describe.each(['reseau-43', 'agences-4000'])('the sample file %s', (name) => {
  const file = `examples/data/${name}.csv`
  const truth: Truth = JSON.parse(readFileSync(`examples/data/${name}.truth.json`, 'utf8'))

  beforeAll(async () => {
    store = await freshDatabase()
    networkId = (await networkForImport(store.db, undefined, 'sandbox', now)).id
  })
  afterAll(() => store.drop())

  test('is imported to the last row, its dirt named, and importing it again changes nothing', async () => {
    const dry = await run(file, { dryRun: true })
    expect(await store.db.$count(contacts)).toBe(0)
    const first = await run(file)
    addsUp(first)
    expect(first).toMatchObject({
      read: truth.rows + truth.exactDuplicateRows + truth.blankRows,
      blank: truth.blankRows,
      created: truth.rows,
      updated: 0,
      unchanged: truth.exactDuplicateRows,
      rejected: 0,
      sites: { created: truth.sites, updated: 0, unchanged: 0 },
      encoding: 'utf-8',
      delimiter: ';',
    })
    expect(first.rejectsFile).toBeUndefined()
    const { importId: _, ...counted } = first
    expect({ ...dry, isDryRun: false }).toEqual(counted)

    const found = codes(first)
    expect(found.email_invalid! + (found.email_mended ?? 0)).toBe(truth.invalidEmail)
    expect(found.mobile_invalid).toBe(truth.invalidMobile)
    expect(found.name_missing).toBe(truth.missingName)
    expect(found.postcode_unknown! + found.postcode_missing!).toBe(truth.unknownPostcode)
    expect(found.site_conflict).toBeUndefined()
    expect(found.same_person_twice).toBeUndefined()

    await expectPeople(truth, first.created)

    const before = await snapshot()
    now = new Date('2026-09-02T08:00:00Z')
    const second = await run(file)
    addsUp(second)
    expect(second).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: truth.rows + truth.exactDuplicateRows,
      sites: { created: 0, updated: 0, unchanged: truth.sites },
    })
    expect(await snapshot()).toBe(before)
  })
})

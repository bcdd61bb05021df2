import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  addresses,
  consents,
  contactAddresses,
  contacts,
  imports,
  mappings,
  networks,
  sites,
  suppressions,
  trackingChoices,
} from '../../../src/db/schema.ts'
import { appendConsents, currentConsents, trackingOf } from '../../../src/network/consent.ts'
import { type ImportOptions, importFile } from '../../../src/network/import/import-file.ts'
import type { ImportSummary } from '../../../src/network/import/summary.ts'
import { networkForImport } from '../../../src/network/networks.ts'
import { addressHash, erasedReason, suppress } from '../../../src/network/suppression.ts'
import { freshDatabase, type TestDatabase } from '../../database.ts'
import { workbookBytes } from './xlsx.ts'

let store: TestDatabase
let networkId: string
let now = new Date('2026-09-01T08:00:00Z')
let files = 0

const data = [consents, trackingChoices, suppressions, contactAddresses, contacts, sites, addresses, imports, mappings]

beforeAll(async () => {
  store = await freshDatabase()
})
beforeEach(async () => {
  for (const table of [...data, networks]) await store.db.delete(table)
  now = new Date('2026-09-01T08:00:00Z')
  networkId = (await networkForImport(store.db, undefined, 'sandbox', now)).id
})
afterAll(() => store.drop())

const run = (file: string, options: Partial<ImportOptions> = {}) =>
  importFile({ db: store.db, wall: { now: () => now }, dataFolder: store.folder }, { file, networkId, ...options })
const write = (content: string | Uint8Array, ending = 'csv') => {
  const file = join(store.folder, `in-${++files}.${ending}`)
  writeFileSync(file, content)
  return file
}
const header =
  'Code site;Raison sociale;Code postal;Ville;E-mail site;Prénom;Nom;Fonction;Profil;E-mail;Mobile;Accord e-mail;Accord SMS;Accord suivi des ouvertures'
const csv = (...rows: string[]) => write(`${[header, ...rows].join('\r\n')}\r\n`)
const jeanne =
  'S1;Nord;75011;Paris;info@nord.example.com;Jeanne;Roux;Poseuse;;jeanne@nord.example.com;06 39 98 00 01;oui;oui;oui'

const addsUp = (summary: ImportSummary) =>
  expect(summary.blank + summary.created + summary.updated + summary.unchanged + summary.rejected).toBe(summary.read)
const codes = (summary: ImportSummary) =>
  Object.fromEntries(Object.entries(summary.warningsByCode).map(([code, tally]) => [code, tally.count]))
const contactNamed = async (firstName: string) => {
  const [contact] = await store.db.select().from(contacts).where(eq(contacts.firstName, firstName))
  return contact!
}
const siteOf = async (code: string) => {
  const [site] = await store.db.select().from(sites).where(eq(sites.externalId, code))
  return site!
}
const addressesOf = async (contactId: string) =>
  store.db
    .select({
      value: addresses.normalised,
      kind: contactAddresses.kind,
      rank: contactAddresses.rank,
      isShared: addresses.isShared,
    })
    .from(contactAddresses)
    .innerJoin(
      addresses,
      and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
    )
    .where(eq(contactAddresses.contactId, contactId))
    .orderBy(asc(contactAddresses.kind), asc(contactAddresses.rank))

test('a row becomes a site, a contact, addresses and wishes', async () => {
  const summary = await run(csv(jeanne))
  addsUp(summary)
  expect(await siteOf('S1')).toMatchObject({
    name: 'Nord',
    postcode: '75011',
    country: 'FR',
    region: 'FR',
    timezone: 'Europe/Paris',
  })
  const contact = await contactNamed('Jeanne')
  expect(contact).toMatchObject({
    lastName: 'Roux',
    function: 'Poseuse',
    profile: 'field',
    isProfileDerived: true,
    language: 'fr',
  })
  expect(await addressesOf(contact.id)).toEqual([
    { value: 'jeanne@nord.example.com', kind: 'email', rank: 0, isShared: false },
    { value: '+33639980001', kind: 'mobile', rank: 0, isShared: false },
  ])
  const [postal] = await store.db.select().from(addresses).where(eq(addresses.kind, 'postal'))
  expect(postal).toMatchObject({
    normalised: 'Nord\n75011 Paris',
    status: 'valid',
    id: (await siteOf('S1')).postalAddressId,
  })
  const [entry] = await store.db.select().from(consents).where(eq(consents.channel, 'sms'))
  expect(entry).toMatchObject({
    action: 'import',
    value: 'yes',
    basis: 'unstated',
    purpose: 'receive',
    occurredAt: now,
    evidenceRef: `import:${summary.importId}#2`,
  })
  const [record] = await store.db.select().from(imports)
  expect(record).toMatchObject({ status: 'done', fileHash: expect.stringMatching(/^[0-9a-f]{64}$/), finishedAt: now })
  expect(record!.counts).toMatchObject({ read: 1, created: 1 })
})

test('a site’s fields are folded over its rows: valid beats invalid beats empty, the first among equals', async () => {
  const summary = await run(
    csv(
      'S1;;ABCDE;;;A;A;;;;;;;',
      'S1;Nord;;Paris;;B;B;;;;;;;',
      'S1;Sud;75011;Paris;pas de mail;C;C;;;;;;;',
      'S1;Nord;75012;;info@nord.example.com;D;D;;;;;;;',
    ),
  )
  expect(await siteOf('S1')).toMatchObject({ name: 'Nord', postcode: '75011', city: 'Paris' })
  expect(summary.sites).toEqual({ created: 1, updated: 0, unchanged: 0 })
  expect(codes(summary)).toEqual({
    postcode_unknown: 1,
    postcode_missing: 1,
    site_conflict: 2,
    site_mailbox_invalid: 1,
  })
  expect(summary.warningsByCode.site_conflict!.first).toEqual([
    expect.objectContaining({ line: 4, column: 'name', value: 'Sud' }),
    expect.objectContaining({ line: 5, column: 'postcode', value: '75012' }),
  ])
  const [{ mailbox }] = (await store.db
    .select({ mailbox: addresses.normalised })
    .from(sites)
    .innerJoin(addresses, eq(addresses.id, sites.mailboxAddressId))) as [{ mailbox: string }]
  expect(mailbox).toBe('info@nord.example.com')
})

test('a letter to an unknown postcode is known to be undeliverable', async () => {
  await run(csv('S1;Nord;99999;Paris;;A;A;;;;;;;'))
  const [postal] = await store.db.select().from(addresses).where(eq(addresses.kind, 'postal'))
  expect(postal).toMatchObject({ status: 'invalid', statusReason: 'postcode' })
})

test('a later file updates what it says and erases nothing by silence', async () => {
  await run(csv(jeanne))
  const summary = await run(csv('S1;Nord SAS;75011;Paris;;Jeanne;Roux;Gérante;;;06 39 98 00 02;;;'))
  expect(summary).toMatchObject({ created: 0, updated: 1, sites: { created: 0, updated: 1, unchanged: 0 } })
  const contact = await contactNamed('Jeanne')
  expect(contact).toMatchObject({ function: 'Gérante', profile: 'owner', isProfileDerived: true })
  expect(await addressesOf(contact.id)).toEqual([
    { value: 'jeanne@nord.example.com', kind: 'email', rank: 0, isShared: false },
    { value: '+33639980002', kind: 'mobile', rank: 0, isShared: false },
    { value: '+33639980001', kind: 'mobile', rank: 1, isShared: false },
  ])
  expect((await siteOf('S1')).name).toBe('Nord SAS')
})

test('the same person twice in a file is one contact: the first row wins, the second fills gaps', async () => {
  const file = csv(
    'S1;Nord;75011;Paris;;Jeanne;Roux;Poseuse;;jeanne@nord.example.com;;;;',
    'S1;Nord;75011;Paris;;JEANNE;ROUX;Gérante;;JEANNE@nord.example.com;0639980001;;;',
  )
  const first = await run(file)
  addsUp(first)
  expect(first).toMatchObject({ created: 1, updated: 1 })
  expect(codes(first)).toEqual({ same_person_twice: 1 })
  const contact = await contactNamed('Jeanne')
  expect(contact.function).toBe('Poseuse')
  expect(await addressesOf(contact.id)).toHaveLength(2)
  expect(await run(file)).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
})

test('a shared mailbox identifies nobody, by its name or as the site’s own', async () => {
  const summary = await run(
    csv(
      'S1;Nord;75011;Paris;nord@nord.example.com;;;Poseur;;nord@nord.example.com;;;;',
      'S1;Nord;75011;Paris;nord@nord.example.com;;;Ouvrier;;nord@nord.example.com;;;;',
      'S1;Nord;75011;Paris;nord@nord.example.com;;;Ouvrier;;contact@nord.example.com;;;;',
    ),
  )
  expect(summary.created).toBe(3)
  const shared = await store.db.select().from(addresses).where(eq(addresses.kind, 'email'))
  expect(shared.map(({ isShared }) => isShared)).toEqual([true, true])
})

test('without a name, a mobile or a personal mailbox is who someone is', async () => {
  await run(csv('S1;;;;;;;Poseur;;;0639980001;;;', 'S1;;;;;;;Poseur;;paul@nord.example.com;;;;'))
  const again = await run(csv('S1;;;;;;;Monteur;;;06 39 98 00 01;;;', 'S1;;;;;;;Monteur;;PAUL@nord.example.com;;;;'))
  expect(again).toMatchObject({ created: 0, updated: 2 })
})

describe('consent', () => {
  const sms = async () =>
    (await currentConsents(store.db, networkId, [(await contactNamed('Jeanne')).id])).values().next().value
  const opens = async () => {
    const { id } = await contactNamed('Jeanne')
    return (await trackingOf(store.db, networkId, [id])).get(id)?.opens
  }

  test('without a basis, a yes is kept and opens nothing, and the summary says how to', async () => {
    const summary = await run(csv(jeanne))
    expect(await sms()).toEqual({
      email: { state: 'unstated', basis: 'unstated' },
      sms: { state: 'unstated', basis: 'unstated' },
    })
    expect(await opens()).toBe('unstated')
    expect(summary.notes.join()).toMatch(/1 contacts say yes to SMS.*--basis consent/)
  })

  test.each([
    ['b2b_opt_out', 'FR, BE, LU, DE, CH, GB, US, CA'],
    ['contract', 'FR, BE, LU, DE, CH, US'],
  ] as const)(
    'on the basis %s a yes opens no marketing SMS in %s, and the summary says how to',
    async (basis, where) => {
      const summary = await run(csv(jeanne), { basis })
      expect((await sms())!.sms).toEqual({ state: 'granted', basis })
      expect(summary.remarks).toContainEqual({
        code: 'sms_basis_closed',
        params: { count: 1, basis, countries: where },
      })
      expect(summary.notes.join()).toContain(`opens no marketing SMS in ${where}`)
      expect(summary.notes.join()).toContain('--basis consent')
      const mended = await run(csv(jeanne), { basis: 'consent' })
      expect((await sms())!.sms).toEqual({ state: 'granted', basis: 'consent' })
      expect(mended.remarks.map(({ code }) => code)).not.toContain('sms_basis_closed')
      // What was granted by consent needs no further word under another basis.
      expect((await run(csv(jeanne), { basis })).remarks.map(({ code }) => code)).not.toContain('sms_basis_closed')
    },
  )

  test('a basis given later strengthens it, and leaving it out again does not weaken it', async () => {
    await run(csv(jeanne))
    expect(await run(csv(jeanne), { basis: 'consent' })).toMatchObject({ updated: 1 })
    expect((await sms())!.sms).toEqual({ state: 'granted', basis: 'consent' })
    expect(await opens()).toBe('granted')
    expect(await run(csv(jeanne))).toMatchObject({ unchanged: 1 })
    expect((await sms())!.sms).toEqual({ state: 'granted', basis: 'consent' })
    expect(await store.db.$count(consents)).toBe(4)
  })

  test('a withdrawal is never turned into a grant by a file, with or without a basis', async () => {
    await run(csv(jeanne), { basis: 'consent' })
    const { id } = await contactNamed('Jeanne')
    for (const action of ['withdraw', 'deny', 'expire'] as const) {
      await appendConsents(
        store.db,
        [
          {
            networkId,
            contactId: id,
            channel: 'sms',
            purpose: 'receive',
            action,
            basis: 'consent',
            source: 'page',
            actor: id,
            occurredAt: now,
          },
        ],
        now,
      )
      now = new Date(now.getTime() + 3_600_000)
      const again = await run(csv(jeanne), { basis: 'consent' })
      expect(again).toMatchObject({ updated: 0, unchanged: 1, previouslyOptedOut: 1 })
      expect(codes(again).opted_out_before).toBe(1)
      expect((await sms())!.sms!.state).not.toBe('granted')
    }
  })

  test('a no in a file always counts, also against a grant, and a later yes does not undo it', async () => {
    await run(csv(jeanne), { basis: 'consent' })
    const refusal = csv(jeanne.replace('oui;oui;oui', 'non;NON;0'))
    expect(await run(refusal)).toMatchObject({ updated: 1 })
    expect(await sms()).toMatchObject({ email: { state: 'denied' }, sms: { state: 'denied' } })
    expect(await opens()).toBe('refused')
    now = new Date(now.getTime() + 1_000)
    expect(await run(csv(jeanne), { basis: 'consent' })).toMatchObject({ updated: 0, previouslyOptedOut: 1 })
    expect(await sms()).toMatchObject({ email: { state: 'denied' }, sms: { state: 'denied' } })
    expect(await opens()).toBe('refused')
  })

  test('two rows of one person that disagree mean no, on every run', async () => {
    const file = csv(jeanne, jeanne.replace('oui;oui;oui', 'oui;non;oui'))
    await run(file, { basis: 'consent' })
    expect((await sms())!.sms!.state).toBe('denied')
    expect(await run(file, { basis: 'consent' })).toMatchObject({ updated: 0, unchanged: 2 })
    expect((await sms())!.sms!.state).toBe('denied')
  })

  test('a STOP on the number keeps SMS closed to whoever the file gives that number', async () => {
    await store.db.transaction((tx) =>
      suppress(tx, {
        networkId,
        scope: 'channel_sender',
        addressHash: addressHash('mobile', '+33639980001'),
        channel: 'sms',
        senderId: 's1',
        reason: 'stop',
        source: 'twilio',
        occurredAt: now,
      }),
    )
    const summary = await run(csv(jeanne), { basis: 'consent' })
    expect(summary).toMatchObject({ created: 1, previouslyOptedOut: 1 })
    expect(await sms()).toEqual({ email: { state: 'granted', basis: 'consent' } })
  })
})

describe('someone who was erased', () => {
  test('is not made anew from the closure left behind', async () => {
    await store.db.transaction((tx) =>
      suppress(tx, {
        networkId,
        scope: 'address',
        addressHash: addressHash('email', 'jeanne@nord.example.com'),
        reason: erasedReason,
        source: 'console',
        occurredAt: now,
      }),
    )
    const summary = await run(csv(jeanne))
    addsUp(summary)
    expect(summary).toMatchObject({ created: 0, unchanged: 1, previouslyOptedOut: 1 })
    expect(codes(summary).previously_erased).toBe(1)
    expect(await store.db.$count(contacts)).toBe(0)
  })

  test('is not filled again, neither by the contact nor by the emptied address', async () => {
    await run(csv(jeanne))
    const { id } = await contactNamed('Jeanne')
    await store.db.update(contacts).set({ firstName: null, lastName: null, erasedAt: now }).where(eq(contacts.id, id))
    expect(await run(csv(jeanne))).toMatchObject({ created: 0, updated: 0, previouslyOptedOut: 1 })
    await store.db.update(addresses).set({ normalised: null }).where(eq(addresses.kind, 'mobile'))
    const renamed = csv(jeanne.replace('Jeanne;Roux', 'J.;Roux').replace('jeanne@', 'j.roux@'))
    expect(await run(renamed)).toMatchObject({ created: 0, updated: 0, previouslyOptedOut: 1 })
    expect(await store.db.$count(contacts)).toBe(1)
  })
})

describe('rows that cannot be imported', () => {
  const dirty = () =>
    csv(
      jeanne,
      ';Nord;75011;Paris;;Paul;Petit;;;;;;;',
      'S1;trop;court',
      'S1;"ouvert;75011;Paris;;Anne;Petit;;;;;;;',
      '=cmd;Nord;75011;Paris;;Luc;Petit;;;;+33639980009;;;;surplus',
      ';;;;;;;;;;;;;',
    )

  test('go to a file as they came, with the reason in front, and the counts add up', async () => {
    const summary = await run(dirty())
    addsUp(summary)
    expect(summary).toMatchObject({ read: 6, blank: 1, created: 1, rejected: 4 })
    expect(Object.keys(summary.rejections).sort()).toEqual(['ragged_row', 'site_missing', 'unclosed_quote'])
    expect(summary.rejectsFile).toMatch(/imports[\\/].*\.rejects\.csv$/)
    const lines = readFileSync(summary.rejectsFile!, 'utf8').split('\r\n')
    expect(lines[0]).toBe(`\ufeffrelais_reason;${header}`)
    expect(lines[1]).toBe('line 3: the row names no site: fill in its code;;Nord;75011;Paris;;Paul;Petit;;;;;;;')
    expect(lines[2]).toMatch(/^"?line 4: the row has 3 cells for 14 columns.*;S1;trop;court$/)
    expect(lines[3]).toMatch(/^line 5: a quote opens.*;S1;"""ouvert";75011;Paris;;Anne;Petit;;;;;;;$/)
    expect(lines[4]).toMatch(/;'=cmd;Nord;75011;Paris;;Luc;Petit;;;;\+33639980009;;;;surplus$/)
    const [record] = await store.db.select().from(imports)
    expect(record!.rejectsPath).toBe(summary.rejectsFile)
  })

  test('are imported from that very file once mended', async () => {
    const summary = await run(dirty())
    const rejects = readFileSync(summary.rejectsFile!, 'utf8')
    const mended = rejects
      .split('\r\n')
      .filter((line) => /relais_reason|Paul/.test(line))
      .join('\r\n')
      .replace('its code;;', 'its code;S1;')
    expect(await run(write(`${mended}\r\n`))).toMatchObject({ read: 1, created: 1, rejected: 0 })
    expect(await contactNamed('Paul')).toMatchObject({ lastName: 'Petit' })
  })

  test('that are rejected again keep one reason column', async () => {
    const first = await run(dirty())
    const again = await run(first.rejectsFile!)
    addsUp(again)
    expect(readFileSync(again.rejectsFile!, 'utf8').split('\r\n')[0]).toBe(`\ufeffrelais_reason;${header}`)
  })
})

test('a dry run counts like a run and leaves neither rows nor files', async () => {
  const file = csv(jeanne, 'S1;Nord;75011;Paris;;Jeanne;Roux;;Comptoir;;;non;;', 'S2;court', '')
  const foldersBefore = existsSync(join(store.folder, 'imports')) ? readdirSync(join(store.folder, 'imports')) : []
  const dry = await run(file, { dryRun: true })
  for (const table of data) expect(await store.db.$count(table)).toBe(0)
  expect(existsSync(join(store.folder, 'imports')) ? readdirSync(join(store.folder, 'imports')) : []).toEqual(
    foldersBefore,
  )
  const { importId: _id, rejectsFile: _file, ...real } = await run(file)
  expect({ ...dry, isDryRun: false }).toEqual(real)
})

test('a dry run comes before there is a network', async () => {
  await store.db.delete(networks)
  expect(await run(csv(jeanne), { dryRun: true })).toMatchObject({ created: 1, isDryRun: true })
})

test('a file without rows, or without anything, changes nothing and says so', async () => {
  expect((await run(csv())).notes.join()).toMatch(/0 contacts.*nothing changed/)
  expect((await run(write(''))).notes.join()).toMatch(/0 contacts.*empty/)
  expect(await store.db.$count(contacts)).toBe(0)
})

test('a file that cannot be read as a whole leaves no trace', async () => {
  await expect(run(write('E-mail;Nom\na@b.fr;A\n'))).rejects.toMatchObject({ code: 'site_column_missing' })
  await expect(run(write('Code site;Nom;nom\nS1;A;B\n'))).rejects.toMatchObject({ code: 'header_twice' })
  await expect(run(write('Code site;__proto__\nS1;A\n'))).rejects.toMatchObject({ code: 'header_reserved' })
  await expect(run(csv(jeanne), { basis: 'guess' as 'consent' })).rejects.toMatchObject({ code: 'basis_unknown' })
  for (const table of data) expect(await store.db.$count(table)).toBe(0)
})

test('a mapping given once is remembered for files with the same headers', async () => {
  const table = (name: string) => write(`Magasin;Qui;Tel GSM\nS1;${name};0639980001\n`)
  const map = { Magasin: 'site.code', Qui: 'contact.lastName' }
  const first = await run(table('Roux'), { map })
  expect(first.mapping).toEqual({ Magasin: 'site.code', Qui: 'contact.lastName', 'Tel GSM': 'contact.mobile' })
  const second = await run(table('Petit'))
  expect(second.mapping).toEqual(first.mapping)
  expect((await store.db.select().from(contacts)).map(({ lastName }) => lastName).sort()).toEqual(['Petit', 'Roux'])
})

test('unknown columns become attributes, numbers as numbers and codes as text', async () => {
  const rows = (...lines: string[]) => write(`Code site;Nom;Taille de polo;Points;Badge;CA N-1\n${lines.join('\n')}\n`)
  await run(rows('S1;Roux;XL;1 250,5;0042;1 122 000,00'))
  expect((await store.db.select().from(contacts))[0]!.attributes).toEqual({
    taille_de_polo: 'XL',
    points: 1250.5,
    badge: '0042',
  })
  expect((await siteOf('S1')).attributes).toEqual({ ca_n_1: 1_122_000 })
  expect(await run(rows('S1;Roux;L;;;2 000,00'))).toMatchObject({ updated: 1, sites: { updated: 1 } })
  expect((await store.db.select().from(contacts))[0]!.attributes).toEqual({
    taille_de_polo: 'L',
    points: 1250.5,
    badge: '0042',
  })
})

test('control characters are removed with a warning, names composed', async () => {
  const summary = await run(write('Code site;Prénom;Nom\nS1;Zoe\u0308;Ro\u0000ux\u0007\n'))
  expect(codes(summary).control_characters).toBe(1)
  expect((await store.db.select().from(contacts))[0]).toMatchObject({ firstName: 'Zoë', lastName: 'Roux' })
})

test('a number the spreadsheet rounded is left out with the remedy, a landline kept as one', async () => {
  const summary = await run(csv('S1;;;;;A;A;;;;6,12E+08;;;', 'S1;;;;;B;B;;;;01 42 34 56 78;;;'))
  expect(summary.created).toBe(2)
  expect(summary.warningsByCode.mobile_rounded!.first[0]).toMatchObject({
    line: 2,
    column: 'Mobile',
    value: '6,12E+08',
    message: expect.stringContaining('format the column as text'),
  })
  expect(codes(summary).mobile_is_landline).toBe(1)
  expect(await addressesOf((await contactNamed('B')).id)).toMatchObject([{ kind: 'phone', value: '+33142345678' }])
})

test('a workbook and its CSV export are the same people', async () => {
  const rows = [header.split(';'), jeanne.split(';')]
  expect(await run(write(workbookBytes(rows), 'xlsx'))).toMatchObject({ read: 1, created: 1, encoding: 'workbook' })
  expect(await run(csv(jeanne))).toMatchObject({ created: 0, unchanged: 1 })
})

test('contacts a complete file no longer has are kept, or switched off when asked, and come back with it', async () => {
  const paul = 'S2;Sud;13001;Marseille;;Paul;Petit;;;;;;;'
  await run(csv(jeanne, paul))
  expect(await run(csv(jeanne))).toMatchObject({ deactivated: 0 })
  const unsure = await run(csv(jeanne, 'S3;court'), { absent: 'deactivate' })
  expect(unsure.deactivated).toBe(0)
  expect(unsure.notes.join()).toMatch(/Nobody was deactivated/)
  expect(await run(csv(jeanne), { absent: 'deactivate', dryRun: true })).toMatchObject({ deactivated: 1 })
  expect((await contactNamed('Paul')).isActive).toBe(true)
  expect(await run(csv(jeanne), { absent: 'deactivate' })).toMatchObject({ deactivated: 1 })
  expect((await contactNamed('Paul')).isActive).toBe(false)
  expect((await siteOf('S2')).isActive).toBe(false)
  expect(await run(csv(jeanne, paul))).toMatchObject({ updated: 1, sites: { updated: 1, unchanged: 1 } })
  expect((await contactNamed('Paul')).isActive).toBe(true)
})

test('a killed import is finished by running it again', async () => {
  const rows = Array.from(
    { length: 1_200 },
    (_, n) => `S${n % 7};Nord;75011;Paris;;P${n};Petit;;;p${n}@nord.example.com;;oui;;`,
  )
  let chunks = 0
  const dying = Object.assign(Object.create(store.db) as typeof store.db, {
    transaction: (work: Parameters<typeof store.db.transaction>[0]) => {
      if (++chunks > 1) throw new Error('killed')
      return store.db.transaction(work)
    },
  })
  const file = csv(...rows)
  await expect(
    importFile({ db: dying, wall: { now: () => now }, dataFolder: store.folder }, { file, networkId }),
  ).rejects.toThrow('killed')
  const [failed] = await store.db.select().from(imports)
  expect(failed).toMatchObject({ status: 'failed', error: 'killed' })
  const partial = await store.db.$count(contacts)
  expect(partial).toBeGreaterThan(0)
  const summary = await run(file)
  expect(summary).toMatchObject({ created: 1_200 - partial, unchanged: partial })
  expect(await store.db.$count(contacts)).toBe(1_200)
})

test('two networks keep their people apart', async () => {
  await run(csv(jeanne))
  const other = await networkForImport(store.db, 'autre', 'sandbox', now)
  expect(await run(csv(jeanne), { networkId: other.id })).toMatchObject({ created: 1, sites: { created: 1 } })
  expect(await store.db.$count(contacts)).toBe(2)
})

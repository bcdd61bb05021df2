import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addresses, auditEntries, contactAddresses, contacts, segmentMembers, sites } from '../../src/db/schema.ts'
import { addressesOfContact } from '../../src/network/contact-addresses.ts'
import {
  addContact,
  type ContactEntry,
  contactEntry,
  editContact,
  setContactActive,
} from '../../src/network/edit-contact.ts'
import { EditProblems } from '../../src/network/edit-problem.ts'
import { addSite, editSite, siteEntry } from '../../src/network/edit-site.ts'
import { importFile } from '../../src/network/import/import-file.ts'
import { castFile, type World, world } from '../world.ts'

let there: World
beforeEach(async () => {
  there = await world()
})
afterEach(() => there.close())

const deps = () => ({ db: there.context.db, wall: there.clock })
const edit = (id: string, entry: ContactEntry) => editContact(deps(), there.network, id, entry, 'user-1')
const contactOf = async (id: string) => (await there.context.db.select().from(contacts).where(eq(contacts.id, id)))[0]!
const siteOf = async (code: string) =>
  (await there.context.db.select().from(sites).where(eq(sites.externalId, code)))[0]!
const problemsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof EditProblems)) throw error ?? new Error('It was saved.')
  return error.problems
}
const trail = async () =>
  (await there.context.db.select().from(auditEntries)).map(({ action, subject, actor, data }) => ({
    action,
    subject,
    actor,
    data,
  }))

describe('a contact is edited', () => {
  test('and is then found under the new name, with the profile that follows from the function', async () => {
    const id = await there.contactId('P2')
    const changed = await edit(id, { lastName: ' Martín ', function: 'Chef de chantier', profile: '' })
    expect([...changed].sort()).toEqual(['function', 'isProfileDerived', 'lastName', 'profile'])
    expect(await contactOf(id)).toMatchObject({
      lastName: 'Martín',
      nameKey: 'martin odile',
      givenKey: 'odile martin',
      profile: 'field',
    })
    expect(await trail()).toContainEqual({
      action: 'contact.change',
      subject: id,
      actor: 'user-1',
      data: { fields: changed },
    })
  })

  test('and an unchanged form changes and records nothing', async () => {
    const id = await there.contactId('P2')
    const before = await contactOf(id)
    expect(await edit(id, await contactEntry(there.context.db, there.network.id, before))).toEqual([])
    expect(await contactOf(id)).toEqual(before)
    expect(await trail()).toEqual([])
  })

  test('a new mobile is normalised and used; the old one stays behind it', async () => {
    const id = await there.contactId('P2')
    expect(await edit(id, { mobile: '06.39.98.77 77' })).toEqual(['mobile'])
    const own = (await addressesOfContact(there.context.db, there.network.id, id)).filter(
      (one) => one.kind === 'mobile',
    )
    expect(own.map(({ value, rank }) => [value, rank])).toEqual([
      ['+33639987777', 0],
      ['+33639980002', 1],
    ])
    expect(await edit(id, { mobile: '0639980002' })).toEqual(['mobile'])
    const back = (await addressesOfContact(there.context.db, there.network.id, id)).filter(
      (one) => one.kind === 'mobile',
    )
    expect(back[0]).toMatchObject({ value: '+33639980002', rank: 0 })
  })

  test('somebody whom a file brought without a name can be corrected without one', async () => {
    const id = await there.contactId('P2')
    await there.context.db.update(contacts).set({ firstName: null, lastName: null }).where(eq(contacts.id, id))
    expect(await edit(id, { firstName: '', lastName: '', function: 'Comptable' })).toEqual(['function'])
  })

  test('an emptied field takes every address of the kind away', async () => {
    const id = await there.contactId('P2')
    await edit(id, { mobile: '0639987777' })
    await edit(id, { mobile: '' })
    const own = await addressesOfContact(there.context.db, there.network.id, id)
    expect(own.map((one) => one.kind)).toEqual(['email'])
  })

  test('the mailbox of the site is known to be shared', async () => {
    const id = await there.contactId('P4')
    await edit(id, { email: 'info@royer.example.com' })
    expect((await addressesOfContact(there.context.db, there.network.id, id))[0]).toMatchObject({ isShared: true })
  })

  test.each<[ContactEntry, Record<string, string>]>([
    [{ firstName: '', lastName: ' ' }, { lastName: 'name_required' }],
    [{ email: 'odile.martin' }, { email: 'incomplete' }],
    [{ mobile: '01 23 45 67 89' }, { mobile: 'is_landline' }],
    [{ phone: '06 39 98 00 02' }, { phone: 'is_mobile' }],
    [{ mobile: '6,40E+08' }, { mobile: 'spreadsheet_number' }],
    [
      { profile: 'boss', language: 'it' },
      { profile: 'unknown', language: 'unknown' },
    ],
    [{ function: 'x'.repeat(201) }, { function: 'too_long' }],
  ])('%j is refused and nothing is changed', async (entry, problems) => {
    const id = await there.contactId('P2')
    const before = await contactOf(id)
    expect(await problemsOf(edit(id, { salutation: 'Mme', ...entry }))).toEqual(problems)
    expect(await contactOf(id)).toEqual(before)
  })

  test('not when erased', async () => {
    const id = await there.contactId('P2')
    await there.context.db.update(contacts).set({ erasedAt: there.clock.now() }).where(eq(contacts.id, id))
    expect(await problemsOf(edit(id, { firstName: 'Anne' }))).toEqual({ form: 'erased' })
  })

  test('nor with the address of somebody who was erased', async () => {
    const { db } = there.context
    await db.update(addresses).set({ normalised: null }).where(eq(addresses.normalised, '+33639980004'))
    const id = await there.contactId('P2')
    expect(await problemsOf(edit(id, { firstName: 'Anne', mobile: '0639980004' }))).toEqual({
      mobile: 'belongs_to_erased',
    })
    expect((await contactOf(id)).firstName).toBe('Odile')
  })
})

describe('a contact is set aside', () => {
  test('leaves the segments, and comes back to them', async () => {
    const id = await there.contactId('P2')
    const memberships = () =>
      there.context.db.$count(
        segmentMembers,
        and(eq(segmentMembers.networkId, there.network.id), eq(segmentMembers.contactId, id)),
      )
    const before = await memberships()
    expect(before).toBeGreaterThan(0)
    expect(await setContactActive(deps(), there.network, id, false, 'user-1')).toBe(true)
    expect(await setContactActive(deps(), there.network, id, false, 'user-1')).toBe(false)
    expect(await memberships()).toBe(0)
    await setContactActive(deps(), there.network, id, true, 'user-1')
    expect(await memberships()).toBe(before)
    expect((await trail()).map((entry) => entry.action)).toEqual(['contact.deactivate', 'contact.change'])
  })
})

describe('a contact is added', () => {
  test('to a site, and a later import of the same person changes them instead of adding another', async () => {
    const site = await siteOf('S2')
    const id = await addContact(
      deps(),
      there.network,
      site.id,
      { firstName: 'Zoé', lastName: 'Neuf', email: 'Zoe.Neuf@batipro.example.com' },
      'user-1',
    )
    expect(await contactOf(id)).toMatchObject({ siteId: site.id, nameKey: 'neuf zoe', isActive: true, language: 'fr' })
    const path = join(there.store.folder, 'more.csv')
    writeFileSync(path, 'Code site;Prénom;Nom;Fonction\nS2;Zoé;Neuf;Comptable\n')
    const summary = await importFile(there.context, { file: path, networkId: there.network.id })
    expect(summary).toMatchObject({ created: 0, updated: 1 })
    expect((await contactOf(id)).function).toBe('Comptable')
  })

  test('not twice at one site', async () => {
    const site = await siteOf('S2')
    const entry = { firstName: 'Zoé', lastName: 'Neuf' }
    await addContact(deps(), there.network, site.id, entry, 'user-1')
    expect(
      await problemsOf(addContact(deps(), there.network, site.id, { ...entry, lastName: 'NEUF' }, 'user-1')),
    ).toEqual({
      lastName: 'exists',
    })
  })
})

describe('a site is edited', () => {
  test('its letterbox, area, zone and town follow its address', async () => {
    const site = await siteOf('S2')
    expect(site.area).toBe('Auvergne-Rhône-Alpes')
    const changed = await editSite(
      deps(),
      there.network,
      site.id,
      { addressLine1: '1 rue du Port', postcode: '97400', city: 'St-Denis' },
      'user-1',
    )
    const moved = await siteOf('S2')
    expect(moved).toMatchObject({
      area: 'La Réunion',
      region: 'RE',
      timezone: 'Indian/Reunion',
      cityKey: 'saint denis',
      postcode: '97400',
    })
    expect(changed).toContain('postalAddressId')
    const [letterbox] = await there.context.db.select().from(addresses).where(eq(addresses.id, moved.postalAddressId!))
    expect(letterbox).toMatchObject({
      normalised: 'Bâti Pro\n1 rue du Port\n97400 St-Denis',
      status: 'valid',
      isShared: true,
    })
  })

  test('an area somebody gave stays when the site moves, and goes when it is emptied', async () => {
    const site = await siteOf('S2')
    await editSite(deps(), there.network, site.id, { area: 'Grand Rhône' }, 'user-1')
    await editSite(deps(), there.network, site.id, { postcode: '75011' }, 'user-1')
    expect((await siteOf('S2')).area).toBe('Grand Rhône')
    await editSite(deps(), there.network, site.id, { area: '' }, 'user-1')
    expect((await siteOf('S2')).area).toBe('Île-de-France')
  })

  test('hours are read day by day, and the form begins with them', async () => {
    const site = await siteOf('S2')
    await editSite(deps(), there.network, site.id, { hours: { '1': '8h-12h 13h30-18h', '6': '9:00-12:00' } }, 'user-1')
    const saved = await siteOf('S2')
    expect(saved.openingHours).toEqual({
      '1': [
        [480, 720],
        [810, 1080],
      ],
      '6': [[540, 720]],
    })
    const entry = await siteEntry(there.context.db, saved)
    expect(entry.hours).toMatchObject({ '1': '8h-12h 13h30-18h', '6': '9h-12h', '7': '' })
    expect(await editSite(deps(), there.network, site.id, entry, 'user-1')).toEqual([])
  })

  test('what cannot be is refused, field by field', async () => {
    const site = await siteOf('S2')
    const entry = {
      name: '',
      postcode: '99999',
      mailbox: 'info@',
      timezone: 'Europe/Lyon',
      country: 'Gondor',
      hours: { '2': 'parfois' },
    }
    expect(await problemsOf(editSite(deps(), there.network, site.id, entry, 'user-1'))).toEqual({
      name: 'required',
      postcode: 'postcode',
      mailbox: 'incomplete',
      timezone: 'timezone',
      country: 'country',
      hours2: 'hours',
    })
    expect(await siteOf('S2')).toEqual(site)
  })
})

test('a site is added once under its code', async () => {
  const entry = {
    code: 'S9',
    name: 'Neuf SARL',
    postcode: '35000',
    city: 'Rennes',
    mailbox: 'Contact@neuf.example.com',
  }
  const id = await addSite(deps(), there.network, entry, 'user-1')
  expect(await siteOf('S9')).toMatchObject({ id, area: 'Bretagne', nameKey: 'neuf sarl', isActive: true })
  expect(await problemsOf(addSite(deps(), there.network, entry, 'user-1'))).toEqual({ code: 'code_taken' })
})

test('an import gives the area of its column, and keeps it when the next file has none', async () => {
  const path = join(there.store.folder, 'areas.csv')
  writeFileSync(path, 'Code site;Secteur;Nom\nS2;Rhône Nord;Martin\n')
  await importFile(there.context, { file: path, networkId: there.network.id })
  expect((await siteOf('S2')).area).toBe('Rhône Nord')
  const again = join(there.store.folder, 'again.csv')
  writeFileSync(again, castFile)
  await importFile(there.context, { file: again, networkId: there.network.id })
  expect((await siteOf('S2')).area).toBe('Rhône Nord')
  expect(await there.context.db.$count(contactAddresses)).toBeGreaterThan(0)
})

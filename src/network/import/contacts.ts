import { and, eq, inArray } from 'drizzle-orm'
import { newId, type Tx } from '../../db/index.ts'
import { contactAddresses, contacts, identityAliases } from '../../db/schema.ts'
import type { AddressKind, Language } from '../../words.ts'
import { fold } from '../folding.ts'
import { profileFromFunction } from '../profiles.ts'
import { nameKeysOf } from '../search-keys.ts'
import type { AddressBook, WantedAddress } from './address-book.ts'
import { wantedAddress } from './address-book.ts'
import type { ContactField, ImportedRow } from './row.ts'
import { seenTable } from './seen.ts'

type ContactRow = typeof contacts.$inferSelect
type LinkRow = typeof contactAddresses.$inferSelect

/** The key under which a person is kept as seen whom only the row of their former self names. */
export const heardOf = (identity: string): string => `heard of ${identity}`

export interface ContactState {
  row: ContactRow
  /** Links as they are to be; ranks change here. */
  links: LinkRow[]
  isNew: boolean
  isDirty: boolean
}

export const contactFields = [
  'externalId',
  'salutation',
  'firstName',
  'lastName',
  'function',
  'profile',
  'language',
  'preferredChannel',
  'isCorrespondent',
  'hasContract',
  'lastActivityOn',
] as const satisfies readonly ContactField[]

/** Beside the fields, what else a row may give once per person and file. */
const extras = ['email', 'mobile', 'phone'] as const
/** Then each wish, a place for "yes" and one for "no". */
const wishes = ['email', 'sms', 'print', 'opens', 'clicks'] as const
/** A row's fingerprint has 32 bits, the table's words 16. */
const fingerprintWords = 2
const wordBits = 16
const firstWish = contactFields.length + extras.length
const firstAttribute = firstWish + wishes.length * 2

export interface ContactDefaults {
  networkId: string
  language: Language
  now: Date
}

export type Taken = 'created' | 'changed' | 'same' | 'repeat'

/** The addresses a row gives its contact: the mailbox, the first number of each kind, further numbers behind. */
export function addressesOf(row: ImportedRow): WantedAddress[] {
  const wanted: WantedAddress[] = []
  if (row.email) wanted.push(wantedAddress('email', row.email.mailbox, { isShared: row.email.isShared }))
  for (const phone of row.phones) wanted.push(wantedAddress(phone.kind, phone.e164, { country: phone.country }))
  return wanted
}

/**
 * Contacts of one import. Within a file a person's first row wins field by field and later rows only fill gaps;
 * against what is stored the file wins, but an empty cell erases nothing. So importing a file again changes
 * nothing. What was taken from this file is remembered as bits.
 */
export function contactFold(attributes: readonly string[], defaults: ContactDefaults) {
  const words = Math.ceil((firstAttribute + attributes.length) / wordBits)
  const seen = seenTable(fingerprintWords + words)
  const attributePlace = new Map(attributes.map((name, at) => [name, firstAttribute + at]))
  let chunk = new Map<string, ContactState>()
  let freshLinks: LinkRow[] = []
  let movedLinks = new Map<string, LinkRow>()

  /** True the first time this file gives the field for this person. */
  const claim = (values: Uint16Array, place: number): boolean => {
    const word = fingerprintWords + (place >>> 4)
    const bit = 1 << (place & 15)
    if ((values[word]! & bit) !== 0) return false
    values[word] = values[word]! | bit
    return true
  }

  const isClaimed = (values: Uint16Array, place: number): boolean =>
    (values[fingerprintWords + (place >>> 4)]! & (1 << (place & 15))) !== 0

  const link = (state: ContactState, wanted: WantedAddress, addressId: string, isMain: boolean): boolean => {
    const kind: AddressKind = wanted.kind
    const existing = state.links.find((candidate) => candidate.addressId === addressId)
    if (!isMain) {
      if (existing) return false
      add(state, addressId, kind, 1)
      return true
    }
    const main = state.links.find((candidate) => candidate.kind === kind && candidate.rank === 0)
    if (main && main === existing) return false
    if (main) move(main, 1)
    if (existing) move(existing, 0)
    else add(state, addressId, kind, 0)
    return true
  }
  const add = (state: ContactState, addressId: string, kind: AddressKind, rank: number) => {
    const row = { networkId: defaults.networkId, contactId: state.row.id, addressId, kind, rank }
    state.links.push(row)
    freshLinks.push(row)
  }
  const move = (row: LinkRow, rank: number) => {
    row.rank = rank
    if (!freshLinks.includes(row)) movedLinks.set(`${row.contactId}|${row.addressId}`, row)
  }

  return {
    seen,
    mark: seen.mark,
    rewind: seen.rewind,
    async load(tx: Tx, identities: ReadonlySet<string>): Promise<void> {
      chunk = new Map()
      freshLinks = []
      movedLinks = new Map()
      const rows = await tx
        .select()
        .from(contacts)
        .where(and(eq(contacts.networkId, defaults.networkId), inArray(contacts.identityKey, [...identities])))
      const byId = new Map<string, ContactState>()
      const know = (row: ContactRow) => {
        const state = byId.get(row.id) ?? { row, links: [], isNew: false, isDirty: false }
        byId.set(row.id, state)
        return state
      }
      for (const { row, key } of await formerSelves(tx, defaults.networkId, identities)) chunk.set(key, know(row))
      for (const row of rows) chunk.set(row.identityKey, know(row))
      if (byId.size === 0) return
      const links = await tx
        .select()
        .from(contactAddresses)
        .where(
          and(
            eq(contactAddresses.networkId, defaults.networkId),
            inArray(contactAddresses.contactId, [...byId.keys()]),
          ),
        )
      for (const row of links) byId.get(row.contactId)?.links.push(row)
    },

    find: (identity: string): ContactState | undefined => chunk.get(identity),
    ids: (): string[] => [...new Set([...chunk.values()].map((state) => state.row.id))],

    /** Takes a row in. `repeat` is the very same row again. */
    take(
      imported: ImportedRow,
      siteId: string,
      book: AddressBook,
    ): { state: ContactState; taken: Taken; isSecondRow: boolean; isMerged: boolean } {
      let state = chunk.get(imported.identity)
      const isMerged = state !== undefined && state.row.identityKey !== imported.identity
      if (isMerged) seen.of(heardOf(state!.row.identityKey))
      const { values, isNew: isFirst } = seen.of(imported.identity)
      const isCreated = !state && isFirst
      if (!state) {
        state = { row: newContact(imported, siteId, defaults), links: [], isNew: true, isDirty: true }
        chunk.set(imported.identity, state)
      }
      const [high, low] = [imported.fingerprint >>> 16, imported.fingerprint & 0xffff]
      if (isFirst) values.set([high, low])
      else if (values[0] === high && values[1] === low) return { state, taken: 'repeat', isSecondRow: false, isMerged }

      keepNewWishes(values, imported)
      const isChanged = fill(state, values, imported, book, isMerged)
      if (state.row.siteId !== siteId && isFirst && !isMerged) {
        state.row.siteId = siteId
        state.isDirty = true
      }
      const isMoved = derive(state, imported, isCreated) || (isFirst && !isCreated && state.isDirty && !state.isNew)
      const taken = isCreated ? 'created' : isChanged || isMoved ? 'changed' : 'same'
      return { state, taken, isSecondRow: !isFirst, isMerged }
    },

    /** Addresses must have been saved before. */
    async save(tx: Tx): Promise<void> {
      const dirty = [...new Set(chunk.values())].filter((state) => state.isDirty)
      for (const { row } of dirty) Object.assign(row, nameKeysOf(row), { updatedAt: defaults.now })
      const fresh = dirty.filter((state) => state.isNew).map((state) => state.row)
      if (fresh.length > 0) await tx.insertRows(contacts, fresh)
      const changed = dirty.filter((state) => !state.isNew).map((state) => state.row)
      if (changed.length > 0)
        await tx.updateRows(contacts, { set: changedColumns, where: ['networkId', 'id'] }, changed)
      if (freshLinks.length > 0) await tx.insertRows(contactAddresses, freshLinks)
      if (movedLinks.size > 0)
        await tx.updateRows(contactAddresses, { set: ['rank'], where: ['networkId', 'contactId', 'addressId'] }, [
          ...movedLinks.values(),
        ])
    },
  }

  function fill(
    state: ContactState,
    values: Uint16Array,
    imported: ImportedRow,
    book: AddressBook,
    isMerged: boolean,
  ): boolean {
    let isChanged = false
    const row = state.row as Record<string, unknown>
    contactFields.forEach((field, place) => {
      const value = imported.contact[field]
      if (value === undefined || !claim(values, place)) return
      // The row of the contact they were merged into is the one that counts.
      if (isMerged && !isGap(state.row, field)) return
      if (row[field] !== value) {
        row[field] = value
        isChanged = true
      }
      if (field === 'profile' && state.row.isProfileDerived) {
        state.row.isProfileDerived = false
        isChanged = true
      }
    })
    for (const [name, value] of Object.entries(imported.attributes)) {
      if (!claim(values, attributePlace.get(name)!) || state.row.attributes[name] === value) continue
      if (isMerged && state.row.attributes[name] !== undefined) continue
      state.row.attributes = { ...state.row.attributes, [name]: value }
      isChanged = true
    }
    if (!state.row.isActive) {
      state.row.isActive = true
      isChanged = true
    }
    if (isChanged) state.isDirty = true
    return fillAddresses(state, values, imported, book, isMerged) || isChanged
  }

  function fillAddresses(
    state: ContactState,
    values: Uint16Array,
    imported: ImportedRow,
    book: AddressBook,
    isMerged: boolean,
  ): boolean {
    let isChanged = false
    const given = new Set<AddressKind>()
    for (const wanted of addressesOf(imported)) {
      const place = contactFields.length + extras.indexOf(wanted.kind as (typeof extras)[number])
      const isMain = !given.has(wanted.kind) && claim(values, place)
      if (!isMain && !given.has(wanted.kind)) continue
      given.add(wanted.kind)
      const isTaken = isMerged && state.links.some(({ kind, rank }) => kind === wanted.kind && rank === 0)
      if (link(state, wanted, book.idOf(wanted), isMain && !isTaken)) isChanged = true
    }
    return isChanged
  }

  /** Leaves the wishes this file has not yet uttered for the person; after a "no", a "yes" of the same file is void. */
  function keepNewWishes(values: Uint16Array, imported: ImportedRow): void {
    for (const [at, name] of wishes.entries()) {
      const owner: Partial<Record<string, boolean>> = at < 3 ? imported.wishes : imported.tracking
      const wish = owner[name]
      if (wish === undefined) continue
      const yes = firstWish + at * 2
      const no = yes + 1
      if (wish ? isClaimed(values, no) || !claim(values, yes) : !claim(values, no)) delete owner[name]
    }
  }

  /** What follows from the function while nobody has said otherwise. */
  function derive(state: ContactState, imported: ImportedRow, isCreated: boolean): boolean {
    const { row } = state
    let isChanged = false
    if (row.isProfileDerived) {
      const profile = profileFromFunction(row.function ?? '')
      if (profile !== row.profile) {
        row.profile = profile
        isChanged = true
      }
    }
    // Tourism and transport networks call them so: "Correspondant tourisme" relays to the colleagues of the site.
    const isCalledCorrespondent = fold(row.function ?? '').startsWith('correspondant')
    if (imported.contact.isCorrespondent === undefined && isCalledCorrespondent && !row.isCorrespondent && isCreated) {
      row.isCorrespondent = true
      isChanged = true
    }
    if (isChanged) state.isDirty = true
    return isChanged
  }
}
export type ContactFold = ReturnType<typeof contactFold>

/** Whether nobody has said this of the contact. */
const isGap = (row: ContactRow, field: ContactField): boolean =>
  field === 'profile' ? row.isProfileDerived : row[field] === null || row[field] === ''

/** Who is now the person that these identities were before they were merged into another. */
const formerSelves = (tx: Tx, networkId: string, identities: ReadonlySet<string>) =>
  tx
    .select({ key: identityAliases.identityKey, row: contacts })
    .from(identityAliases)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, identityAliases.networkId), eq(contacts.id, identityAliases.contactId)),
    )
    .where(and(eq(identityAliases.networkId, networkId), inArray(identityAliases.identityKey, [...identities])))

const changedColumns = [
  'siteId',
  'externalId',
  'salutation',
  'firstName',
  'lastName',
  'nameKey',
  'givenKey',
  'function',
  'profile',
  'isProfileDerived',
  'language',
  'preferredChannel',
  'isCorrespondent',
  'hasContract',
  'lastActivityOn',
  'attributes',
  'isActive',
  'updatedAt',
] as const

function newContact(imported: ImportedRow, siteId: string, { networkId, language, now }: ContactDefaults): ContactRow {
  return {
    networkId,
    id: newId(),
    siteId,
    externalId: null,
    identityKey: imported.identity,
    salutation: null,
    firstName: null,
    lastName: null,
    nameKey: '',
    givenKey: '',
    function: null,
    profile: profileFromFunction(imported.contact.function ?? ''),
    isProfileDerived: true,
    language,
    preferredChannel: null,
    preferredHours: null,
    isCorrespondent: false,
    hasContract: false,
    lastActivityOn: null,
    attributes: {},
    isActive: true,
    erasedAt: null,
    createdAt: now,
    updatedAt: now,
  }
}

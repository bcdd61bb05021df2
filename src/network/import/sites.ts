import { and, eq, inArray } from 'drizzle-orm'
import { newId, type Tx } from '../../db/index.ts'
import { addresses, type OpeningHours, sites } from '../../db/schema.ts'
import type { Language } from '../../words.ts'
import { areaOf } from '../areas.ts'
import { lawOf } from '../countries.ts'
import { fold } from '../folding.ts'
import { readFrenchPostcode } from '../postcodes.ts'
import { cityKeyOf } from '../search-keys.ts'
import { placeOf, siteAddresses } from '../site-place.ts'
import type { AddressBook } from './address-book.ts'
import { type ImportedRow, quality, type SiteCell, type SiteField, type SiteValue, siteFields } from './row.ts'
import { type SeenTable, seenTable } from './seen.ts'
import type { ImportWarning } from './tally.ts'
import { shorten, warning } from './tally.ts'

type SiteRow = typeof sites.$inferSelect

export interface SiteState {
  row: SiteRow
  /** The value of the mailbox behind `mailboxAddressId`. */
  mailbox: string | undefined
  /** Nobody has said the area: it follows from where the site lies. */
  isAreaDerived: boolean
  isNew: boolean
  isDirty: boolean
}

export interface SiteCounts {
  created: number
  updated: number
  unchanged: number
}

export interface SiteDefaults {
  networkId: string
  country: string
  /** In which countries are called by their name. */
  language: Language
  timezone: string
  now: Date
}

const flags = { created: 1, changed: 2 } as const
const qualityShift = 14
const valueMask = 0x3fff

/** FNV-1a in 14 bits: it only tells whether two cells differ, so a collision (1 in 16,384) costs a warning and nothing else. */
function valueHash(value: SiteValue): number {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  let sum = 0x811c9dc5
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193)
  return (sum ^ (sum >>> 14) ^ (sum >>> 28)) & valueMask
}

const isSame = (stored: unknown, value: SiteValue): boolean =>
  stored === value || (typeof value === 'object' && JSON.stringify(stored) === JSON.stringify(value))

/**
 * Folds a site's fields over all the rows of a file that name it: valid beats invalid beats empty, the first wins
 * among equals, the others are warnings. What was taken from this file is remembered as a few numbers a site, so
 * memory stays small however long the file is; what a site holds is in the database.
 */
export function siteFold(attributes: readonly string[], defaults: SiteDefaults) {
  const seen: SeenTable = seenTable(1 + siteFields.length + attributes.length)
  const counts: SiteCounts = { created: 0, updated: 0, unchanged: 0 }
  let isReplaying = false
  let marked: SiteCounts = { ...counts }
  let chunk = new Map<string, SiteState>()

  const storedOf = (state: SiteState, field: SiteField): SiteValue | null | undefined =>
    field === 'mailbox' ? state.mailbox : state.row[field]

  const storedQuality = (state: SiteState, field: SiteField): number => {
    const stored = storedOf(state, field)
    if (stored === null || stored === undefined || stored === '') return quality.empty
    if (field === 'name' && stored === state.row.externalId) return quality.empty
    if (field === 'area' && state.isAreaDerived) return quality.empty
    if (field === 'postcode' && state.row.country === 'FR' && !readFrenchPostcode(String(stored)))
      return quality.invalid
    return quality.valid
  }

  const write = (state: SiteState, field: SiteField, value: SiteValue) => {
    if (field === 'mailbox') state.mailbox = value as string
    else if (field === 'openingHours') state.row.openingHours = value as OpeningHours
    else if (field === 'country') {
      state.row.country = lawOf(value as string)
      state.row.region = value as string
    } else {
      state.row[field] = value as string
      if (field === 'area') state.isAreaDerived = false
    }
    state.isDirty = true
  }

  const isStored = (state: SiteState, field: SiteField, value: SiteValue): boolean =>
    field === 'country'
      ? lawOf(value as string) === state.row.country && (state.row.country === value || state.row.region === value)
      : isSame(storedOf(state, field), value)

  /** Whether the cell is taken; a loser that says something else is reported. */
  const weigh = (
    values: Uint16Array,
    place: number,
    cell: SiteCell,
    stored: { quality: number; isSame: boolean },
    lost: () => void,
  ): boolean => {
    const before = values[place]!
    const own = valueHash(cell.value)
    const heldQuality = before >>> qualityShift
    if (heldQuality > cell.quality) return false
    if (heldQuality === cell.quality) {
      if ((before & valueMask) !== own) lost()
      return false
    }
    values[place] = (cell.quality << qualityShift) | own
    return !stored.isSame && stored.quality <= cell.quality
  }

  return {
    counts,
    seen,
    mark(): void {
      seen.mark()
      marked = { ...counts }
    },
    rewind(): void {
      seen.rewind()
      Object.assign(counts, marked)
    },
    /**
     * Begins, with the counts of then, to read again rows that an interrupted import had taken in; without counts,
     * ends it.
     */
    replay(known: SiteCounts | undefined): void {
      isReplaying = known !== undefined
      if (known) Object.assign(counts, known)
    },
    async load(tx: Tx, codes: ReadonlySet<string>): Promise<void> {
      chunk = new Map()
      const rows = await tx
        .select({ row: sites, mailbox: addresses.normalised })
        .from(sites)
        .leftJoin(addresses, and(eq(addresses.networkId, sites.networkId), eq(addresses.id, sites.mailboxAddressId)))
        .where(and(eq(sites.networkId, defaults.networkId), inArray(sites.externalId, [...codes])))
      for (const { row, mailbox } of rows)
        chunk.set(row.externalId, {
          row,
          mailbox: mailbox ?? undefined,
          isAreaDerived: row.area === '' || row.area === areaOf(row, defaults.language),
          isNew: false,
          isDirty: false,
        })
    },

    /** Folds one row in; warnings come back. The site's state is of this chunk only. */
    take(imported: ImportedRow): { state: SiteState; warnings: ImportWarning[] } {
      const warnings: ImportWarning[] = []
      let state = chunk.get(imported.siteCode)
      if (!state) {
        const row = newSite(imported.siteCode, defaults)
        state = { row, mailbox: undefined, isAreaDerived: true, isNew: true, isDirty: true }
        chunk.set(imported.siteCode, state)
      }
      const { values, isNew: isFirst } = seen.of(imported.siteCode)
      const current = state
      const lost = (name: string, cell: SiteCell) =>
        warnings.push(
          warning(imported.line, 'site_conflict', {
            column: name,
            value: shorten(typeof cell.value === 'object' ? JSON.stringify(cell.value) : String(cell.value)),
            params: { site: imported.siteCode, field: name },
          }),
        )
      let isChanged = false
      siteFields.forEach((field, at) => {
        const cell = imported.site[field]
        if (!cell) return
        const stored = { quality: storedQuality(current, field), isSame: isStored(current, field, cell.value) }
        if (weigh(values, 1 + at, cell, stored, () => lost(field, cell))) {
          write(current, field, cell.value)
          isChanged = true
        }
      })
      attributes.forEach((name, at) => {
        const cell = imported.siteAttributes[name]
        if (!cell) return
        const value = cell.value as string | number | boolean
        const stored = { quality: quality.valid, isSame: current.row.attributes[name] === value }
        if (weigh(values, 1 + siteFields.length + at, cell, stored, () => lost(name, cell))) {
          current.row.attributes = { ...current.row.attributes, [name]: value }
          current.isDirty = true
          isChanged = true
        }
      })
      if (!current.row.isActive) {
        current.row.isActive = true
        current.isDirty = true
        isChanged = true
      }
      if (isReplaying) recall(values, current.row)
      else count(values, isFirst, current.isNew, isChanged)
      return { state: current, warnings }
    },

    /** The addresses the chunk's changed sites need. */
    hashes(): string[] {
      return [...chunk.values()]
        .filter((state) => state.isDirty)
        .flatMap((state) => siteAddresses(state.row, state.mailbox).map(({ hash }) => hash))
    },

    async save(tx: Tx, book: AddressBook): Promise<void> {
      const dirty = [...chunk.values()].filter((state) => state.isDirty)
      for (const state of dirty) {
        Object.assign(state.row, placeOf(state.row, defaults.timezone))
        state.row.nameKey = fold(state.row.name)
        state.row.cityKey = cityKeyOf(state.row.city)
        if (state.isAreaDerived) state.row.area = areaOf(state.row, defaults.language)
        for (const address of siteAddresses(state.row, state.mailbox)) {
          const id = book.idOf(address)
          if (address.kind === 'email') state.row.mailboxAddressId = id
          else state.row.postalAddressId = id
        }
        state.row.updatedAt = defaults.now
      }
      await book.save(tx)
      const fresh = dirty.filter((state) => state.isNew).map((state) => state.row)
      if (fresh.length > 0) await tx.insertRows(sites, fresh)
      const changed = dirty.filter((state) => !state.isNew).map((state) => state.row)
      if (changed.length > 0) await tx.updateRows(sites, { set: changedColumns, where: ['networkId', 'id'] }, changed)
    },
    chunkStates: () => chunk,
  }

  /** What this import had made of the site before it was interrupted. */
  function recall(values: Uint16Array, { createdAt, updatedAt }: SiteRow): void {
    const isMine = (at: Date) => at.getTime() === defaults.now.getTime()
    values[0] = isMine(createdAt) ? flags.created : isMine(updatedAt) ? flags.changed : 0
  }

  function count(values: Uint16Array, isFirst: boolean, isNew: boolean, isChanged: boolean): void {
    if (isFirst && isNew) {
      values[0] = flags.created
      counts.created++
    } else if (isFirst && !isChanged) counts.unchanged++
    else if (isChanged && values[0] === 0) {
      values[0] = flags.changed
      counts.updated++
      if (!isFirst) counts.unchanged--
    }
  }
}
export type SiteFold = ReturnType<typeof siteFold>

const changedColumns = [
  'name',
  'nameKey',
  'area',
  'typology',
  'tier',
  'addressLine1',
  'addressLine2',
  'postcode',
  'city',
  'cityKey',
  'country',
  'region',
  'timezone',
  'mailboxAddressId',
  'postalAddressId',
  'openingHours',
  'attributes',
  'isActive',
  'updatedAt',
] as const

function newSite(code: string, { networkId, country, timezone, now }: SiteDefaults): SiteRow {
  return {
    networkId,
    id: newId(),
    externalId: code,
    name: code,
    nameKey: '',
    area: '',
    typology: null,
    tier: null,
    addressLine1: null,
    addressLine2: null,
    postcode: null,
    city: null,
    cityKey: '',
    country: lawOf(country),
    region: country,
    timezone,
    mailboxAddressId: null,
    postalAddressId: null,
    openingHours: null,
    attributes: {},
    isActive: true,
    createdAt: now,
    updatedAt: now,
  }
}

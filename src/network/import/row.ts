import { hash } from 'node:crypto'
import type { OpeningHours } from '../../db/schema.ts'
import type { ChannelName, Language, Profile } from '../../words.ts'
import { lawOf, readCountry } from '../countries.ts'
import { fold } from '../folding.ts'
import { identityKey } from '../identity.ts'
import { type Mailbox, type MailboxProblem, readMailbox } from '../mailboxes.ts'
import { type Phone, type PhoneProblem, readPhone } from '../phones.ts'
import { readFrenchPostcode } from '../postcodes.ts'
import { readProfile } from '../profiles.ts'
import { readChannel, readLanguage } from '../values/choices.ts'
import { readDate } from '../values/dates.ts'
import { readNumber } from '../values/numbers.ts'
import { readOpeningHours } from '../values/opening-hours.ts'
import { isSiret } from '../values/siret.ts'
import { readYesOrNo } from '../values/yes-or-no.ts'
import { cleanCell, hasControlCharacters } from './cells.ts'
import type { Column } from './columns.ts'
import type { SaidParams, SentenceCode } from './sentences/index.ts'
import { rowProblem, type SourceRow } from './source.ts'
import { type ImportWarning, type Rejection, shorten, warning } from './tally.ts'

/** How good a cell is: a site's field takes the best its rows offer, and the first among equals. */
export const quality = { empty: 0, invalid: 1, valid: 2 } as const

export type SiteValue = string | number | boolean | OpeningHours

export interface SiteCell {
  value: SiteValue
  quality: 1 | 2
}

export const siteFields = [
  'name',
  'typology',
  'tier',
  'addressLine1',
  'addressLine2',
  'postcode',
  'city',
  'country',
  'mailbox',
  'openingHours',
  'area',
] as const
export type SiteField = (typeof siteFields)[number]

export interface ContactCells {
  externalId?: string
  salutation?: string
  firstName?: string
  lastName?: string
  function?: string
  profile?: Profile
  language?: Language
  preferredChannel?: ChannelName
  isCorrespondent?: boolean
  hasContract?: boolean
  lastActivityOn?: string
}
export type ContactField = keyof ContactCells

/** One row, read: nothing of the database is known here. */
export interface ImportedRow {
  line: number
  /** Fingerprint of the cleaned cells: the same row again is no second person. */
  fingerprint: number
  identity: string
  siteCode: string
  site: Partial<Record<SiteField, SiteCell>>
  siteAttributes: Record<string, SiteCell>
  contact: ContactCells
  attributes: Record<string, string | number | boolean>
  email?: Mailbox
  /** The number for SMS first, others after it. */
  phones: Phone[]
  wishes: Partial<Record<ChannelName, boolean>>
  tracking: { opens?: boolean; clicks?: boolean }
  warnings: ImportWarning[]
}

type Warn = (code: SentenceCode, params?: SaidParams) => void
interface Reading {
  row: ImportedRow
  /** Country of the row, the network's where it has none. */
  country: string
}
type CellReader = (cell: string, reading: Reading, warn: Warn) => void

function attributeValue(cell: string): string | number | boolean {
  const number = readNumber(cell)
  if (number !== undefined) return number
  return cell.length > 1 ? (plainYesOrNo(cell) ?? cell) : cell
}

const plainYesOrNo = (cell: string): boolean | undefined =>
  /^(?:oui|non|vrai|faux|yes|no|true|false)$/i.test(cell) ? readYesOrNo(cell) : undefined

const valid = (value: SiteValue): SiteCell => ({ value, quality: 2 })

const mailboxParams = ({ detail, domain }: MailboxProblem): SaidParams => (domain ? { detail, domain } : { detail })
const phoneParams = ({ problem, digits }: PhoneProblem): SaidParams =>
  digits === undefined ? { detail: problem } : { detail: problem, digits }

const readers: Record<string, CellReader> = {
  'site.code': (cell, { row }) => {
    row.siteCode = cell
  },
  'site.postcode': (cell, { row, country }, warn) => {
    if (lawOf(country) !== 'FR') {
      row.site.postcode = valid(cell)
      return
    }
    const place = readFrenchPostcode(cell)
    if (!place) {
      row.site.postcode = { value: cell, quality: 1 }
      warn('postcode_unknown')
      return
    }
    row.site.postcode = valid(place.postcode)
    if (place.isMended) warn('postcode_mended', { postcode: place.postcode })
  },
  'site.country': (cell, { row }, warn) => {
    const country = readCountry(cell)
    if (country) row.site.country = valid(country)
    else warn('country_unknown')
  },
  'site.mailbox': (cell, { row }, warn) => {
    const read = readMailbox(cell)
    if ('problem' in read) return warn('site_mailbox_invalid', mailboxParams(read))
    row.site.mailbox = valid(read.mailbox)
    if (read.mended) warn('site_mailbox_mended', { mailbox: read.mailbox, mends: (read.mends ?? []).join() })
  },
  'site.openingHours': (cell, { row }, warn) => {
    const hours = readOpeningHours(cell)
    if (hours) row.site.openingHours = valid(hours)
    else warn('opening_hours_unread')
  },
  'contact.profile': (cell, { row }, warn) => {
    const profile = readProfile(cell)
    if (profile) row.contact.profile = profile
    else warn('profile_unknown')
  },
  'contact.email': (cell, { row }, warn) => {
    const read = readMailbox(cell)
    if ('problem' in read) return warn('email_invalid', mailboxParams(read))
    row.email = read
    if (read.mended) warn('email_mended', { mailbox: read.mailbox, mends: (read.mends ?? []).join() })
  },
  'contact.mobile': (cell, { row, country }, warn) => {
    const phone = readPhone(cell, country)
    if ('problem' in phone)
      return warn(phone.problem === 'spreadsheet_number' ? 'mobile_rounded' : 'mobile_invalid', phoneParams(phone))
    row.phones.unshift(phone)
    if (phone.kind !== 'mobile') warn('mobile_is_landline')
  },
  'contact.phone': (cell, { row, country }, warn) => {
    const phone = readPhone(cell, country)
    if ('problem' in phone) warn('phone_invalid', phoneParams(phone))
    else if (!row.phones.some((other) => other.e164 === phone.e164)) row.phones.push(phone)
  },
  'contact.language': (cell, { row }, warn) => {
    const language = readLanguage(cell)
    if (language) row.contact.language = language
    else warn('language_unknown')
  },
  'contact.preferredChannel': (cell, { row }, warn) => {
    const channel = readChannel(cell)
    if (channel) row.contact.preferredChannel = channel
    else warn('channel_unknown')
  },
  'contact.isCorrespondent': (cell, { row }, warn) => {
    const answer = readYesOrNo(cell)
    if (answer !== undefined) row.contact.isCorrespondent = answer
    else warn('answer_unknown')
  },
  'contact.hasContract': (cell, { row }, warn) => {
    const answer = readYesOrNo(cell)
    if (answer !== undefined) row.contact.hasContract = answer
    else warn('answer_unknown')
  },
  'contact.lastActivityOn': (cell, { row }, warn) => {
    const date = readDate(cell)
    if (date) row.contact.lastActivityOn = date
    else warn('date_invalid')
  },
}

const consentReader =
  (channel: ChannelName): CellReader =>
  (cell, { row }, warn) => {
    const answer = readYesOrNo(cell)
    if (answer !== undefined) row.wishes[channel] = answer
    else warn('consent_unclear')
  }

const trackingReader =
  (subject: 'opens' | 'clicks'): CellReader =>
  (cell, { row }, warn) => {
    const answer = readYesOrNo(cell)
    if (answer !== undefined) row.tracking[subject] = answer
    else warn('consent_unclear')
  }

function readerOf(column: Column): CellReader | undefined {
  const { target } = column
  const named = readers[target]
  if (named) return named
  const [owner, field, attribute] = target.split('.') as [string, string, string?]
  if (owner === 'consent') return consentReader(field as ChannelName)
  if (owner === 'tracking') return trackingReader(field as 'opens' | 'clicks')
  if (attribute === undefined) {
    if (owner === 'site')
      return (cell, { row }) => {
        row.site[field as SiteField] = valid(cell)
      }
    if (owner === 'contact')
      return (cell, { row }) => {
        ;(row.contact as Record<string, string>)[field] = cell
      }
    return
  }
  if (owner === 'contact')
    return (cell, { row }) => {
      row.attributes[attribute] = attributeValue(cell)
    }
  const isSiretColumn = attribute === 'siret' || attribute === 'siren'
  return (cell, { row }, warn) => {
    if (isSiretColumn && !isSiret(cell)) warn('siret_invalid')
    row.siteAttributes[attribute] = valid(isSiretColumn ? cell.replace(/\s/g, '') : attributeValue(cell))
  }
}

export type RowReading = { row: ImportedRow } | { rejection: Rejection }

/** Makes the function that reads one row of a table with these columns; it is pure. */
export function rowReader(columns: readonly Column[], home: string) {
  const read = columns
    .filter((column) => column.target !== 'ignore')
    .map((column) => ({ column, reader: readerOf(column) }))
    .filter((entry): entry is { column: Column; reader: CellReader } => entry.reader !== undefined)
  const indexOf = (target: string) => columns.find((column) => column.target === target)?.index
  const countryIndex = indexOf('site.country')
  const postcodeColumn = columns.find((column) => column.target === 'site.postcode')
  const hasNames = indexOf('contact.firstName') !== undefined || indexOf('contact.lastName') !== undefined
  const hasCode = indexOf('site.code') !== undefined
  const ignored = new Set(columns.filter((column) => column.target === 'ignore').map((column) => column.index))

  return (source: SourceRow): RowReading => {
    const { line } = source
    if (source.problem) return { rejection: { line, ...source.problem } }
    const warnings: ImportWarning[] = []
    const cells = source.cells.map(cleanCell)
    const countryCell = countryIndex === undefined ? '' : cells[countryIndex]!
    const country = (countryCell && readCountry(countryCell)) || home
    const row: ImportedRow = {
      line,
      fingerprint: 0,
      identity: '',
      siteCode: '',
      site: {},
      siteAttributes: {},
      contact: {},
      attributes: {},
      phones: [],
      wishes: {},
      tracking: {},
      warnings,
    }
    const reading: Reading = { row, country }
    let column = read[0]?.column
    let cell = ''
    const warn: Warn = (code, params) =>
      void warnings.push(warning(line, code, { column: column?.header, value: shorten(cell), params }))
    for (const entry of read) {
      column = entry.column
      cell = cells[column.index]!
      if (hasControlCharacters(source.cells[column.index]!)) warn('control_characters')
      if (cell !== '') entry.reader(cell, reading, warn)
    }
    const siteName = row.site.name?.value
    if (!hasCode && typeof siteName === 'string') row.siteCode = fold(siteName).replaceAll(' ', '-')
    if (row.siteCode === '') return { rejection: { line, ...rowProblem('site_missing') } }
    if (postcodeColumn && cells[postcodeColumn.index] === '' && lawOf(country) === 'FR')
      warnings.push(warning(line, 'postcode_missing', { column: postcodeColumn.header }))
    identify(row, cells.filter((_, index) => !ignored.has(index)).join('\u001f'), hasNames)
    return { row }
  }
}

/** Shared by its name or because it is the mailbox the same row gives its site. */
function markShared(row: ImportedRow): void {
  if (row.email && row.email.mailbox === row.site.mailbox?.value) row.email = { ...row.email, isShared: true }
}

function identify(row: ImportedRow, text: string, hasNames: boolean): void {
  markShared(row)
  const { contact, email } = row
  const foldedName = fold(`${contact.firstName ?? ''} ${contact.lastName ?? ''}`)
  if (hasNames && foldedName === '') row.warnings.push(warning(row.line, 'name_missing'))
  row.fingerprint = Number.parseInt(hash('sha256', text).slice(0, 8), 16)
  const mobile = row.phones.find((phone) => phone.kind === 'mobile')
  row.identity = identityKey({
    siteCode: row.siteCode,
    ...(contact.externalId === undefined ? {} : { externalId: contact.externalId }),
    foldedName,
    ...(mobile ? { mobile: mobile.e164 } : {}),
    ...(email && !email.isShared ? { personalMailbox: email.mailbox } : {}),
    row: text,
  })
}

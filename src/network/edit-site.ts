import { and, eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { businessNow } from '../clock.ts'
import type { Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { addresses, contacts, type OpeningHours, sites } from '../db/schema.ts'
import { refreshSegments } from '../segment/refresh.ts'
import { areaOf } from './areas.ts'
import { lawOf, readCountry } from './countries.ts'
import type { EditDeps } from './edit-contact.ts'
import { type EditProblemCode, EditProblems, enteredText, longestText } from './edit-problem.ts'
import { fold } from './folding.ts'
import { addressBook } from './import/address-book.ts'
import { readMailbox } from './mailboxes.ts'
import { readFrenchPostcode } from './postcodes.ts'
import { cityKeyOf } from './search-keys.ts'
import { placeOf, siteAddresses } from './site-place.ts'
import { readOpeningHours } from './values/opening-hours.ts'

export const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const
export type Weekday = (typeof weekdays)[number]

/** A site as a form or the API gives one; what is left out stays, an empty text empties. */
export interface SiteEntry {
  name?: string
  typology?: string
  tier?: string
  addressLine1?: string
  addressLine2?: string
  postcode?: string
  city?: string
  /** A code or a name, in French or English. */
  country?: string
  /** Empty: it follows from where the site lies. */
  area?: string
  mailbox?: string
  /** IANA zone; left as it is, it follows the place when the site moves. */
  timezone?: string
  /** Spans such as `8h-12h 13h30-18h` by ISO weekday; an empty day is closed, all empty: not known. */
  hours?: Partial<Record<Weekday, string>>
}

type SiteRow = typeof sites.$inferSelect

const texts = ['name', 'typology', 'tier', 'addressLine1', 'addressLine2', 'city'] as const

/** True for a zone that the platform's data has (IANA). */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** A day's spans as people write them, for a form. */
export const hoursText = (spans: [opens: number, closes: number][] | undefined): string =>
  (spans ?? []).map((span) => span.map(clock).join('-')).join(' ')

const clock = (minutes: number): string =>
  `${Math.floor(minutes / 60)}h${minutes % 60 === 0 ? '' : String(minutes % 60).padStart(2, '0')}`

function hoursWith(entry: Partial<Record<Weekday, string>>, problems: Record<string, EditProblemCode>) {
  const hours: OpeningHours = {}
  for (const day of weekdays) {
    const text = entry[day]?.trim() ?? ''
    if (text === '') continue
    const read = readOpeningHours(`Lu ${text}`)?.['1']
    if (read) hours[day] = read
    else problems[`hours${day}`] = 'hours'
  }
  return Object.keys(hours).length > 0 ? hours : null
}

/** The row with what was entered laid over it, and what follows from it. */
function rowWith(
  before: SiteRow,
  entry: SiteEntry,
  network: Pick<Network, 'language'>,
  problems: Record<string, EditProblemCode>,
): SiteRow {
  const row = { ...before }
  for (const field of texts) {
    if (entry[field] === undefined) continue
    const text = enteredText(entry[field])
    if ((text?.length ?? 0) > longestText) problems[field] = 'too_long'
    if (field !== 'name') row[field] = text
    else if (text) row.name = text
    else problems.name = 'required'
  }
  if (entry.country !== undefined) {
    const country = readCountry(entry.country)
    if (!country) problems.country = 'country'
    else if (country !== row.region) Object.assign(row, { country: lawOf(country), region: country })
  }
  if (entry.postcode !== undefined) {
    const text = enteredText(entry.postcode)
    const french = text && row.country === 'FR' ? readFrenchPostcode(text) : undefined
    if (text && row.country === 'FR' && !french) problems.postcode = 'postcode'
    if (text && text.length > 20) problems.postcode = 'too_long'
    row.postcode = french?.postcode ?? text
  }
  const place = placeOf(row, row.timezone)
  row.region = place.region
  const hasMoved = row.region !== before.region || row.postcode !== before.postcode || row.country !== before.country
  if (hasMoved) row.timezone = place.timezone
  if (entry.timezone !== undefined && entry.timezone !== before.timezone) {
    if (isTimezone(entry.timezone)) row.timezone = entry.timezone
    else problems.timezone = 'timezone'
  }
  areaWith(row, before, entry.area, network.language)
  if ((row.area?.length ?? 0) > longestText) problems.area = 'too_long'
  if (entry.hours !== undefined) row.openingHours = hoursWith(entry.hours, problems)
  row.nameKey = fold(row.name)
  row.cityKey = cityKeyOf(row.city)
  return row
}

/** An area that followed from the place moves with it; one that was said stays. */
function areaWith(row: SiteRow, before: SiteRow, entered: string | undefined, language: string): void {
  const given = enteredText(entered)
  const wasDerived = before.area === '' || before.area === areaOf(before, language)
  const isKept = entered === undefined || given === before.area
  if (given && !isKept) row.area = given
  else if (!given && entered !== undefined) row.area = areaOf(row, language)
  else if (wasDerived) row.area = areaOf(row, language)
}

async function linkAddresses(
  tx: Tx,
  row: SiteRow,
  mailbox: string | null,
  now: Date,
  problems: Record<string, EditProblemCode>,
): Promise<void> {
  const wanted = siteAddresses(row, mailbox ?? undefined)
  const book = addressBook(row.networkId, now)
  await book.load(
    tx,
    wanted.map(({ hash }) => hash),
  )
  if (mailbox && wanted.some(({ kind, hash }) => kind === 'email' && book.isErased(hash)))
    problems.mailbox = 'belongs_to_erased'
  row.mailboxAddressId = null
  row.postalAddressId = null
  for (const address of wanted) {
    const id = book.idOf(address)
    if (address.kind === 'email') row.mailboxAddressId = id
    else row.postalAddressId = id
  }
  await book.save(tx)
}

const refuse = (problems: Record<string, EditProblemCode>): void => {
  if (Object.keys(problems).length > 0) throw new EditProblems(problems)
}

function mailboxWith(
  entered: string | undefined,
  before: string | null,
  problems: Record<string, EditProblemCode>,
): string | null {
  if (entered === undefined) return before
  const text = enteredText(entered)
  if (text === null) return null
  const read = readMailbox(text)
  if ('mailbox' in read) return read.mailbox
  problems.mailbox = read.problem
  return null
}

const edited = [
  'name',
  'nameKey',
  'typology',
  'tier',
  'addressLine1',
  'addressLine2',
  'postcode',
  'city',
  'cityKey',
  'country',
  'region',
  'area',
  'timezone',
  'mailboxAddressId',
  'postalAddressId',
  'openingHours',
] as const satisfies (keyof SiteRow)[]
const derived: readonly string[] = ['nameKey', 'cityKey', 'region']

/** Segments may ask where their site lies; beyond this many people the next refresh of all sees to it. */
const mostRefreshed = 2_000

/**
 * Changes a site. Its letterbox follows its name and address; area and time zone follow its place until somebody
 * says otherwise. Throws EditProblems with nothing changed. Returns the names of what changed.
 */
export async function editSite(
  { db, wall }: EditDeps,
  network: Network,
  siteId: string,
  entry: SiteEntry,
  actor: string,
): Promise<string[]> {
  const at = wall.now()
  const now = businessNow(at, network)
  const changed = await db.transaction(async (tx) => {
    const [found] = await tx
      .select({ site: sites, mailbox: addresses.normalised })
      .from(sites)
      .leftJoin(addresses, and(eq(addresses.networkId, sites.networkId), eq(addresses.id, sites.mailboxAddressId)))
      .where(and(eq(sites.networkId, network.id), eq(sites.id, siteId)))
    if (!found) throw new EditProblems({ form: 'unknown' })
    const problems: Record<string, EditProblemCode> = {}
    const row = rowWith(found.site, entry, network, problems)
    const mailbox = mailboxWith(entry.mailbox, found.mailbox, problems)
    refuse(problems)
    await linkAddresses(tx, row, mailbox, now, problems)
    refuse(problems)
    const fields = edited.filter((field) => JSON.stringify(row[field]) !== JSON.stringify(found.site[field]))
    if (fields.length === 0) return []
    await tx
      .update(sites)
      .set({ ...Object.fromEntries(edited.map((field) => [field, row[field]])), updatedAt: now })
      .where(and(eq(sites.networkId, network.id), eq(sites.id, siteId)))
    const named = fields.filter((field) => !derived.includes(field))
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'site.change',
      subject: siteId,
      data: { fields: named },
      at,
    })
    return named
  })
  if (changed.length > 0) await refreshPeople({ db, wall }, network, siteId, now)
  return changed
}

async function refreshPeople({ db }: EditDeps, network: Network, siteId: string, now: Date): Promise<void> {
  const people = await db
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, network.id), eq(contacts.siteId, siteId)))
    .limit(mostRefreshed)
  await refreshSegments(
    db,
    network,
    now,
    people.map((one) => one.id),
  )
}

/** Adds a site under a code that files will call it by. Throws EditProblems, with the id of the site that has it. */
export async function addSite(
  { db, wall }: EditDeps,
  network: Network,
  entry: SiteEntry & { code: string },
  actor: string,
): Promise<string> {
  const at = wall.now()
  const now = businessNow(at, network)
  const id = newId()
  await db.transaction(async (tx) => {
    const problems: Record<string, EditProblemCode> = {}
    const code = enteredText(entry.code) ?? ''
    if (code === '') problems.code = 'required'
    if (code.length > 60) problems.code = 'too_long'
    const row = rowWith(newSite(network, id, code, now), { name: '', ...entry }, network, problems)
    const mailbox = mailboxWith(entry.mailbox, null, problems)
    refuse(problems)
    const [known] = await tx
      .select({ id: sites.id })
      .from(sites)
      .where(and(eq(sites.networkId, network.id), eq(sites.externalId, code)))
    if (known) throw new EditProblems({ code: 'code_taken' }, known.id)
    await linkAddresses(tx, row, mailbox, now, problems)
    refuse(problems)
    await tx.insert(sites).values(row)
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'site.change',
      subject: id,
      data: { code, isNew: true },
      at,
    })
  })
  return id
}

const newSite = (network: Network, id: string, code: string, now: Date): SiteRow => ({
  networkId: network.id,
  id,
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
  country: lawOf(network.country),
  region: network.country,
  timezone: network.timezone,
  mailboxAddressId: null,
  postalAddressId: null,
  openingHours: null,
  attributes: {},
  isActive: true,
  createdAt: now,
  updatedAt: now,
})

/** What an edit form begins with. */
export async function siteEntry(tx: Tx, site: SiteRow): Promise<SiteEntry> {
  const [mailbox] = site.mailboxAddressId
    ? await tx
        .select({ value: addresses.normalised })
        .from(addresses)
        .where(and(eq(addresses.networkId, site.networkId), eq(addresses.id, site.mailboxAddressId)))
    : []
  return {
    name: site.name,
    typology: site.typology ?? '',
    tier: site.tier ?? '',
    addressLine1: site.addressLine1 ?? '',
    addressLine2: site.addressLine2 ?? '',
    postcode: site.postcode ?? '',
    city: site.city ?? '',
    country: site.country === 'FR' && !site.region.startsWith('FR') ? site.region : site.country,
    area: site.area,
    mailbox: mailbox?.value ?? '',
    timezone: site.timezone,
    hours: Object.fromEntries(weekdays.map((day) => [day, hoursText(site.openingHours?.[day])])),
  }
}

import { and, eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { businessNow, type WallClock } from '../clock.ts'
import type { Network } from '../context.ts'
import { type Db, newId, type Tx } from '../db/index.ts'
import { addresses, contacts, sites } from '../db/schema.ts'
import { refreshSegments } from '../segment/refresh.ts'
import { type ChannelName, channelNames, type Language, languages, type Profile, profiles } from '../words.ts'
import { addressesOfContact, type DirectKind, directKinds, readAddress, useAddresses } from './contact-addresses.ts'
import { type EditProblemCode, EditProblems, enteredText, longestText } from './edit-problem.ts'
import { fold } from './folding.ts'
import { identityKey } from './identity.ts'
import type { WantedAddress } from './import/address-book.ts'
import { profileFromFunction } from './profiles.ts'
import { nameKeysOf } from './search-keys.ts'

/** A contact as a form or the API gives one; what is left out stays, an empty text empties. */
export interface ContactEntry {
  salutation?: string
  firstName?: string
  lastName?: string
  function?: string
  /** Empty: it follows from the function. */
  profile?: string
  language?: string
  /** Empty: none preferred. */
  preferredChannel?: string
  isCorrespondent?: boolean
  hasContract?: boolean
  email?: string
  mobile?: string
  phone?: string
}

export interface EditDeps {
  db: Db
  wall: WallClock
}

type ContactRow = typeof contacts.$inferSelect
type Facts = Pick<
  ContactRow,
  | 'salutation'
  | 'firstName'
  | 'lastName'
  | 'function'
  | 'profile'
  | 'isProfileDerived'
  | 'language'
  | 'preferredChannel'
  | 'isCorrespondent'
  | 'hasContract'
>

const texts = ['salutation', 'firstName', 'lastName', 'function'] as const
const within = <T extends string>(list: readonly T[], value: string): T | undefined => list.find((one) => one === value)

/** The contact's facts with what was entered laid over them. */
function factsWith(
  before: Facts,
  entry: ContactEntry,
  problems: Record<string, EditProblemCode>,
  isNew = false,
): Facts {
  const facts = { ...before }
  for (const field of texts) {
    if (entry[field] === undefined) continue
    facts[field] = enteredText(entry[field])
    if ((facts[field]?.length ?? 0) > longestText) problems[field] = 'too_long'
  }
  // Files bring people without a name: what else is known of them may be corrected all the same.
  const hadName = isNew || Boolean(before.firstName ?? before.lastName)
  if (hadName && !facts.firstName && !facts.lastName) problems.lastName = 'name_required'
  if (entry.language !== undefined) {
    const language = within<Language>(languages, entry.language)
    if (language) facts.language = language
    else problems.language = 'unknown'
  }
  if (entry.preferredChannel !== undefined) {
    const channel = within<ChannelName>(channelNames, entry.preferredChannel)
    if (entry.preferredChannel !== '' && !channel) problems.preferredChannel = 'unknown'
    facts.preferredChannel = channel ?? null
  }
  if (entry.profile !== undefined) {
    const profile = within<Profile>(profiles, entry.profile)
    if (entry.profile !== '' && !profile) problems.profile = 'unknown'
    facts.isProfileDerived = profile === undefined
    if (profile) facts.profile = profile
  }
  if (facts.isProfileDerived) facts.profile = profileFromFunction(facts.function ?? '')
  if (entry.isCorrespondent !== undefined) facts.isCorrespondent = entry.isCorrespondent
  if (entry.hasContract !== undefined) facts.hasContract = entry.hasContract
  return facts
}

function addressesWith(
  entry: ContactEntry,
  home: string,
  siteMailbox: string | null,
  problems: Record<string, EditProblemCode>,
): Partial<Record<DirectKind, WantedAddress | null>> {
  const wanted: Partial<Record<DirectKind, WantedAddress | null>> = {}
  for (const kind of directKinds) {
    if (entry[kind] === undefined) continue
    const read = readAddress(kind, entry[kind], home, siteMailbox)
    if (read && 'problem' in read) problems[kind] = read.problem
    else wanted[kind] = read
  }
  return wanted
}

const refuse = (problems: Record<string, EditProblemCode>, existingId?: string): void => {
  if (Object.keys(problems).length > 0) throw new EditProblems(problems, existingId)
}

async function siteOf(tx: Tx, networkId: string, siteId: string) {
  const [row] = await tx
    .select({ site: sites, mailbox: addresses.normalised })
    .from(sites)
    .leftJoin(addresses, and(eq(addresses.networkId, sites.networkId), eq(addresses.id, sites.mailboxAddressId)))
    .where(and(eq(sites.networkId, networkId), eq(sites.id, siteId)))
  return row
}

/** Numbers are written the way of the country the site is in. */
const homeOf = (site: typeof sites.$inferSelect): string =>
  site.country === 'FR' && !site.region.startsWith('FR') ? site.region : site.country

/**
 * Changes a contact and works out their segments anew. Addresses are normalised as the import does; one that is
 * replaced stays behind the new one, so that an answer from it is still understood. Throws EditProblems with
 * nothing changed when something cannot be, also for a contact who was erased. Returns the names of what changed.
 */
export async function editContact(
  { db, wall }: EditDeps,
  network: Network,
  contactId: string,
  entry: ContactEntry,
  actor: string,
): Promise<string[]> {
  const at = wall.now()
  const now = businessNow(at, network)
  const changed = await db.transaction(async (tx) => {
    const before = await ownContact(tx, network.id, contactId)
    const home = await siteOf(tx, network.id, before.siteId)
    const problems: Record<string, EditProblemCode> = {}
    const facts = factsWith(before, entry, problems)
    const wanted = addressesWith(entry, home ? homeOf(home.site) : network.country, home?.mailbox ?? null, problems)
    refuse(problems)
    const named = (Object.keys(facts) as (keyof Facts)[]).filter((field) => facts[field] !== before[field])
    const linked = await useAddresses(tx, network.id, contactId, wanted, now)
    for (const kind of linked.erased) problems[kind] = 'belongs_to_erased'
    refuse(problems)
    const fields = [...named, ...linked.changed]
    if (fields.length === 0) return []
    await tx
      .update(contacts)
      .set({ ...facts, ...nameKeysOf(facts), updatedAt: now })
      .where(and(eq(contacts.networkId, network.id), eq(contacts.id, contactId)))
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'contact.change',
      subject: contactId,
      data: { fields },
      at,
    })
    return fields
  })
  if (changed.length > 0) await refreshSegments(db, network, now, [contactId])
  return changed
}

/** @throws EditProblems when there is no such contact, or the person asked to be erased. */
async function ownContact(tx: Tx, networkId: string, contactId: string): Promise<ContactRow> {
  const [row] = await tx
    .select()
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId)))
  if (!row) throw new EditProblems({ form: 'unknown' })
  if (row.erasedAt) throw new EditProblems({ form: 'erased' })
  return row
}

/**
 * Adds a contact to a site and works out their segments. They are known again by a later import as if a file had
 * brought them: by site and name. Throws EditProblems, with the contact's id when there is one already.
 */
export async function addContact(
  { db, wall }: EditDeps,
  network: Network,
  siteId: string,
  entry: ContactEntry,
  actor: string,
): Promise<string> {
  const at = wall.now()
  const now = businessNow(at, network)
  const id = newId()
  await db.transaction(async (tx) => {
    const home = await siteOf(tx, network.id, siteId)
    const problems: Record<string, EditProblemCode> = {}
    if (!home) throw new EditProblems({ siteId: 'unknown' })
    const facts = factsWith(blank(network.language), entry, problems, true)
    const wanted = addressesWith(entry, homeOf(home.site), home.mailbox, problems)
    refuse(problems)
    const identity = identityKey({
      siteCode: home.site.externalId,
      foldedName: fold(`${facts.firstName ?? ''} ${facts.lastName ?? ''}`),
      row: '',
    })
    const stored = await tx
      .insert(contacts)
      .values({
        networkId: network.id,
        id,
        siteId,
        identityKey: identity,
        ...facts,
        ...nameKeysOf(facts),
        attributes: {},
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: contacts.id })
    if (stored.length === 0) {
      const [known] = await tx
        .select({ id: contacts.id, erasedAt: contacts.erasedAt })
        .from(contacts)
        .where(and(eq(contacts.networkId, network.id), eq(contacts.identityKey, identity)))
      throw new EditProblems({ lastName: known?.erasedAt ? 'belongs_to_erased' : 'exists' }, known?.id)
    }
    const linked = await useAddresses(tx, network.id, id, wanted, now)
    for (const kind of linked.erased) problems[kind] = 'belongs_to_erased'
    refuse(problems)
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'contact.create',
      subject: id,
      data: { site: siteId },
      at,
    })
  })
  await refreshSegments(db, network, now, [id])
  return id
}

const blank = (language: Language): Facts => ({
  salutation: null,
  firstName: null,
  lastName: null,
  function: null,
  profile: 'office',
  isProfileDerived: true,
  language,
  preferredChannel: null,
  isCorrespondent: false,
  hasContract: false,
})

/**
 * Sets a contact aside, so that no audience has them any more, or takes them back. What is already in the outbox
 * still leaves. Returns false when they were so already; throws EditProblems for one who was erased.
 */
export async function setContactActive(
  { db, wall }: EditDeps,
  network: Network,
  contactId: string,
  isActive: boolean,
  actor: string,
): Promise<boolean> {
  const at = wall.now()
  const now = businessNow(at, network)
  const isChanged = await db.transaction(async (tx) => {
    const before = await ownContact(tx, network.id, contactId)
    if (before.isActive === isActive) return false
    await tx
      .update(contacts)
      .set({ isActive, updatedAt: now })
      .where(and(eq(contacts.networkId, network.id), eq(contacts.id, contactId)))
    await audit(tx, {
      networkId: network.id,
      actor,
      action: isActive ? 'contact.change' : 'contact.deactivate',
      subject: contactId,
      data: isActive ? { fields: ['isActive'] } : {},
      at,
    })
    return true
  })
  if (isChanged) await refreshSegments(db, network, now, [contactId])
  return isChanged
}

/** What an edit form begins with. */
export async function contactEntry(tx: Tx, networkId: string, contact: ContactRow): Promise<ContactEntry> {
  const own = await addressesOfContact(tx, networkId, contact.id)
  const used = (kind: DirectKind) => own.find((one) => one.kind === kind)?.value ?? ''
  return {
    salutation: contact.salutation ?? '',
    firstName: contact.firstName ?? '',
    lastName: contact.lastName ?? '',
    function: contact.function ?? '',
    profile: contact.isProfileDerived ? '' : contact.profile,
    language: contact.language,
    preferredChannel: contact.preferredChannel ?? '',
    isCorrespondent: contact.isCorrespondent,
    hasContract: contact.hasContract,
    email: used('email'),
    mobile: used('mobile'),
    phone: used('phone'),
  }
}

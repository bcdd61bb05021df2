import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { businessNow } from '../clock.ts'
import type { Network } from '../context.ts'
import type { Db, Tx } from '../db/index.ts'
import { addresses, contactAddresses, contacts, sites, suppressions } from '../db/schema.ts'
import { refreshSegments } from '../segment/refresh.ts'
import { type DirectKind, directKinds, readAddress, removeAddress, useAddresses } from './contact-addresses.ts'
import type { EditDeps } from './edit-contact.ts'
import { EditProblems } from './edit-problem.ts'
import { addressBook } from './import/address-book.ts'
import { erasedReason } from './suppression.ts'

type AddressRow = typeof addresses.$inferSelect

async function addressOf(tx: Tx, networkId: string, addressId: string): Promise<AddressRow> {
  const [row] = await tx
    .select()
    .from(addresses)
    .where(and(eq(addresses.networkId, networkId), eq(addresses.id, addressId)))
  if (!row || row.normalised === null) throw new EditProblems({ form: 'unknown' })
  return row
}

const mostPeople = 500

/** Who has an address; with `isUsed`, only those for whom no other stands before it. */
async function peopleWith(tx: Tx, networkId: string, addressId: string, isUsed = false): Promise<string[]> {
  const rows = await tx
    .select({ id: contactAddresses.contactId })
    .from(contactAddresses)
    .where(
      and(
        eq(contactAddresses.networkId, networkId),
        eq(contactAddresses.addressId, addressId),
        isUsed ? eq(contactAddresses.rank, 0) : undefined,
      ),
    )
    .limit(mostPeople)
  return rows.map((row) => row.id)
}

async function refreshed(db: Db, network: Network, contactIds: string[], now: Date): Promise<void> {
  if (contactIds.length > 0) await refreshSegments(db, network, now, contactIds)
}

/**
 * Somebody says that an address is still good: it is used again, and what had closed it by itself is lifted (a STOP,
 * an unsubscription and an erasure are people's wishes and stay). A shared mailbox is said to be one person's own.
 * Throws EditProblems when the address is not there.
 */
export async function markAddressGood(
  { db, wall }: EditDeps,
  network: Network,
  addressId: string,
  actor: string,
): Promise<void> {
  const at = wall.now()
  const now = businessNow(at, network)
  const people = await db.transaction(async (tx) => {
    const before = await addressOf(tx, network.id, addressId)
    const isPersonal = before.status === 'valid' && before.isShared
    await tx
      .update(addresses)
      .set({
        status: 'valid',
        statusReason: null,
        updatedAt: now,
        ...(isPersonal ? { isShared: false } : {}),
      })
      .where(and(eq(addresses.networkId, network.id), eq(addresses.id, addressId)))
    const lifted = await tx
      .update(suppressions)
      .set({ liftedAt: now })
      .where(
        and(
          eq(suppressions.networkId, network.id),
          eq(suppressions.addressHash, before.hash),
          eq(suppressions.scope, 'address'),
          ne(suppressions.reason, erasedReason),
          isNull(suppressions.liftedAt),
        ),
      )
      .returning({ id: suppressions.id })
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'address.change',
      subject: addressId,
      data: { from: isPersonal ? 'shared' : before.status, to: 'valid', lifted: lifted.length },
      at,
    })
    return peopleWith(tx, network.id, addressId)
  })
  await refreshed(db, network, people, now)
}

/**
 * Puts the right address in the place of a troubled one, for everyone who has it as the one to use; the old one
 * stays behind it. For a site's mailbox, the site's. A letterbox is corrected with its site. Throws EditProblems
 * (`value`) when what was entered cannot be. Returns how many people it was corrected for.
 */
export async function correctAddress(
  { db, wall }: EditDeps,
  network: Network,
  addressId: string,
  typed: string,
  actor: string,
): Promise<number> {
  const at = wall.now()
  const now = businessNow(at, network)
  const people = await db.transaction(async (tx) => {
    const before = await addressOf(tx, network.id, addressId)
    const kind = directKinds.find((one): one is DirectKind => one === before.kind)
    if (!kind) throw new EditProblems({ value: 'unknown' })
    const wanted = readAddress(kind, typed, network.country)
    if (wanted === null) throw new EditProblems({ value: 'required' })
    if ('problem' in wanted) throw new EditProblems({ value: wanted.problem })
    if (wanted.hash === before.hash) throw new EditProblems({ value: 'same' })
    const holders = await peopleWith(tx, network.id, addressId, true)
    for (const contactId of holders) {
      const { erased } = await useAddresses(tx, network.id, contactId, { [kind]: wanted }, now)
      if (erased.length > 0) throw new EditProblems({ value: 'belongs_to_erased' })
      await touch(tx, network.id, contactId, now)
    }
    const isOfSites = kind === 'email' && (await giveSites(tx, network.id, before, wanted, now))
    if (holders.length === 0 && !isOfSites) throw new EditProblems({ form: 'unknown' })
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'address.change',
      subject: addressId,
      data: { from: before.status, kind, contacts: holders.length },
      at,
    })
    return holders
  })
  await refreshed(db, network, people, now)
  return people.length
}

async function touch(tx: Tx, networkId: string, contactId: string, now: Date): Promise<void> {
  await tx
    .update(contacts)
    .set({ updatedAt: now })
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId)))
}

type Wanted = Extract<ReturnType<typeof readAddress>, { hash: string }>

async function giveSites(tx: Tx, networkId: string, before: AddressRow, wanted: Wanted, now: Date): Promise<boolean> {
  const own = await tx
    .select({ id: sites.id })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), eq(sites.mailboxAddressId, before.id)))
    .limit(mostPeople)
  if (own.length === 0) return false
  const book = addressBook(networkId, now)
  await book.load(tx, [wanted.hash])
  const mailboxAddressId = book.idOf({ ...wanted, isShared: true })
  await book.save(tx)
  await tx
    .update(sites)
    .set({ mailboxAddressId, updatedAt: now })
    .where(
      and(
        eq(sites.networkId, networkId),
        inArray(
          sites.id,
          own.map((site) => site.id),
        ),
      ),
    )
  return true
}

/**
 * Takes a troubled address from everyone who has it, and from the sites whose mailbox it is: nobody will be written
 * to there, and the next address of the kind is used. Returns how many people had it.
 */
export async function dropAddress(
  { db, wall }: EditDeps,
  network: Network,
  addressId: string,
  actor: string,
): Promise<number> {
  const at = wall.now()
  const now = businessNow(at, network)
  const people = await db.transaction(async (tx) => {
    const before = await addressOf(tx, network.id, addressId)
    const holders = await peopleWith(tx, network.id, addressId)
    for (const contactId of holders) {
      await removeAddress(tx, network.id, contactId, addressId)
      await touch(tx, network.id, contactId, now)
    }
    // What is a team's stays with its site: only people must not be taken for it.
    if (before.status !== 'valid')
      for (const column of ['mailboxAddressId', 'postalAddressId'] as const)
        await tx
          .update(sites)
          .set({ [column]: null, updatedAt: now })
          .where(and(eq(sites.networkId, network.id), eq(sites[column], addressId)))
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'address.change',
      subject: addressId,
      data: { from: before.status, to: 'removed', contacts: holders.length },
      at,
    })
    return holders
  })
  await refreshed(db, network, people, now)
  return people.length
}

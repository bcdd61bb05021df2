import { and, asc, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { addresses, contactAddresses } from '../db/schema.ts'
import type { EditProblemCode } from './edit-problem.ts'
import { addressBook, type WantedAddress, wantedAddress } from './import/address-book.ts'
import { isSharedByName, readMailbox } from './mailboxes.ts'
import { readPhone } from './phones.ts'

export const directKinds = ['email', 'mobile', 'phone'] as const
/** The kinds a contact has addresses of; the letterbox is the site's. */
export type DirectKind = (typeof directKinds)[number]

/**
 * An address as it was typed, normalised as the import does; null for an empty field. `home` is the country whose
 * numbers are written nationally, `siteMailbox` the mailbox all of a site read.
 */
export function readAddress(
  kind: DirectKind,
  typed: string | undefined,
  home: string,
  siteMailbox?: string | null,
): WantedAddress | null | { problem: EditProblemCode } {
  const text = (typed ?? '').trim()
  if (text === '') return null
  if (kind === 'email') {
    const read = readMailbox(text)
    if ('problem' in read) return { problem: read.problem }
    return wantedAddress('email', read.mailbox, {
      isShared: isSharedByName(read.mailbox) || read.mailbox === siteMailbox,
    })
  }
  const phone = readPhone(text, home)
  if ('problem' in phone) {
    const codes = { too_short: 'number_short', too_long: 'number_long' } as const
    return {
      problem: phone.problem === 'too_short' || phone.problem === 'too_long' ? codes[phone.problem] : phone.problem,
    }
  }
  if (phone.kind !== kind) return { problem: kind === 'mobile' ? 'is_landline' : 'is_mobile' }
  return wantedAddress(kind, phone.e164, { country: phone.country })
}

/** A contact's addresses, the one that is used first. */
export async function addressesOfContact(tx: Tx, networkId: string, contactId: string) {
  return tx
    .select({
      id: addresses.id,
      kind: contactAddresses.kind,
      rank: contactAddresses.rank,
      value: addresses.normalised,
      hash: addresses.hash,
      status: addresses.status,
      statusReason: addresses.statusReason,
      isShared: addresses.isShared,
    })
    .from(contactAddresses)
    .innerJoin(
      addresses,
      and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
    )
    .where(and(eq(contactAddresses.networkId, networkId), eq(contactAddresses.contactId, contactId)))
    .orderBy(asc(contactAddresses.kind), asc(contactAddresses.rank), asc(addresses.id))
}

/**
 * Makes these the addresses that are used, one of each kind named: what was used before stays behind it, for
 * matching what comes in. `null` takes every address of the kind away. Returns the kinds that changed, or the
 * kinds whose address belongs to somebody who was erased and so stays closed.
 */
export async function useAddresses(
  tx: Tx,
  networkId: string,
  contactId: string,
  wanted: Partial<Record<DirectKind, WantedAddress | null>>,
  now: Date,
): Promise<{ changed: DirectKind[]; erased: DirectKind[] }> {
  const book = addressBook(networkId, now)
  const given = directKinds.flatMap((kind) => wanted[kind] ?? [])
  await book.load(
    tx,
    given.map((address) => address.hash),
  )
  const erased = directKinds.filter((kind) => {
    const address = wanted[kind]
    return address ? book.isErased(address.hash) : false
  })
  if (erased.length > 0) return { changed: [], erased }
  const own = await addressesOfContact(tx, networkId, contactId)
  const ids = new Map(given.map((address) => [address.hash, book.idOf(address)]))
  await book.save(tx)
  const changed: DirectKind[] = []
  for (const kind of directKinds) {
    const address = wanted[kind]
    if (address === undefined) continue
    const theirs = own.filter((one) => one.kind === kind)
    if (address === null) {
      for (const one of theirs) await unlink(tx, networkId, contactId, one.id)
      if (theirs.length > 0) changed.push(kind)
      continue
    }
    const addressId = ids.get(address.hash)!
    const [used] = theirs
    if (used?.id === addressId) {
      if (used.rank !== 0) await rank(tx, networkId, contactId, addressId, 0)
      continue
    }
    for (const one of theirs) if (one.rank === 0) await rank(tx, networkId, contactId, one.id, 1)
    const held = own.find((one) => one.id === addressId)
    if (held) {
      await tx
        .update(contactAddresses)
        .set({ rank: 0, kind })
        .where(linkOf(networkId, contactId, addressId))
    } else await tx.insert(contactAddresses).values({ networkId, contactId, addressId, kind, rank: 0 })
    changed.push(kind)
  }
  return { changed, erased: [] }
}

/** Takes one address from a contact; the next of its kind, if there is one, is used from now on. */
export async function removeAddress(tx: Tx, networkId: string, contactId: string, addressId: string): Promise<boolean> {
  const own = await addressesOfContact(tx, networkId, contactId)
  const gone = own.find((one) => one.id === addressId)
  if (!gone) return false
  await unlink(tx, networkId, contactId, addressId)
  const next = own.find((one) => one.kind === gone.kind && one.id !== addressId)
  if (next && next.rank !== 0) await rank(tx, networkId, contactId, next.id, 0)
  return true
}

const linkOf = (networkId: string, contactId: string, addressId: string) =>
  and(
    eq(contactAddresses.networkId, networkId),
    eq(contactAddresses.contactId, contactId),
    eq(contactAddresses.addressId, addressId),
  )

async function unlink(tx: Tx, networkId: string, contactId: string, addressId: string): Promise<void> {
  await tx.delete(contactAddresses).where(linkOf(networkId, contactId, addressId))
}

async function rank(tx: Tx, networkId: string, contactId: string, addressId: string, to: number): Promise<void> {
  await tx
    .update(contactAddresses)
    .set({ rank: to })
    .where(linkOf(networkId, contactId, addressId))
}

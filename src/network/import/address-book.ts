import { and, eq, inArray } from 'drizzle-orm'
import { newId, type Tx } from '../../db/index.ts'
import { addresses } from '../../db/schema.ts'
import type { AddressKind, AddressStatus } from '../../words.ts'
import { addressHash } from '../suppression.ts'

export interface WantedAddress {
  kind: AddressKind
  normalised: string
  hash: string
  isShared: boolean
  country: string | null
  status: AddressStatus
  statusReason: string | null
}

interface KnownAddress {
  id: string
  isShared: boolean
  isErased: boolean
}

/** An address as a file gives it, ready to be looked up. */
export function wantedAddress(
  kind: AddressKind,
  normalised: string,
  facts: { isShared?: boolean; country?: string | null; problem?: string } = {},
): WantedAddress {
  return {
    kind,
    normalised,
    hash: addressHash(kind, normalised),
    isShared: facts.isShared ?? false,
    country: facts.country ?? null,
    status: facts.problem ? 'invalid' : 'valid',
    statusReason: facts.problem ?? null,
  }
}

/**
 * The addresses a chunk of rows needs: looked up together, made when nobody has them yet. An address keeps its
 * status, since a bounce belongs to it whatever a file says; once shared, it stays shared.
 */
export function addressBook(networkId: string, now: Date) {
  const known = new Map<string, KnownAddress>()
  const asked = new Set<string>()
  const fresh = new Map<string, typeof addresses.$inferInsert>()
  const newlyShared = new Set<string>()

  return {
    async load(tx: Tx, hashes: Iterable<string>): Promise<void> {
      const missing = [...new Set(hashes)].filter((hash) => !asked.has(hash))
      for (const hash of missing) asked.add(hash)
      if (missing.length === 0) return
      const rows = await tx
        .select({
          id: addresses.id,
          hash: addresses.hash,
          isShared: addresses.isShared,
          normalised: addresses.normalised,
        })
        .from(addresses)
        .where(and(eq(addresses.networkId, networkId), inArray(addresses.hash, missing)))
      for (const row of rows)
        known.set(row.hash, { id: row.id, isShared: row.isShared, isErased: row.normalised === null })
    },
    /** True when the person behind this address asked to be erased: its hash is all that is left. */
    isErased: (hash: string) => known.get(hash)?.isErased ?? false,
    /** The address's id; `load` must have been asked for its hash. */
    idOf(wanted: WantedAddress): string {
      let entry = known.get(wanted.hash)
      if (!entry) {
        entry = { id: newId(), isShared: wanted.isShared, isErased: false }
        known.set(wanted.hash, entry)
        fresh.set(wanted.hash, { networkId, ...wanted, id: entry.id, createdAt: now, updatedAt: now })
        return entry.id
      }
      if (wanted.isShared && !entry.isShared) {
        entry.isShared = true
        const unwritten = fresh.get(wanted.hash)
        if (unwritten) unwritten.isShared = true
        else newlyShared.add(entry.id)
      }
      return entry.id
    },
    async save(tx: Tx): Promise<void> {
      if (fresh.size > 0) await tx.insertRows(addresses, [...fresh.values()])
      if (newlyShared.size > 0)
        await tx.updateRows(
          addresses,
          { set: ['isShared', 'updatedAt'], where: ['networkId', 'id'] },
          [...newlyShared].map((id) => ({ networkId, id, isShared: true, updatedAt: now })),
        )
    },
  }
}
export type AddressBook = ReturnType<typeof addressBook>

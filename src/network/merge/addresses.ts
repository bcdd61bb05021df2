import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { contactAddresses } from '../../db/schema.ts'
import { type Suppression, suppress, suppressionsOf } from '../suppression.ts'
import type { Merging } from './consents.ts'
import { addressFields, type MergeAddress, type MergeChoices, type MergeSide, mainAddress } from './fields.ts'

/** All addresses of both, the chosen one of each kind in use, the others behind it for what comes in. */
export async function mergeAddresses(
  tx: Tx,
  { networkId, keepId, otherId }: Merging,
  keep: MergeSide,
  other: MergeSide,
  choices: MergeChoices,
): Promise<void> {
  const used = new Set(
    addressFields.flatMap((kind) => {
      const chosen = mainAddress(choices[kind] === 'keep' ? keep : other, kind)
      const otherwise = mainAddress(choices[kind] === 'keep' ? other : keep, kind)
      return (chosen ?? otherwise)?.id ?? []
    }),
  )
  const all = new Map([...other.addresses, ...keep.addresses].map((address) => [address.id, address]))
  const rankOf = (address: MergeAddress): number => {
    if (used.has(address.id)) return 0
    return (addressFields as readonly string[]).includes(address.kind) ? 1 : address.rank
  }
  const isOf = (contactId: string) =>
    and(eq(contactAddresses.networkId, networkId), eq(contactAddresses.contactId, contactId))
  await tx.delete(contactAddresses).where(isOf(otherId))
  await tx.delete(contactAddresses).where(isOf(keepId))
  await tx.insertRows(
    contactAddresses,
    [...all.values()].map((address) => ({
      networkId,
      contactId: keepId,
      addressId: address.id,
      kind: address.kind as (typeof contactAddresses.$inferInsert)['kind'],
      rank: rankOf(address),
    })),
  )
}

const channelOf: Partial<Record<string, string>> = { email: 'email', mobile: 'sms', phone: 'sms' }

/**
 * What the person closed on one of their addresses is closed on the others of the same channel: they said it of
 * themselves, not of the address. A dead address stays the only dead one, and a mailbox that others read is spared.
 */
export async function mergeSuppressions(
  tx: Tx,
  { networkId, now }: Merging,
  keep: MergeSide,
  other: MergeSide,
): Promise<void> {
  const all = [...new Map([...keep.addresses, ...other.addresses].map((one) => [one.id, one])).values()]
  const own = all.filter((address) => !address.isShared && channelOf[address.kind] !== undefined)
  const closed = await suppressionsOf(
    tx,
    networkId,
    own.map((address) => address.hash),
  )
  const reaches = (closure: Suppression, address: MergeAddress) =>
    closure.scope !== 'address' && (closure.channel === '' || closure.channel === channelOf[address.kind])
  for (const from of own)
    for (const closure of closed.get(from.hash) ?? [])
      for (const to of own) {
        if (to.hash === from.hash || channelOf[to.kind] !== channelOf[from.kind] || !reaches(closure, to)) continue
        const { scope, channel, senderId, topic, reason } = closure
        await suppress(tx, {
          ...{ networkId, scope, addressHash: to.hash, channel, senderId, topic, reason },
          source: 'merge',
          occurredAt: now,
        })
      }
}

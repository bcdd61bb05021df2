import { and, eq } from 'drizzle-orm'
import { newId } from '../../src/db/index.ts'
import { addresses, contactAddresses } from '../../src/db/schema.ts'
import { addressHash } from '../../src/network/suppression.ts'
import type { World } from '../world.ts'

/** Gives somebody another mobile number instead of the present one; returns the id of the address. */
export async function addContactMobile({ context, network, clock }: World, contactId: string, number: string) {
  const id = newId()
  const at = clock.now()
  await context.db.insert(addresses).values({
    networkId: network.id,
    id,
    kind: 'mobile',
    normalised: number,
    hash: addressHash('mobile', number),
    country: 'FR',
    createdAt: at,
    updatedAt: at,
  })
  await context.db
    .delete(contactAddresses)
    .where(and(eq(contactAddresses.contactId, contactId), eq(contactAddresses.kind, 'mobile')))
  await context.db
    .insert(contactAddresses)
    .values({ networkId: network.id, contactId, addressId: id, kind: 'mobile', rank: 0 })
  return id
}

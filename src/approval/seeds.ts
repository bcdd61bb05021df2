import { and, asc, eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { newId, type Tx } from '../db/index.ts'
import { seedAddresses } from '../db/schema.ts'
import { readMailbox } from '../network/mailboxes.ts'
import { readPhone } from '../network/phones.ts'

export type Seed = typeof seedAddresses.$inferSelect

/** Every address of a list gets every proof: more are a mailing. */
export const mostSeeds = 20

/** The addresses of the house that proofs go to, by name. */
export const seedsOf = (tx: Tx, networkId: string): Promise<Seed[]> =>
  tx
    .select()
    .from(seedAddresses)
    .where(eq(seedAddresses.networkId, networkId))
    .orderBy(asc(seedAddresses.name), asc(seedAddresses.id))

/** A mailbox or a mobile as people write it; undefined when it is neither. */
export function readSeed(text: string, country: string): Pick<Seed, 'channel' | 'value'> | undefined {
  if (text.includes('@')) {
    const read = readMailbox(text)
    return 'mailbox' in read ? { channel: 'email', value: read.mailbox } : undefined
  }
  const read = readPhone(text, country)
  return 'e164' in read && read.kind === 'mobile' ? { channel: 'sms', value: read.e164 } : undefined
}

interface Act {
  networkId: string
  actor: string
  /** Wall time. */
  at: Date
}

/** Adds a test address; one that is there already stays. Returns false when the list is full. */
export async function addSeed(
  tx: Tx,
  { networkId, actor, at }: Act,
  seed: Pick<Seed, 'name' | 'channel' | 'value'>,
): Promise<boolean> {
  if ((await seedsOf(tx, networkId)).length >= mostSeeds) return false
  const id = newId()
  const row = { networkId, id, ...seed, createdBy: actor, createdAt: at }
  if ((await tx.insertRows(seedAddresses, [row], 'ignore')) > 0)
    await audit(tx, { networkId, actor, action: 'seed.change', subject: id, data: { channel: seed.channel }, at })
  return true
}

/** Takes a test address off the list. Returns false when it is not there. */
export async function removeSeed(tx: Tx, { networkId, actor, at }: Act, id: string): Promise<boolean> {
  const gone = await tx
    .delete(seedAddresses)
    .where(and(eq(seedAddresses.networkId, networkId), eq(seedAddresses.id, id)))
    .returning({ channel: seedAddresses.channel })
  if (gone.length === 0) return false
  await audit(tx, { networkId, actor, action: 'seed.change', subject: id, data: { removed: true }, at })
  return true
}

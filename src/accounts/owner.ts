import { and, eq, inArray, isNull } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import { installation, memberships, networks, users } from '../db/schema.ts'

/** The first user's address until they give their own: whoever reads the server's console is the owner. */
export const ownerEmail = 'owner@relais.local'

const ownerKey = 'owner'

/**
 * Creates the owner on a first start, and makes it the owner of every network that has none. Doing it again changes
 * nothing, so it is called at start and wherever a network is created. Returns the user's id.
 */
export async function ensureOwner(db: Db, now: Date): Promise<string> {
  return db.transaction(async (tx) => {
    const ownerId = (await knownOwner(tx)) ?? (await makeOwner(tx, now))
    const owned = await tx
      .select({ networkId: memberships.networkId })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(and(eq(memberships.role, 'owner'), isNull(users.disabledAt)))
    const known = new Set(owned.map((membership) => membership.networkId))
    for (const network of await tx.select({ id: networks.id }).from(networks)) {
      if (known.has(network.id)) continue
      await tx
        .insert(memberships)
        .values({ networkId: network.id, userId: ownerId, role: 'owner', scope: {}, createdAt: now })
        .onConflictDoNothing()
    }
    return ownerId
  })
}

/** The owner keeps being found after giving an address of their own. */
async function knownOwner(tx: Tx): Promise<string | undefined> {
  const [kept] = await tx.select({ id: installation.value }).from(installation).where(eq(installation.key, ownerKey))
  if (!kept) return undefined
  const [user] = await tx
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.id, [kept.id]))
  return user?.id
}

async function makeOwner(tx: Tx, now: Date): Promise<string> {
  await tx
    .insert(users)
    .values({ id: newId(), name: 'Owner', email: ownerEmail, emailVerified: true, createdAt: now, updatedAt: now })
    .onConflictDoNothing()
  const [owner] = await tx.select({ id: users.id }).from(users).where(eq(users.email, ownerEmail))
  if (!owner) throw new Error(`The owner ${ownerEmail} could not be created.`)
  await tx
    .insert(installation)
    .values({ key: ownerKey, value: owner.id, updatedAt: now })
    .onConflictDoUpdate({ target: installation.key, set: { value: owner.id, updatedAt: now } })
  return owner.id
}

import { and, eq } from 'drizzle-orm'
import { type Db, newId } from '../db/index.ts'
import { memberships, networks, users } from '../db/schema.ts'

/** The first user: whoever reads the server's console is the owner. */
export const ownerEmail = 'owner@relais.local'

/**
 * Creates the owner on a first start, and makes it the owner of every network there is. Doing it again changes
 * nothing, so it is called at start and wherever a network is created. Returns the user's id.
 */
export async function ensureOwner(db: Db, now: Date): Promise<string> {
  return db.transaction(async (tx) => {
    await tx
      .insert(users)
      .values({
        id: newId(),
        name: 'Owner',
        email: ownerEmail,
        emailVerified: true,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
    const [owner] = await tx.select({ id: users.id }).from(users).where(eq(users.email, ownerEmail))
    if (!owner) throw new Error(`The owner ${ownerEmail} could not be created.`)
    const owned = await tx
      .select({ networkId: memberships.networkId })
      .from(memberships)
      .where(and(eq(memberships.userId, owner.id), eq(memberships.role, 'owner')))
    const known = new Set(owned.map((membership) => membership.networkId))
    for (const network of await tx.select({ id: networks.id }).from(networks)) {
      if (known.has(network.id)) continue
      await tx
        .insert(memberships)
        .values({ networkId: network.id, userId: owner.id, role: 'owner', scope: {}, createdAt: now })
        .onConflictDoNothing()
    }
    return owner.id
  })
}

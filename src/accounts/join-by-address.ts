import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { invitations, users } from '../db/schema.ts'
import { makeUser, takeOffer } from './invitations.ts'

/**
 * Takes every open invitation to an address that the head office has verified. Its user is made if there is none yet;
 * without an invitation nobody is made.
 */
export async function joinByAddress(db: Db, now: Date, email: string): Promise<void> {
  await db.transaction(async (tx) => {
    const offers = await tx
      .select()
      .from(invitations)
      .where(
        and(
          eq(invitations.email, email),
          isNull(invitations.acceptedAt),
          isNull(invitations.revokedAt),
          gt(invitations.expiresAt, now),
        ),
      )
      .limit(50)
    const [first] = offers
    if (!first) return
    const [user] = await tx
      .select({ id: users.id, disabledAt: users.disabledAt })
      .from(users)
      .where(eq(users.email, email))
    if (user?.disabledAt) return
    const userId = user?.id ?? (await makeUser(tx, first, now))
    for (const offer of offers) await takeOffer(tx, offer, userId, now)
  })
}

import { and, eq } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { challengeParticipants, challenges } from '../db/schema.ts'

/** Of these people, those who left the challenge of a campaign: it says nothing more to them. Pass at most a page. */
export async function withdrawnAmong(
  tx: Tx,
  networkId: string,
  campaignId: string,
  contactIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx
    .select({ contactId: challengeParticipants.contactId })
    .from(challengeParticipants)
    .innerJoin(
      challenges,
      and(
        eq(challenges.networkId, challengeParticipants.networkId),
        eq(challenges.id, challengeParticipants.challengeId),
      ),
    )
    .where(
      and(
        eq(challengeParticipants.networkId, networkId),
        oneOf(challengeParticipants.contactId, [...contactIds]),
        eq(challengeParticipants.status, 'withdrawn'),
        eq(challenges.campaignId, campaignId),
      ),
    )
  return new Set(rows.flatMap((row) => row.contactId ?? []))
}

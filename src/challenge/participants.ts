import { and, eq } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import type { ParticipantKind } from '../db/schema/challenge.ts'
import { challengeParticipants, contacts, sites } from '../db/schema.ts'

export type Participant = typeof challengeParticipants.$inferSelect

/** Who takes part: an outlet as such, or somebody. */
export type Subject = { siteId: string } | { contactId: string }

export const subjectKeyOf = (subject: Subject): string =>
  'contactId' in subject ? `contact:${subject.contactId}` : `site:${subject.siteId}`

export const kindOf = (subject: Subject): ParticipantKind => ('contactId' in subject ? 'person' : 'company')

export async function participantOf(
  tx: Tx,
  networkId: string,
  challengeId: string,
  subject: Subject,
): Promise<Participant | undefined> {
  const [row] = await tx
    .select()
    .from(challengeParticipants)
    .where(
      and(
        eq(challengeParticipants.networkId, networkId),
        eq(challengeParticipants.challengeId, challengeId),
        eq(challengeParticipants.subjectKey, subjectKeyOf(subject)),
      ),
    )
  return row
}

/** Participations by id, as many as a page. */
export const participantsById = (tx: Tx, networkId: string, ids: readonly string[]): Promise<Participant[]> =>
  tx
    .select()
    .from(challengeParticipants)
    .where(and(eq(challengeParticipants.networkId, networkId), oneOf(challengeParticipants.id, [...ids])))

/** Every challenge somebody is or was in. */
export const participationsOf = (tx: Tx, networkId: string, contactId: string): Promise<Participant[]> =>
  tx
    .select()
    .from(challengeParticipants)
    .where(and(eq(challengeParticipants.networkId, networkId), eq(challengeParticipants.contactId, contactId)))

/** The person and their outlet, as far as a challenge looks at them; undefined where they are not in the network. */
export async function personOf(tx: Tx, networkId: string, contactId: string) {
  const [row] = await tx
    .select({ contact: contacts, site: sites })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId)))
  return row
}

/**
 * Holds participations until the transaction ends, so that what is counted of each is counted once. Always in the
 * order of their ids: two that hold several never wait for one another.
 */
export async function holdParticipants(tx: Tx, networkId: string, ids: readonly string[], now: Date): Promise<void> {
  for (const id of [...new Set(ids)].sort())
    await tx
      .update(challengeParticipants)
      .set({ updatedAt: now })
      .where(and(eq(challengeParticipants.networkId, networkId), eq(challengeParticipants.id, id)))
}

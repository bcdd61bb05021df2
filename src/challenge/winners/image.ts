import { and, asc, desc, eq, isNull } from 'drizzle-orm'
import { newId, type Tx } from '../../db/index.ts'
import { contacts, imageConsents, winnerPictures } from '../../db/schema.ts'
import { fold } from '../../network/folding.ts'
import { imageWording } from './wording.ts'

export type WinnerPicture = typeof winnerPictures.$inferSelect

interface Person {
  networkId: string
  challengeId: string
  contactId: string
}

export interface ImageConsent {
  isGranted: boolean
  wordingVersion: string
  saidAt: Date
  source: string
}

const ofPerson = ({ networkId, challengeId, contactId }: Person) =>
  and(
    eq(imageConsents.networkId, networkId),
    eq(imageConsents.challengeId, challengeId),
    eq(imageConsents.contactId, contactId),
  )

/** What somebody said last about pictures of them in a challenge; undefined where they said nothing. */
export async function imageConsentOf(tx: Tx, person: Person): Promise<ImageConsent | undefined> {
  const [last] = await tx.select().from(imageConsents).where(ofPerson(person)).orderBy(desc(imageConsents.id)).limit(1)
  return (
    last && {
      isGranted: last.action === 'grant',
      wordingVersion: last.wordingVersion,
      saidAt: last.saidAt,
      source: last.source,
    }
  )
}

export interface Signed {
  /** The name typed in place of a signature: it must be their own. */
  signedName: string
  source: 'portal' | 'link' | 'paper'
  by: string
  at: Date
}

/**
 * Keeps that somebody agrees to be shown, with the wording they read (French Civil Code, art. 9: a picture of a
 * person is published with their consent, given for a stated use; GDPR art. 7(1): whoever relies on it proves it).
 * False where the name signed is not theirs.
 */
export async function grantImage(tx: Tx, person: Person, { signedName, source, by, at }: Signed): Promise<boolean> {
  const [contact] = await tx
    .select({ firstName: contacts.firstName, lastName: contacts.lastName })
    .from(contacts)
    .where(and(eq(contacts.networkId, person.networkId), eq(contacts.id, person.contactId), isNull(contacts.erasedAt)))
  const lastName = fold(contact?.lastName ?? contact?.firstName ?? '')
  if (!contact || lastName === '' || !fold(signedName).includes(lastName)) return false
  await tx.insert(imageConsents).values({
    ...{ ...person, id: newId(), action: 'grant', wordingVersion: imageWording.version },
    ...{ signedName: signedName.trim(), source, saidBy: by, saidAt: at },
  })
  return true
}

/** Takes the consent back, as easily as it was given (GDPR art. 7(3)), and every picture of them down at once. */
export async function withdrawImage(
  tx: Tx,
  person: Person,
  { source, by, at }: Omit<Signed, 'signedName'>,
): Promise<void> {
  await tx.insert(imageConsents).values({
    ...{ ...person, id: newId(), action: 'withdraw', wordingVersion: imageWording.version },
    ...{ signedName: '', source, saidBy: by, saidAt: at },
  })
  await tx
    .update(winnerPictures)
    .set({ publishedAt: null, takenDownAt: at })
    .where(
      and(
        eq(winnerPictures.networkId, person.networkId),
        eq(winnerPictures.challengeId, person.challengeId),
        eq(winnerPictures.contactId, person.contactId),
      ),
    )
}

/** Puts a photo or a film of a winner beside them; it is seen by nobody until it is published. */
export async function addWinnerPicture(
  tx: Tx,
  person: Person,
  picture: { kind: 'photo' | 'film'; fileId?: string; url?: string; caption: Record<string, string> },
  at: Date,
): Promise<WinnerPicture> {
  const [row] = await tx
    .insert(winnerPictures)
    .values({
      ...person,
      id: newId(),
      ...picture,
      fileId: picture.fileId ?? null,
      url: picture.url ?? null,
      createdAt: at,
    })
    .returning()
  return row!
}

/** Publishes a picture: refused, with false, unless the person agrees at this moment. */
export async function publishPicture(tx: Tx, networkId: string, pictureId: string, at: Date): Promise<boolean> {
  const [picture] = await tx
    .select()
    .from(winnerPictures)
    .where(and(eq(winnerPictures.networkId, networkId), eq(winnerPictures.id, pictureId)))
  if (!picture || !(await imageConsentOf(tx, picture))?.isGranted) return false
  await tx
    .update(winnerPictures)
    .set({ publishedAt: at, takenDownAt: null })
    .where(and(eq(winnerPictures.networkId, networkId), eq(winnerPictures.id, pictureId)))
  return true
}

/** The pictures of a challenge, and whether each may be published now. */
export async function picturesOf(
  tx: Tx,
  networkId: string,
  challengeId: string,
): Promise<(WinnerPicture & { mayBeShown: boolean })[]> {
  const rows = await tx
    .select()
    .from(winnerPictures)
    .where(and(eq(winnerPictures.networkId, networkId), eq(winnerPictures.challengeId, challengeId)))
    .orderBy(asc(winnerPictures.id))
  const all = []
  for (const row of rows) all.push({ ...row, mayBeShown: (await imageConsentOf(tx, row))?.isGranted ?? false })
  return all
}

/** The pictures anybody may see: published, and of those who agree at this moment. */
export const shownPictures = async (tx: Tx, networkId: string, challengeId: string): Promise<WinnerPicture[]> =>
  (await picturesOf(tx, networkId, challengeId)).filter(
    ({ publishedAt, mayBeShown }) => publishedAt !== null && mayBeShown,
  )

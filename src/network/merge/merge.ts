import { and, eq, inArray, or, sql } from 'drizzle-orm'
import { audit } from '../../accounts/audit.ts'
import type { Tx } from '../../db/index.ts'
import { contacts, duplicates, identityAliases } from '../../db/schema.ts'
import { profileFromFunction } from '../profiles.ts'
import { nameKeysOf } from '../search-keys.ts'
import { mergeAddresses, mergeSuppressions } from './addresses.ts'
import { aimMerged, mergeChallenges } from './challenges.ts'
import { type Merging, mergeConsents, mergeTracking } from './consents.ts'
import type { ContactRow, MergeChoices, MergeSide } from './fields.ts'
import { mergeDeliveries, mergePressure, mergeRecords } from './history.ts'
import { mergeJourneys } from './journeys.ts'
import { mergeLearning } from './learning.ts'
import { sidesOf } from './sides.ts'

export type { Merging } from './consents.ts'

/** One of the two is not there any more, or was erased: nothing was changed. */
export class MergeRefused extends Error {
  override name = 'MergeRefused'
}

/**
 * Makes one person of two contacts, for good. The one that stays takes over addresses, consents, deliveries,
 * decisions, events and what was learnt of the other; what either refused stays refused. What the other was known by
 * is remembered, so that the next import of the file finds the one that stays. Throws MergeRefused.
 */
export async function mergeContacts(tx: Tx, merging: Merging, choices: MergeChoices): Promise<void> {
  const { networkId, keepId, otherId, actor, now, at } = merging
  if (keepId === otherId) throw new MergeRefused('A contact cannot be merged with itself.')
  // Written to before they are read: on PostgreSQL that holds both until the commit.
  await tx
    .update(contacts)
    .set({ updatedAt: sql`${contacts.updatedAt}` })
    .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, [keepId, otherId])))
  const sides = await sidesOf(tx, networkId, [keepId, otherId])
  const [keep, other] = [sides.get(keepId), sides.get(otherId)]
  if (!keep || !other) throw new MergeRefused('One of the two contacts is not there any more.')

  await mergeAddresses(tx, merging, keep, other, choices)
  await mergeSuppressions(tx, merging, keep, other)
  await mergeConsents(tx, merging)
  await mergeTracking(tx, merging)
  await mergeDeliveries(tx, merging)
  await mergeRecords(tx, merging)
  await mergePressure(tx, merging)
  await mergeJourneys(tx, merging)
  await mergeChallenges(tx, merging)
  await mergeLearning(tx, merging)
  await mergePairs(tx, merging)
  await keepIdentity(tx, merging, other.row)
  await tx.delete(contacts).where(and(eq(contacts.networkId, networkId), eq(contacts.id, otherId)))
  await tx
    .update(contacts)
    .set({ ...mergedRow(keep, other, choices), updatedAt: now })
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, keepId)))
  await aimMerged(tx, merging)
  await audit(tx, {
    ...{ networkId, actor, action: 'contact.merge', subject: keepId, at },
    data: {
      merged: otherId,
      deliveries: other.deliveries,
      taken: Object.entries(choices).flatMap(([field, side]) => (side === 'other' ? [field] : [])),
    },
  })
}

/** The facts of the person, each from where it was chosen. */
function mergedRow(keep: MergeSide, other: MergeSide, choices: MergeChoices): Partial<ContactRow> {
  const from = (field: keyof MergeChoices) => (choices[field] === 'keep' ? keep.row : other.row)
  const names = { firstName: from('firstName').firstName, lastName: from('lastName').lastName }
  const profile = from('profile')
  const isProfileDerived = profile.isProfileDerived
  const job = from('function').function
  return {
    ...names,
    ...nameKeysOf(names),
    siteId: from('site').siteId,
    externalId: from('externalId').externalId,
    salutation: from('salutation').salutation,
    function: job,
    profile: isProfileDerived ? profileFromFunction(job ?? '') : profile.profile,
    isProfileDerived,
    language: from('language').language,
    preferredChannel: from('preferredChannel').preferredChannel,
    isCorrespondent: from('isCorrespondent').isCorrespondent,
    hasContract: from('hasContract').hasContract,
    lastActivityOn: from('lastActivityOn').lastActivityOn,
    attributes: { ...other.row.attributes, ...keep.row.attributes },
    isActive: keep.row.isActive || other.row.isActive,
  }
}

/** Pairs with a third person go on being pairs; what was decided of them holds. */
async function mergePairs(tx: Tx, { networkId, keepId, otherId, actor, at }: Merging): Promise<void> {
  const isWith = (id: string) => or(eq(duplicates.contactId, id), eq(duplicates.otherId, id))
  const rows = await tx
    .select()
    .from(duplicates)
    .where(and(eq(duplicates.networkId, networkId), isWith(otherId)))
  await tx.delete(duplicates).where(and(eq(duplicates.networkId, networkId), isWith(otherId)))
  const moved = rows.flatMap((row) => {
    const third = row.contactId === otherId ? row.otherId : row.contactId
    if (third === keepId) return []
    const [contactId, second] = third < keepId ? [third, keepId] : [keepId, third]
    return [{ ...row, contactId, otherId: second }]
  })
  for (const row of moved.filter(({ status }) => status === 'dismissed'))
    await tx
      .update(duplicates)
      .set({ status: 'dismissed', decidedBy: row.decidedBy ?? actor, decidedAt: row.decidedAt ?? at })
      .where(
        and(
          eq(duplicates.networkId, networkId),
          eq(duplicates.contactId, row.contactId),
          eq(duplicates.otherId, row.otherId),
        ),
      )
  await tx.insertRows(duplicates, moved, 'ignore')
}

async function keepIdentity(tx: Tx, { networkId, keepId, otherId, at }: Merging, other: ContactRow): Promise<void> {
  await tx
    .update(identityAliases)
    .set({ contactId: keepId })
    .where(and(eq(identityAliases.networkId, networkId), eq(identityAliases.contactId, otherId)))
  const alias = { contactId: keepId, formerId: otherId, mergedAt: at }
  await tx
    .insert(identityAliases)
    .values({ networkId, identityKey: other.identityKey, ...alias })
    .onConflictDoUpdate({ target: [identityAliases.networkId, identityAliases.identityKey], set: alias })
}

/** Who somebody is now whose contact was merged into another; undefined for who never was. */
export async function presentContact(tx: Tx, networkId: string, formerId: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ contactId: identityAliases.contactId })
    .from(identityAliases)
    .where(and(eq(identityAliases.networkId, networkId), eq(identityAliases.formerId, formerId)))
    .limit(1)
  return row?.contactId
}

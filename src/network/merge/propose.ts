import {
  type AddressField,
  addressFields,
  fieldValue,
  type MergeChoices,
  type MergeField,
  type MergeSide,
  mainAddress,
  mergeFields,
  type Side,
} from './fields.ts'

/** Why a contact is proposed to stay. */
export type KeepReason = 'more_deliveries' | 'later_activity' | 'older'
/** Why a value is proposed. */
export type ChoiceReason = 'same' | 'only' | 'reachable' | 'own' | 'stated' | 'latest' | 'yes' | 'contract' | 'kept'

export interface Proposal {
  take: Side
  reason: ChoiceReason
}

/** Which of two to keep: the one with more history, then the one heard of last, then the one known longer. Pure. */
export function proposeKeep(a: MergeSide, b: MergeSide): { keepId: string; reason: KeepReason } {
  if (a.deliveries !== b.deliveries)
    return { keepId: (a.deliveries > b.deliveries ? a : b).row.id, reason: 'more_deliveries' }
  const [heardA, heardB] = [a.row.lastActivityOn ?? '', b.row.lastActivityOn ?? '']
  if (heardA !== heardB) return { keepId: (heardA > heardB ? a : b).row.id, reason: 'later_activity' }
  return { keepId: (a.row.createdAt <= b.row.createdAt ? a : b).row.id, reason: 'older' }
}

const isAddress = (field: MergeField): field is AddressField => (addressFields as readonly string[]).includes(field)

/** Which value to take for a field, and why: never an empty one, and of two the one that serves. Pure. */
function proposeField(keep: MergeSide, other: MergeSide, field: MergeField): Proposal {
  const [mine, theirs] = [fieldValue(keep, field), fieldValue(other, field)]
  // Said by somebody is worth more than derived, even where both come to the same.
  const isStatedThere = field === 'profile' && keep.row.isProfileDerived && !other.row.isProfileDerived
  if (mine === theirs) return { take: isStatedThere ? 'other' : 'keep', reason: 'same' }
  if (theirs === undefined) return { take: 'keep', reason: 'only' }
  if (mine === undefined) return { take: 'other', reason: 'only' }
  if (isAddress(field)) {
    const [own, their] = [mainAddress(keep, field)!, mainAddress(other, field)!]
    if ((own.status === 'valid') !== (their.status === 'valid'))
      return { take: own.status === 'valid' ? 'keep' : 'other', reason: 'reachable' }
    if (own.isShared !== their.isShared) return { take: own.isShared ? 'other' : 'keep', reason: 'own' }
  }
  if (field === 'profile' && keep.row.isProfileDerived !== other.row.isProfileDerived)
    return { take: keep.row.isProfileDerived ? 'other' : 'keep', reason: 'stated' }
  if (field === 'isCorrespondent') return { take: mine === true ? 'keep' : 'other', reason: 'yes' }
  if (field === 'hasContract') return { take: mine === true ? 'keep' : 'other', reason: 'contract' }
  if (field === 'lastActivityOn') return { take: mine > theirs ? 'keep' : 'other', reason: 'latest' }
  if (field === 'site' && keep.isSiteActive !== other.isSiteActive)
    return { take: keep.isSiteActive ? 'keep' : 'other', reason: 'reachable' }
  return { take: 'keep', reason: 'kept' }
}

export function proposeMerge(keep: MergeSide, other: MergeSide): Readonly<Record<MergeField, Proposal>> {
  return Object.fromEntries(mergeFields.map((field) => [field, proposeField(keep, other, field)])) as Record<
    MergeField,
    Proposal
  >
}

export const choicesOf = (proposals: Readonly<Record<MergeField, Proposal>>): MergeChoices =>
  Object.fromEntries(mergeFields.map((field) => [field, proposals[field].take])) as Record<MergeField, Side>

import type { contacts } from '../../db/schema.ts'
import type { AddressStatus } from '../../words.ts'

export type ContactRow = typeof contacts.$inferSelect

/** What two contacts may differ in, in the order people look at it. */
export const mergeFields = [
  'site',
  'salutation',
  'firstName',
  'lastName',
  'function',
  'profile',
  'email',
  'mobile',
  'phone',
  'language',
  'preferredChannel',
  'isCorrespondent',
  'hasContract',
  'externalId',
  'lastActivityOn',
] as const
export type MergeField = (typeof mergeFields)[number]

/** `keep` is the contact that stays, `other` the one that goes. */
export type Side = 'keep' | 'other'
export type MergeChoices = Readonly<Record<MergeField, Side>>

export const addressFields = ['email', 'mobile', 'phone'] as const
export type AddressField = (typeof addressFields)[number]

export interface MergeAddress {
  id: string
  value: string | null
  hash: string
  status: AddressStatus
  isShared: boolean
  kind: string
  rank: number
}

/** One of the two, as far as choosing needs it. */
export interface MergeSide {
  row: ContactRow
  siteName: string
  /** The site is still one of the network's. */
  isSiteActive: boolean
  addresses: readonly MergeAddress[]
  /** Deliveries that covered this contact. */
  deliveries: number
}

export const mainAddress = (side: MergeSide, kind: AddressField): MergeAddress | undefined =>
  side.addresses.find((address) => address.kind === kind && address.rank === 0)

/** What a side says for a field; undefined when it says nothing. */
export function fieldValue(side: MergeSide, field: MergeField): string | boolean | undefined {
  switch (field) {
    case 'site':
      return side.row.siteId
    case 'email':
    case 'mobile':
    case 'phone':
      return mainAddress(side, field)?.value ?? undefined
    case 'isCorrespondent':
      return side.row.isCorrespondent
    case 'hasContract':
      return side.row.hasContract
    default:
      return side.row[field] ?? undefined
  }
}

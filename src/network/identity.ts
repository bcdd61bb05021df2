import { hash } from 'node:crypto'

export interface IdentityFacts {
  siteCode: string
  /** The file's own id of the person, when it has such a column. */
  externalId?: string
  /** First and last name, folded. */
  foldedName?: string
  /** E.164. */
  mobile?: string
  /** Lower-cased; never a shared one. */
  personalMailbox?: string
  /** The row's cells after cleaning, joined. */
  row: string
}

/**
 * The key by which a contact is known again on the next import, by the first rule that applies: external id; site
 * and folded name; site and mobile; site and personal mailbox; site and the row itself. A shared mailbox never
 * identifies anyone. Kept as a hash, so that it may outlive an erasure and tell a re-import who must stay erased.
 */
export function identityKey(facts: IdentityFacts): string {
  const { siteCode, externalId, foldedName, mobile, personalMailbox, row } = facts
  const key = (rule: string, ...parts: string[]) => `${rule}:${hash('sha256', parts.join('\u0000'), 'base64url')}`
  if (externalId) return key('external', externalId)
  if (foldedName) return key('name', siteCode, foldedName)
  if (mobile) return key('mobile', siteCode, mobile)
  if (personalMailbox) return key('mailbox', siteCode, personalMailbox)
  return key('row', siteCode, row)
}

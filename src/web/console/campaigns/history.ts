import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { AuditAction } from '../../../accounts/audit-actions.ts'
import type { Db } from '../../../db/index.ts'
import { auditEntries, campaignVersions } from '../../../db/schema.ts'
import { ownersOf } from './list-query.ts'

/** What befell a campaign, as its page tells it. */
export const told = {
  'campaign.create': 'create',
  'campaign.duplicate': 'duplicate',
  'campaign.change': 'change',
  'campaign.launch': 'launch',
  'campaign.pause': 'pause',
  'campaign.resume': 'resume',
  'campaign.cancel': 'cancel',
  'campaign.proof': 'proof',
  'campaign.ask_approval': 'askApproval',
  'campaign.approve': 'approve',
  'campaign.send_back': 'sendBack',
  'campaign.undo': 'undo',
  'campaign.edit': 'edit',
  'campaign.cancel_step': 'cancelStep',
  'campaign.propose_change': 'proposeChange',
  'campaign.agree_change': 'agreeChange',
  'campaign.discard_change': 'discardChange',
  'campaign.words': 'words',
  'campaign.move': 'move',
  'campaign.close': 'close',
} as const satisfies Partial<Record<AuditAction, string>>

export interface HistoryEntry {
  at: Date
  what: (typeof told)[keyof typeof told]
  /** As in the audit trail. */
  actor: string
  /** The user's name; undefined for the system, the operator, and who is gone. */
  name?: string
  reason?: string
}

const shown = 30
/** The trail is found by network and time; a campaign's entries lie between its creation and now. */
const looked = 2_000

/** What was done to a campaign and by whom, the newest first. */
export async function historyOf(db: Db, networkId: string, campaignId: string): Promise<HistoryEntry[]> {
  const known = Object.keys(told) as (keyof typeof told)[]
  const recent = db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.networkId, networkId))
    .orderBy(desc(auditEntries.at))
    .limit(looked)
    .as('recent_entries')
  const rows = await db
    .select()
    .from(recent)
    .where(and(eq(recent.subject, campaignId), inArray(recent.action, known)))
    .orderBy(desc(recent.seq))
    .limit(shown)
  const names = await ownersOf(
    db,
    rows.map((row) => row.actor),
  )
  return rows.map((row) => ({
    at: row.at,
    what: told[row.action as keyof typeof told],
    actor: row.actor,
    name: names.get(row.actor),
    reason: typeof row.data.reason === 'string' ? row.data.reason : undefined,
  }))
}

/** The versions of a campaign's text, the first one first. */
export const versionsOf = (db: Db, networkId: string, campaignId: string) =>
  db
    .select({ version: campaignVersions.version, createdAt: campaignVersions.createdAt })
    .from(campaignVersions)
    .where(and(eq(campaignVersions.networkId, networkId), eq(campaignVersions.campaignId, campaignId)))
    .orderBy(asc(campaignVersions.version))

import { and, desc, eq, inArray } from 'drizzle-orm'
import { auditEntries, campaigns } from '../../../db/schema.ts'
import type { Reader } from './reader.ts'

const mostShown = 10
/** The trail is read so far back, and no further however long it is; an older pause counts as somebody's. */
const entriesLookedAt = 2_000

export interface PausedCampaign {
  id: string
  name: string
  title: Record<string, string>
  reason: string | null
  /** Relais paused it, nobody did. */
  isByItself: boolean
}

/** The campaigns that stand still, and who stopped them. */
export async function pausedCampaigns({ db, network }: Pick<Reader, 'db' | 'network'>): Promise<PausedCampaign[]> {
  const rows = await db
    .select({ id: campaigns.id, name: campaigns.name, title: campaigns.title, reason: campaigns.statusReason })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.status, 'paused')))
    .orderBy(desc(campaigns.createdAt))
    .limit(mostShown)
  if (rows.length === 0) return []
  const late = db
    .select({
      actor: auditEntries.actor,
      action: auditEntries.action,
      subject: auditEntries.subject,
      at: auditEntries.at,
    })
    .from(auditEntries)
    .where(eq(auditEntries.networkId, network.id))
    .orderBy(desc(auditEntries.at))
    .limit(entriesLookedAt)
    .as('late')
  const pauses = await db
    .select({ actor: late.actor, subject: late.subject })
    .from(late)
    .where(
      and(
        eq(late.action, 'campaign.pause'),
        inArray(
          late.subject,
          rows.map((row) => row.id),
        ),
      ),
    )
    .orderBy(desc(late.at))
  return rows.map((row) => ({
    ...row,
    isByItself: pauses.find((pause) => pause.subject === row.id)?.actor === 'relais',
  }))
}

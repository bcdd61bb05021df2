import { and, asc, eq, gt, isNull, lt, or } from 'drizzle-orm'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { contacts, silenceAsks } from '../db/schema.ts'
import { reportEvent } from '../sequence/report.ts'
import { silenceRuleOf } from './silence-rule.ts'
import { isSilent } from './silent.ts'
import { type StayCampaign, stayCampaignOf, stayEvent } from './stay-campaign.ts'

const dayMs = 86_400_000
/** Each person asked is a row, an event and a coming to the message. */
const pageSize = 50
/** Longer than the cooldown of the step that asks. */
const againDays = 31

/**
 * Asks a page of the silent who were not asked, in the caller’s transaction: the row of who is asked and what brings them
 * to the message are one. Who stayed, by an act or a contract, is asked again once they are silent anew, no sooner than a month after.
 * Nobody is asked while the campaign that asks does not run. Throws PressureMoved.
 */
export async function askPage(
  tx: Tx,
  network: Network,
  { after, most }: { after: string; most: number },
  now: Date,
): Promise<{ counts: { asked: number }; next?: string }> {
  const campaign = await stayCampaignOf(tx, network.id)
  if (campaign?.status !== 'running' || most <= 0) return { counts: { asked: 0 } }
  const before = new Date(now.getTime() - againDays * dayMs)
  const rows = await tx
    .select({ id: contacts.id, round: silenceAsks.round })
    .from(contacts)
    .leftJoin(silenceAsks, and(eq(silenceAsks.networkId, contacts.networkId), eq(silenceAsks.contactId, contacts.id)))
    .where(
      and(
        isSilent(tx, network, now),
        gt(contacts.id, after),
        or(isNull(silenceAsks.contactId), and(eq(silenceAsks.outcome, 'stayed'), lt(silenceAsks.askedAt, before))),
      ),
    )
    .orderBy(asc(contacts.id))
    .limit(Math.min(pageSize, most))
  let asked = 0
  for (const { id, round } of rows) if (await askOne(tx, network, { id, round }, campaign, now)) asked++
  return { counts: { asked }, next: rows.length > 0 ? rows.at(-1)!.id : undefined }
}

/** The row is the lock: of two who would ask, the second finds it. */
async function askOne(
  tx: Tx,
  network: Network,
  { id: contactId, round: before }: { id: string; round: number | null },
  campaign: StayCampaign,
  now: Date,
): Promise<boolean> {
  const { answerDays } = silenceRuleOf(network.settings)
  const round = (before ?? 0) + 1
  const row = {
    ...{ askedAt: now, eraseAt: new Date(now.getTime() + answerDays * dayMs), outcome: null, endedAt: null },
    ...{ askedBy: 'relais', messageId: campaign.messageId, round, answerDays },
  }
  const mine =
    before === null
      ? await tx
          .insert(silenceAsks)
          .values({ networkId: network.id, contactId, ...row })
          .onConflictDoNothing()
          .returning({ id: silenceAsks.contactId })
      : await tx
          .update(silenceAsks)
          .set(row)
          .where(
            and(
              ...[eq(silenceAsks.networkId, network.id), eq(silenceAsks.contactId, contactId)],
              ...[eq(silenceAsks.outcome, 'stayed'), eq(silenceAsks.round, before)],
            ),
          )
          .returning({ id: silenceAsks.contactId })
  if (mine.length === 0) return false
  await reportEvent(tx, network.id, {
    ...{ name: stayEvent, contactId, data: { days: answerDays }, key: `${stayEvent}:${contactId}:${round}` },
    ...{ source: 'relais', at: now, now },
  })
  return true
}

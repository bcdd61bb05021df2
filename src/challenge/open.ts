import { createHash } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { anchorsOf, timezoneOf } from '../campaign/anchor.ts'
import type { CampaignDefinition } from '../campaign/definition.ts'
import { leadTimesOf } from '../campaign/lead-times.ts'
import { resolveAt } from '../campaign/schedule.ts'
import type { Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { challengeRules, challenges } from '../db/schema.ts'
import { enqueue } from '../job/enqueue.ts'
import { isClosedDate } from '../routing/closures.ts'
import { isPublicHoliday } from '../routing/holidays.ts'
import { durationMs } from '../segment/duration.ts'
import type { ChallengeRules } from './definition.ts'
import { prepareJobId } from './prepare-job.ts'
import { openBudget } from './reward/prizes.ts'

/** When a challenge’s doors open and close. Everybody has the same: on the network’s clock, not the reader’s. */
export interface ChallengeDates {
  registrationOpensAt: Date
  registrationClosesAt: Date
  startsAt: Date
  endsAt: Date
  freezesAt: Date | null
  resultsUntil: Date
}

/** The dates of a campaign’s challenge; undefined where the campaign has none. Throws where a moment counts from nothing. */
export function challengeDates(
  campaign: CampaignDefinition,
  network: Pick<Network, 'timezone' | 'country' | 'settings'>,
  launchedAt: Date,
): ChallengeDates | undefined {
  const rules = campaign.challenge
  if (!rules) return undefined
  const closures = network.settings?.closures ?? []
  const timezone = timezoneOf(campaign, { network: network.timezone })
  const anchors = anchorsOf(campaign, launchedAt, leadTimesOf(network))
  const at = (moment: string) =>
    resolveAt(moment, anchors, {
      timezone,
      isHoliday: (date) => isPublicHoliday(network.country, date) || isClosedDate(closures, network.country, date),
    })
  const endsAt = at(rules.period.to)
  return {
    registrationOpensAt: at(rules.registration.from),
    registrationClosesAt: at(rules.registration.to),
    startsAt: at(rules.period.from),
    endsAt,
    freezesAt: rules.freeze === undefined ? null : new Date(endsAt.getTime() - durationMs(rules.freeze)!),
    resultsUntil: at(rules.results.until),
  }
}

const hashOf = (rules: ChallengeRules) => createHash('sha256').update(JSON.stringify(rules)).digest('hex')

/**
 * Opens the challenge of a campaign that is being launched, or follows the campaign when it was changed: other rules
 * are the next version, and what was counted before stays counted as it was. In the transaction that launches or
 * changes; repeated, it changes nothing. Undefined where the campaign has no challenge.
 */
export async function openChallenge(
  tx: Tx,
  network: Network,
  campaignId: string,
  campaign: CampaignDefinition,
  by: string,
  now: Date,
  launchedAt: Date = now,
): Promise<{ challengeId: string; rulesVersion: number } | undefined> {
  const dates = challengeDates(campaign, network, launchedAt)
  const rules = campaign.challenge
  if (!dates || !rules) return undefined
  const ofCampaign = and(eq(challenges.networkId, network.id), eq(challenges.campaignId, campaignId))
  await tx
    .insert(challenges)
    .values({
      networkId: network.id,
      id: newId(),
      campaignId,
      rulesVersion: 0,
      ...dates,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing()
  // Holds the row: two changes at once make two versions, one after the other.
  const [held] = await tx
    .update(challenges)
    .set({ ...dates, updatedAt: now })
    .where(ofCampaign)
    .returning({ id: challenges.id, version: challenges.rulesVersion })
  const { id: challengeId, version } = held!
  const hash = hashOf(rules)
  const ofVersion = and(
    eq(challengeRules.networkId, network.id),
    eq(challengeRules.challengeId, challengeId),
    eq(challengeRules.version, version),
  )
  const [current] = await tx
    .select({ hash: challengeRules.hash, rules: challengeRules.rules })
    .from(challengeRules)
    .where(ofVersion)
  if (current?.hash === hash) return { challengeId, rulesVersion: version }
  const next = version + 1
  await tx.insert(challengeRules).values({
    ...{ networkId: network.id, challengeId, version: next, rules, hash },
    ...{ inForceFrom: now, createdBy: by, createdAt: now },
  })
  await tx.update(challenges).set({ rulesVersion: next }).where(ofCampaign)
  const before = (current?.rules as ChallengeRules | undefined)?.budget
  await openBudget(tx, { networkId: network.id, challengeId, units: rules.budget, before, at: now })
  // Leagues and objectives rest on the rules.
  await enqueue(tx, {
    ...{ networkId: network.id, id: prepareJobId(challengeId), kind: 'challenge.prepare', payload: { challengeId } },
    ...{ at: now, onRepeat: 'restart' },
  })
  return { challengeId, rulesVersion: next }
}

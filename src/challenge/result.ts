import { and, desc, eq, gte, inArray, lte, ne } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import type { EntryWay, Suspicion } from '../db/schema/challenge.ts'
import { challengeResults, sites } from '../db/schema.ts'
import { offsetAt } from '../routing/zone.ts'
import type { Challenge } from './challenge.ts'
import { type Criterion, validatedUpTo } from './criterion.ts'
import { creditDay, type ResultRow, reverseCredits } from './ledger.ts'
import { holdParticipants, type Participant } from './participants.ts'
import { criterionOf } from './roles.ts'

/** Why a result was not taken. */
export const resultRefusals = [
  'not_started',
  'closed',
  'canceled',
  'way_closed',
  'not_registered',
  'unknown_criterion',
  'bad_quantity',
  'bad_day',
  'outside_period',
  'in_future',
] as const
export type ResultRefusal = (typeof resultRefusals)[number]

/** Beyond that a result is a slip of the finger. */
export const largestQuantity = 1_000_000

export interface NewResult {
  criterion: string
  /** Whole units of the criterion, from 1. */
  quantity: number
  /** YYYY-MM-DD where the outlet is. */
  doneOn: string
  way: EntryWay
  /** Invoice, order … Told by two, it is held for a person. */
  reference?: string
  /** Names the line it came from: told again it is the same result, see `sourceKeyOf`. */
  sourceKey: string
  statement?: string
  /** `contact:…`, `user:…`, `key:…` or the name of a command. */
  by: string
  /** Business time. */
  at: Date
}

export type Recorded =
  /** `known`: told before, nothing was changed. `corrected`: the one told before was reversed and this put instead. */
  { outcome: 'new' | 'known' | 'corrected'; result: ResultRow } | { outcome: 'refused'; code: ResultRefusal }

/** The date where somebody is, YYYY-MM-DD. An unknown zone counts as UTC. */
export const localDay = (at: Date, timezone: string): string =>
  new Date(at.getTime() + (offsetAt(timezone, at.getTime()) ?? 0)).toISOString().slice(0, 10)

/** Ways of the head office: what its own systems and people say counts without being looked at again. */
const ofHeadOffice: readonly EntryWay[] = ['csv', 'api', 'console']

/** Why a result cannot be taken, whoever tells it; undefined where it can. */
export function resultClosed(
  challenge: Challenge,
  participant: Pick<Participant, 'status' | 'role'>,
  result: Pick<NewResult, 'criterion' | 'quantity' | 'doneOn' | 'way' | 'at'>,
  timezone: string,
): ResultRefusal | undefined {
  const { rules, campaign, startsAt, endsAt, resultsUntil } = challenge
  if (campaign.status === 'canceled') return 'canceled'
  if (!rules.results.ways.includes(result.way)) return 'way_closed'
  if (participant.status !== 'registered') return 'not_registered'
  if (result.at < startsAt) return 'not_started'
  if (result.at > resultsUntil) return 'closed'
  if (!criterionOf(rules, participant.role, result.criterion)) return 'unknown_criterion'
  const { quantity, doneOn } = result
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > largestQuantity) return 'bad_quantity'
  if (!isDay(doneOn)) return 'bad_day'
  if (doneOn > localDay(result.at, timezone)) return 'in_future'
  return doneOn < localDay(startsAt, timezone) || doneOn > localDay(endsAt, timezone) ? 'outside_period' : undefined
}

async function timezoneOf(tx: Tx, { networkId, siteId }: Participant): Promise<string> {
  const [site] = await tx
    .select({ timezone: sites.timezone })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), eq(sites.id, siteId)))
  return site?.timezone ?? 'UTC'
}

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** References are compared without case, spaces and punctuation: “FA 2027-118” is “fa2027118”. */
export const referenceKeyOf = (reference: string | undefined): string | undefined => {
  const key = (reference ?? '').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  return key === '' ? undefined : key
}

/**
 * Takes a result, by whichever way it comes. The same line told again changes nothing; told otherwise, under its own
 * reference, it is corrected: what was counted is reversed and counted anew. What may be the double of another is
 * kept and held for a person. What counts without a person is credited here, in the caller's transaction.
 */
export async function recordResult(
  tx: Tx,
  challenge: Challenge,
  participant: Participant,
  told: NewResult,
  zone?: string,
): Promise<Recorded> {
  await holdParticipants(tx, participant.networkId, [participant.id], told.at)
  const before = await latestOf(tx, challenge, told.sourceKey)
  if (before && !isCorrection(before, participant, told)) return { outcome: 'known', result: before }
  const timezone = zone ?? (await timezoneOf(tx, participant))
  const refused = resultClosed(challenge, participant, told, timezone)
  if (refused) return { outcome: 'refused', code: refused }
  const made = { by: told.by, at: told.at }
  if (before) await takeBack(tx, challenge, participant.role, before, { why: 'corrected', ...made })
  const result = await insertResult(tx, challenge, participant, told, (before?.revision ?? 0) + 1)
  if (!result) return { outcome: 'known', result: (await latestOf(tx, challenge, told.sourceKey))! }
  await countIfValidated(tx, challenge, participant, result)
  return { outcome: before ? 'corrected' : 'new', result }
}

/** The same line says something else than before. One that was refused or moved to somebody else is a person's matter. */
const isCorrection = (before: ResultRow, participant: Participant, told: NewResult): boolean =>
  ofHeadOffice.includes(told.way) &&
  before.participantId === participant.id &&
  (before.quantity !== told.quantity || before.doneOn !== told.doneOn || before.criterion !== told.criterion)

async function latestOf(tx: Tx, { networkId, id }: Challenge, sourceKey: string): Promise<ResultRow | undefined> {
  const [row] = await tx
    .select()
    .from(challengeResults)
    .where(
      and(
        eq(challengeResults.networkId, networkId),
        eq(challengeResults.challengeId, id),
        eq(challengeResults.sourceKey, sourceKey),
      ),
    )
    .orderBy(desc(challengeResults.revision))
    .limit(1)
  return row
}

async function insertResult(
  tx: Tx,
  challenge: Challenge,
  participant: Participant,
  told: NewResult,
  revision: number,
): Promise<ResultRow | undefined> {
  const { networkId, id: challengeId, rules, rulesVersion } = challenge
  const criterion = criterionOf(rules, participant.role, told.criterion)!
  const referenceKey = referenceKeyOf(told.reference)
  const twin = await twinOf(tx, challenge, participant, told)
  const row = (suspicion: Suspicion | null, suspectId: string | null) => {
    const status = suspicion === null && countsAtOnce(criterion, told) ? ('validated' as const) : ('pending' as const)
    return {
      ...{ networkId, id: newId(), challengeId, participantId: participant.id, criterion: told.criterion },
      ...{ quantity: told.quantity, doneOn: told.doneOn, way: told.way, reference: told.reference ?? null },
      ...{ sourceKey: told.sourceKey, revision, status, suspicion, suspectId },
      ...{ statement: told.statement ?? null, rulesVersion, recordedBy: told.by, recordedAt: told.at },
      ...(status === 'validated' ? { decidedBy: 'rule', decidedAt: told.at } : {}),
    }
  }
  const insert = async (values: ReturnType<typeof row>, key: string | null) => {
    const [stored] = await tx
      .insert(challengeResults)
      .values({ ...values, referenceKey: key })
      .onConflictDoNothing()
      .returning()
    return stored
  }
  const stored = await insert(row(twin ? 'same_entry' : null, twin ?? null), referenceKey ?? null)
  if (stored || referenceKey === undefined) return stored
  // Somebody holds the reference, or the very line was told at the same time.
  const [holder] = await tx
    .select({ id: challengeResults.id, sourceKey: challengeResults.sourceKey })
    .from(challengeResults)
    .where(
      and(
        eq(challengeResults.networkId, networkId),
        eq(challengeResults.challengeId, challengeId),
        eq(challengeResults.referenceKey, referenceKey),
      ),
    )
  return holder && holder.sourceKey !== told.sourceKey ? insert(row('same_reference', holder.id), null) : undefined
}

const countsAtOnce = (criterion: Criterion, { way, quantity }: NewResult): boolean =>
  way === 'console' ||
  (criterion.kind === 'quantitative' && (ofHeadOffice.includes(way) || quantity <= validatedUpTo(criterion)))

/**
 * A result this one may be the double of: of the same participant and criterion, as many, within the days the rules
 * say; by the same way only on the same day, since people do sell one every day. The lines of a file or a program
 * stand for themselves, and two different references are two things. What is held as somebody's double already
 * explains one result only.
 */
export async function twinOf(
  tx: Tx,
  { rules }: Challenge,
  participant: Participant,
  told: Pick<NewResult, 'criterion' | 'quantity' | 'doneOn' | 'way' | 'reference' | 'sourceKey'>,
): Promise<string | undefined> {
  const shifted = (days: number) =>
    new Date(Date.parse(`${told.doneOn}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  const { doubleWithin } = rules.results
  const near = await tx
    .select()
    .from(challengeResults)
    .where(
      and(
        eq(challengeResults.networkId, participant.networkId),
        eq(challengeResults.participantId, participant.id),
        eq(challengeResults.criterion, told.criterion),
        gte(challengeResults.doneOn, shifted(-doubleWithin)),
        lte(challengeResults.doneOn, shifted(doubleWithin)),
        inArray(challengeResults.status, ['pending', 'validated']),
        ne(challengeResults.sourceKey, told.sourceKey),
      ),
    )
  const explained = new Set(near.flatMap(({ suspectId }) => suspectId ?? []))
  const own = referenceKeyOf(told.reference)
  return near.find((other) => {
    if (other.quantity !== told.quantity || other.suspicion !== null || explained.has(other.id)) return false
    if (own !== undefined && other.referenceKey !== null && other.referenceKey !== own) return false
    if (other.way !== told.way) return true
    return !ofHeadOffice.includes(told.way) && other.doneOn === told.doneOn
  })?.id
}

async function countIfValidated(
  tx: Tx,
  challenge: Challenge,
  participant: Participant,
  result: ResultRow,
): Promise<void> {
  if (result.status !== 'validated') return
  const criterion = criterionOf(challenge.rules, participant.role, result.criterion)
  const made = { by: result.recordedBy, at: result.recordedAt, rulesVersion: challenge.rulesVersion }
  if (criterion) await creditDay(tx, result, criterion, 'counted', made)
}

/**
 * Takes a result that stands out of the count, or out of the queue: its credits are reversed, and what the cap of that
 * day had kept out moves up. The participant must be held.
 */
export async function takeBack(
  tx: Tx,
  { rules, rulesVersion }: Challenge,
  role: string,
  result: ResultRow,
  { why, reason, ...made }: { why: 'corrected' | 'reversed' | 'refused'; reason?: string; by: string; at: Date },
): Promise<boolean> {
  const { networkId, id } = result
  const status = why === 'refused' ? 'refused' : 'reversed'
  const [taken] = await tx
    .update(challengeResults)
    .set({ status, reason: reason ?? null, referenceKey: null, decidedBy: made.by, decidedAt: made.at })
    .where(
      and(
        eq(challengeResults.networkId, networkId),
        eq(challengeResults.id, id),
        inArray(challengeResults.status, ['pending', 'validated']),
      ),
    )
    .returning()
  if (!taken) return false
  if ((await reverseCredits(tx, result, why, made)) === 0) return true
  const criterion = criterionOf(rules, role, result.criterion)
  if (criterion?.capPerDay !== undefined) await creditDay(tx, result, criterion, 'room', { ...made, rulesVersion })
  return true
}

import { and, asc, eq, gt, type SQL } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import type { ObjectiveGrounds } from '../db/schema/challenge.ts'
import { challengeObjectives, challengeParticipants } from '../db/schema.ts'
import type { Language } from '../words.ts'
import type { Challenge } from './challenge.ts'
import { refreshStandings } from './ranking/refresh.ts'

export type ObjectiveRow = typeof challengeObjectives.$inferSelect

/** What is asked: the number set by hand, or the one worked out. */
export const targetOf = ({ override, computed }: Pick<ObjectiveRow, 'override' | 'computed'>): number =>
  override ?? computed

const inChallenge = ({ networkId, id }: Pick<Challenge, 'networkId' | 'id'>, more?: SQL) =>
  and(eq(challengeObjectives.networkId, networkId), eq(challengeObjectives.challengeId, id), more)

/** Objectives of people and outlets by subject key, as many as a page. */
export async function objectivesOf(
  tx: Tx,
  challenge: Pick<Challenge, 'networkId' | 'id'>,
  subjectKeys: readonly string[],
): Promise<Map<string, ObjectiveRow[]>> {
  const found = new Map<string, ObjectiveRow[]>()
  if (subjectKeys.length === 0) return found
  const rows = await tx
    .select()
    .from(challengeObjectives)
    .where(inChallenge(challenge, oneOf(challengeObjectives.subjectKey, [...subjectKeys])))
    .orderBy(asc(challengeObjectives.criterion))
  for (const row of rows) found.set(row.subjectKey, [...(found.get(row.subjectKey) ?? []), row])
  return found
}

/** The objectives of a challenge in the order of their subjects, a page at a time. */
export const objectivePage = (
  tx: Tx,
  challenge: Pick<Challenge, 'networkId' | 'id'>,
  { after, limit, onlyUnattainable = false }: { after?: string; limit: number; onlyUnattainable?: boolean },
): Promise<ObjectiveRow[]> =>
  tx
    .select()
    .from(challengeObjectives)
    .where(
      inChallenge(
        challenge,
        and(
          after === undefined ? undefined : gt(challengeObjectives.subjectKey, after),
          onlyUnattainable ? eq(challengeObjectives.isUnattainable, true) : undefined,
        ),
      ),
    )
    .orderBy(asc(challengeObjectives.subjectKey), asc(challengeObjectives.criterion))
    .limit(limit)

/**
 * Sets an objective by hand, with the reason, or takes that back (null). Recomputing leaves it alone. False where there
 * is no such objective.
 */
export async function overrideObjective(
  tx: Tx,
  challenge: Pick<Challenge, 'networkId' | 'id'>,
  { subjectKey, criterion }: { subjectKey: string; criterion: string },
  { target, reason, by, at }: { target: number | null; reason: string; by: string; at: Date },
): Promise<boolean> {
  const changed = await tx
    .update(challengeObjectives)
    .set(
      target === null
        ? { override: null, overrideReason: null, overrideBy: null, overrideAt: null, updatedAt: at }
        : { override: target, overrideReason: reason, overrideBy: by, overrideAt: at, updatedAt: at },
    )
    .where(
      inChallenge(
        challenge,
        and(eq(challengeObjectives.subjectKey, subjectKey), eq(challengeObjectives.criterion, criterion)),
      ),
    )
    .returning({ criterion: challengeObjectives.criterion })
  if (changed.length === 0) return false
  const { networkId, id: challengeId } = challenge
  const playing = await tx
    .select({ id: challengeParticipants.id })
    .from(challengeParticipants)
    .where(
      and(
        eq(challengeParticipants.networkId, networkId),
        eq(challengeParticipants.challengeId, challengeId),
        eq(challengeParticipants.subjectKey, subjectKey),
      ),
    )
  await refreshStandings(tx, { networkId, challengeId, participantIds: playing.map((row) => row.id), at })
  return true
}

const number = (language: Language, value: number) => value.toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB')

/** In one sentence, where the number of an objective comes from. */
export function objectiveSentence(
  { computed, grounds, override }: Pick<ObjectiveRow, 'computed' | 'grounds' | 'override'>,
  unit: string,
  language: Language,
): string {
  const n = (value: number) => number(language, value)
  const parts = language === 'fr' ? inFrench(grounds, unit, n) : inEnglish(grounds, unit, n)
  const sum = parts.length === 1 ? parts[0] : parts.join(', ')
  const whole = language === 'fr' ? `${sum} : ${n(computed)}.` : `${sum}: ${n(computed)}.`
  if (override === null) return whole
  return language === 'fr' ? `${whole} Fixé à ${n(override)} à la main.` : `${whole} Set to ${n(override)} by hand.`
}

type Say = (value: number) => string

function inFrench(
  { past, source, growth, seniority, season, proRata, months }: ObjectiveGrounds,
  unit: string,
  n: Say,
) {
  const basis = {
    fixed: `Le même objectif pour tous (${n(past ?? 0)}, unité : ${unit})`,
    history: `Vous en aviez fait ${n(past ?? 0)} sur la période comparée (unité : ${unit})`,
    attribute: `Votre année compte ${n(past ?? 0)} (unité : ${unit})`,
    peers:
      past === null
        ? `Rien n’est connu d’avant : le minimum (unité : ${unit})`
        : `Rien n’est connu d’avant : ${n(past)}, le milieu de vos collègues (unité : ${unit})`,
  }[source]
  return [
    basis,
    ...(growth === 0 ? [] : [`${growth > 0 ? '+' : '−'} ${n(Math.abs(growth))} %`]),
    ...(season === 100 ? [] : [`la période pèse ${n(season)} % de l’année`]),
    ...(seniority === 100 ? [] : [`${n(seniority)} % demandés après ${n(months ?? 0)} mois dans le métier`]),
    ...(proRata === 100 ? [] : [`${n(proRata)} % de la période à courir à votre arrivée`]),
  ]
}

function inEnglish(
  { past, source, growth, seniority, season, proRata, months }: ObjectiveGrounds,
  unit: string,
  n: Say,
) {
  const basis = {
    fixed: `The same objective for everyone (${n(past ?? 0)}, unit: ${unit})`,
    history: `You did ${n(past ?? 0)} in the period compared with (unit: ${unit})`,
    attribute: `Your year counts ${n(past ?? 0)} (unit: ${unit})`,
    peers:
      past === null
        ? `Nothing is known of before: the least (unit: ${unit})`
        : `Nothing is known of before: ${n(past)}, the middle of your colleagues (unit: ${unit})`,
  }[source]
  return [
    basis,
    ...(growth === 0 ? [] : [`${growth > 0 ? '+' : '−'}${n(Math.abs(growth))}%`]),
    ...(season === 100 ? [] : [`the period is ${n(season)}% of the year`]),
    ...(seniority === 100 ? [] : [`${n(seniority)}% asked after ${n(months ?? 0)} months in the job`]),
    ...(proRata === 100 ? [] : [`${n(proRata)}% of the period left when you joined`]),
  ]
}

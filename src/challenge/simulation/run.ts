import { audit } from '../../accounts/audit.ts'
import type { Db } from '../../db/index.ts'
import type { ChallengeRules } from '../definition.ts'
import type { Period } from '../objective.ts'
import { keepSimulation, type Simulation } from './keep.ts'
import { knownAmong } from './known.ts'
import { pastLines } from './past-lines.ts'
import { type PastLine, type Reject, readResults } from './read-results.ts'
import { type PrizePlan, type Simulated, simulate } from './simulate.ts'

/** A day a year before; 29 February is the 28th. */
export const yearBefore = (day: string): string =>
  `${Number(day.slice(0, 4)) - 1}${day.slice(4).replace('-02-29', '-02-28')}`

export interface SimulationAsked {
  networkId: string
  /** The campaign's name; there may be no campaign yet. */
  campaign: string
  rules: ChallengeRules
  /** The days of the past that are replayed. */
  period: Period
  /** A CSV file of results; without one, the past the network holds is replayed. */
  file?: string | undefined
  prizes: PrizePlan
  by: string
  /** Business time. */
  at: Date
  wallAt: Date
}

const namesIn = (rules: ChallengeRules) => ({
  criteria: [...new Set(rules.roles.flatMap(({ criteria }) => criteria.map(({ name }) => name)))],
  roles: rules.roles.map(({ name }) => name),
})

/**
 * Replays the past under the rules of a challenge and keeps what it came to, with who asked: rules that are published
 * afterwards are held against it. Nothing is kept where there was nobody to replay.
 * @throws UnreadableResults for a file without the columns needed.
 */
export async function runSimulation(
  db: Db,
  { networkId, campaign, rules, period, file, prizes, by, at, wallAt }: SimulationAsked,
): Promise<{ figures: Simulated; rejects: Reject[]; kept?: Simulation }> {
  const read: { lines: PastLine[]; rejects: Reject[] } =
    file === undefined
      ? { lines: await pastLines(db, networkId, rules), rejects: [] }
      : readResults(file, namesIn(rules))
  const known = await knownAmong(
    db,
    networkId,
    read.lines.map(({ who }) => who),
  )
  const figures = simulate(rules, period, read.lines, prizes, known)
  const found = { figures, rejects: read.rejects }
  if (figures.people === 0) return found
  const data = JSON.stringify([file ?? read.lines, period, prizes])
  const kept = await db.transaction(async (tx) => {
    const row = await keepSimulation(tx, { networkId, campaign, rules, data, figures, by, at })
    await audit(tx, {
      ...{ networkId, actor: by, action: 'challenge.simulate', subject: row.id, at: wallAt },
      data: { people: figures.people, reached: figures.reached },
    })
    return row
  })
  return { ...found, kept }
}

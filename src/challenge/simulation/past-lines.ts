import { and, asc, eq, gt, or } from 'drizzle-orm'
import { type Db, oneOf } from '../../db/index.ts'
import { contacts, pastResults } from '../../db/schema.ts'
import type { ChallengeRole, ChallengeRules } from '../definition.ts'
import { roleOfCompanies, roleOfPerson } from '../roles.ts'
import type { PastLine } from './read-results.ts'

const rowsAtOnce = 500

/** The measure a criterion's past is kept under: the one its objective names, else its own name. */
const measureOf = ({ name, objective }: ChallengeRole['criteria'][number]): string => objective?.history ?? name

/**
 * What the network holds of the past, a line a month, for everybody the rules have a role for: what a simulation
 * replays where no file is given. Read by pages; a line is as small as one of a file.
 */
export async function pastLines(db: Db, networkId: string, rules: ChallengeRules): Promise<PastLine[]> {
  const measures = [...new Set(rules.roles.flatMap(({ criteria }) => criteria.map(measureOf)))]
  const lines: PastLine[] = []
  for (const measure of measures) {
    let after: { subjectKey: string; month: string } | undefined
    for (;;) {
      const rows = await db
        .select({ subjectKey: pastResults.subjectKey, month: pastResults.month, quantity: pastResults.quantity })
        .from(pastResults)
        .where(
          and(
            eq(pastResults.networkId, networkId),
            eq(pastResults.measure, measure),
            after &&
              or(
                gt(pastResults.subjectKey, after.subjectKey),
                and(eq(pastResults.subjectKey, after.subjectKey), gt(pastResults.month, after.month)),
              ),
          ),
        )
        .orderBy(asc(pastResults.subjectKey), asc(pastResults.month))
        .limit(rowsAtOnce)
      const roles = await rolesOf(
        db,
        networkId,
        rules,
        rows.map(({ subjectKey }) => subjectKey),
      )
      for (const { subjectKey, month, quantity } of rows) {
        const role = roles.get(subjectKey)
        for (const criterion of role?.criteria ?? [])
          if (measureOf(criterion) === measure)
            lines.push({
              ...{ who: subjectKey, role: role!.name, criterion: criterion.name },
              ...{ day: `${month}-01`, isMonth: true, quantity },
            })
      }
      if (rows.length < rowsAtOnce) break
      after = rows.at(-1)!
    }
  }
  return lines
}

async function rolesOf(
  db: Db,
  networkId: string,
  rules: ChallengeRules,
  keys: readonly string[],
): Promise<Map<string, ChallengeRole>> {
  const roles = new Map<string, ChallengeRole>()
  const ofOutlets = roleOfCompanies(rules)
  if (ofOutlets) for (const key of keys) if (key.startsWith('site:')) roles.set(key, ofOutlets)
  const ids = [...new Set(keys.filter((key) => key.startsWith('contact:')).map((key) => key.slice(8)))]
  if (ids.length === 0) return roles
  const people = await db
    .select({ id: contacts.id, profile: contacts.profile, function: contacts.function })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(contacts.isActive, true), oneOf(contacts.id, ids)))
  for (const { id, ...person } of people) {
    const role = roleOfPerson(rules, person)
    if (role) roles.set(`contact:${id}`, role)
  }
  return roles
}

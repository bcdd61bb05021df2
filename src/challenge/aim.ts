import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import type { Attributes } from '../db/schema/network.ts'
import { challengeObjectives, challengeParticipants, contacts, sites } from '../db/schema.ts'
import type { Challenge } from './challenge.ts'
import type { Criterion } from './criterion.ts'
import { outletsAfter, periodOf } from './form-leagues.ts'
import { objectiveOf } from './objective.ts'
import { participantOf } from './participants.ts'
import { historyOfSubjects, middleOf } from './potential.ts'
import { localDay } from './result.ts'
import { criteriaOf, roleOfCompanies, roleOfPerson } from './roles.ts'

/** Somebody, or an outlet, as far as an objective looks at them. */
interface Aimed {
  subjectKey: string
  siteId: string
  contactId: string | null
  criteria: readonly Criterion[]
  attributes: Attributes
  joinedOn?: string
}

/** Who may aim for something among the people and the outlets after a cursor (`site:` first, then `contact:`). */
async function aimedAfter(tx: Tx, { networkId, rules }: Challenge, after: string, limit: number) {
  const aimed: Aimed[] = []
  if (!after.startsWith('contact:')) {
    const page = await outletsAfter(tx, networkId, after.slice('site:'.length), limit)
    const role = roleOfCompanies(rules)
    for (const { id, attributes } of page)
      if (role)
        aimed.push({ subjectKey: `site:${id}`, siteId: id, contactId: null, criteria: role.criteria, attributes })
    return { aimed, next: page.length < limit ? 'contact:' : `site:${page.at(-1)!.id}` }
  }
  const page = await tx
    .select()
    .from(contacts)
    .where(
      and(
        eq(contacts.networkId, networkId),
        eq(contacts.isActive, true),
        isNull(contacts.erasedAt),
        gt(contacts.id, after.slice('contact:'.length)),
      ),
    )
    .orderBy(asc(contacts.id))
    .limit(limit)
  for (const contact of page) {
    const role = roleOfPerson(rules, contact)
    if (role) aimed.push(personAimed(contact, role.criteria))
  }
  return { aimed, next: page.length < limit ? undefined : `contact:${page.at(-1)!.id}` }
}

const personAimed = (
  { id, siteId, attributes }: typeof contacts.$inferSelect,
  criteria: readonly Criterion[],
): Aimed => ({ subjectKey: `contact:${id}`, siteId, contactId: id, criteria, attributes })

/**
 * Works out the objectives of the next people and outlets; what was set by hand stays. Returns where to go on, or
 * undefined at the end.
 */
export async function aimPage(
  tx: Tx,
  challenge: Challenge,
  after: string,
  now: Date,
  limit = 100,
): Promise<string | undefined> {
  const { aimed, next } = await aimedAfter(tx, challenge, after, limit)
  const joined = await tx
    .select({ key: challengeParticipants.subjectKey, at: challengeParticipants.registeredAt })
    .from(challengeParticipants)
    .where(
      and(
        eq(challengeParticipants.networkId, challenge.networkId),
        eq(challengeParticipants.challengeId, challenge.id),
        oneOf(
          challengeParticipants.subjectKey,
          aimed.map(({ subjectKey }) => subjectKey),
        ),
      ),
    )
  const joinedAt = new Map(joined.map(({ key, at }) => [key, at]))
  for (const one of aimed) {
    const at = joinedAt.get(one.subjectKey)
    if (at) one.joinedOn = localDay(at, challenge.timezone)
  }
  await writeObjectives(tx, challenge, aimed, now)
  return next
}

/** The objectives of somebody who has just joined, or whose facts have changed. */
export async function aimOne(
  tx: Tx,
  challenge: Challenge,
  { subjectKey, siteId, contactId, role, registeredAt }: typeof challengeParticipants.$inferSelect,
  now: Date,
): Promise<void> {
  const { networkId, rules } = challenge
  const criteria = criteriaOf(rules, role)
  const [row] =
    contactId === null
      ? await tx
          .select({ attributes: sites.attributes })
          .from(sites)
          .where(and(eq(sites.networkId, networkId), eq(sites.id, siteId)))
      : await tx
          .select({ attributes: contacts.attributes })
          .from(contacts)
          .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId)))
  const joinedOn = localDay(registeredAt, challenge.timezone)
  const aimed = { subjectKey, siteId, contactId, criteria, attributes: row?.attributes ?? {}, joinedOn }
  await writeObjectives(tx, challenge, [aimed], now)
}

/** The objectives of a person whose facts have changed, whether they take part or may yet. */
export async function aimPerson(tx: Tx, challenge: Challenge, contactId: string, now: Date): Promise<void> {
  const { networkId, rules } = challenge
  const participant = await participantOf(tx, networkId, challenge.id, { contactId })
  if (participant) return aimOne(tx, challenge, participant, now)
  const [contact] = await tx
    .select()
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId)))
  const role = contact && roleOfPerson(rules, contact)
  if (role) await writeObjectives(tx, challenge, [personAimed(contact, role.criteria)], now)
}

async function writeObjectives(tx: Tx, challenge: Challenge, aimed: readonly Aimed[], now: Date) {
  const { networkId, id: challengeId, rules, rulesVersion } = challenge
  const period = periodOf(challenge)
  const keys = aimed.map(({ subjectKey }) => subjectKey)
  const measures = new Set(
    aimed.flatMap(({ criteria }) => criteria.flatMap(({ objective }) => objective?.history ?? [])),
  )
  const histories = new Map<string, Map<string, Record<string, number>>>()
  const peers = new Map<string, number | undefined>()
  for (const measure of measures) {
    histories.set(measure, await historyOfSubjects(tx, networkId, measure, keys, period.from))
    for (const of of ['contact', 'site'] as const)
      peers.set(`${of} ${measure}`, await middleOf(tx, networkId, measure, period, of))
  }
  for (const { subjectKey, siteId, contactId, criteria, attributes, joinedOn } of aimed)
    for (const criterion of criteria) {
      const { history, attribute } = criterion.objective ?? {}
      const found = objectiveOf(criterion, rules, period, {
        history: (history !== undefined && histories.get(history)?.get(subjectKey)) || {},
        ...(attribute === undefined ? {} : { attribute: attributes[attribute] }),
        ...(rules.seniority ? { began: String(attributes[rules.seniority.attribute] ?? '') } : {}),
        ...(joinedOn === undefined ? {} : { joinedOn }),
        ...(history === undefined ? {} : { peers: peers.get(`${contactId === null ? 'site' : 'contact'} ${history}`) }),
      })
      if (!found) continue
      const set = { siteId, contactId, ...found, rulesVersion, updatedAt: now }
      await tx
        .insert(challengeObjectives)
        .values({ networkId, challengeId, subjectKey, criterion: criterion.name, ...set })
        .onConflictDoUpdate({
          target: [
            challengeObjectives.networkId,
            challengeObjectives.challengeId,
            challengeObjectives.subjectKey,
            challengeObjectives.criterion,
          ],
          set,
        })
    }
}

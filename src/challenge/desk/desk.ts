import { and, asc, eq, isNull } from 'drizzle-orm'
import { localise } from '../../campaign/definition.ts'
import type { Tx } from '../../db/index.ts'
import type { EntryWay } from '../../db/schema/challenge.ts'
import { contacts, sites } from '../../db/schema.ts'
import type { Language } from '../../words.ts'
import type { Challenge } from '../challenge.ts'
import type { Criterion } from '../criterion.ts'
import { objectiveSentence, objectivesOf, targetOf } from '../objectives.ts'
import { type Participant, participantOf, type Subject, subjectKeyOf } from '../participants.ts'
import { type OwnView, ownViewOf } from '../ranking/own-view.ts'
import { placeOf, type RegistrationRefusal, registrationClosed } from '../register.ts'
import { localDay } from '../result.ts'
import { criteriaOf } from '../roles.ts'
import { resultsOfParticipant, type StatementLine, statementOf, type ToldResult } from '../statement.ts'
import { type Points, pointsOf } from '../totals.ts'
import { type Ending, endingOf } from './ending.ts'

/** What counts for somebody, in their language, and how far they are. */
export interface DeskCriterion {
  name: string
  title: string
  unit: string
  points: number
  evidence: Criterion['evidence']
  isQualitative: boolean
  target?: number
  done: number
  /** Where the target comes from, in one sentence. */
  sentence?: string
}

/** All that one participant, or somebody who may become one, sees of a challenge. */
export interface Desk {
  challenge: Challenge
  subject: Subject
  name: string
  title: string
  terms?: string
  participant?: Participant
  /** Why one cannot register (any more). */
  closed?: RegistrationRefusal
  criteria: DeskCriterion[]
  points?: Points
  results: ToldResult[]
  statement: StatementLine[]
  isOpenForResults: boolean
  /** The last day a result can be of. */
  today: string
  firstDay: string
  /** How they stand, for who takes part. */
  standing?: OwnView
  /** How it ends for them, from the provisional ranking on. */
  ending?: Ending
}

/** What stands on the desk of a person or an outlet. Undefined where they are not in the network. */
export async function deskOf(
  tx: Tx,
  challenge: Challenge,
  subject: Subject,
  language: Language,
  way: EntryWay,
  at: Date,
): Promise<Desk | undefined> {
  const who = await whoIs(tx, challenge.networkId, subject)
  if (!who) return undefined
  const participant = await participantOf(tx, challenge.networkId, challenge.id, subject)
  const place = participant ?? (await placeOf(tx, challenge, subject))
  const closed = 'refused' in place ? place.refused : registrationClosed(challenge, way, at)
  const own = 'refused' in place ? [] : criteriaOf(challenge.rules, place.role)
  const points = participant && (await pointsOf(tx, challenge.networkId, participant.id))
  const key = subjectKeyOf(subject)
  const objectives = (await objectivesOf(tx, challenge, [key])).get(key) ?? []
  const { title } = challenge.campaign
  const { terms } = challenge.rules
  const isIn = participant?.status === 'registered'
  const endingFor = async (one: Participant) => {
    const ending = await endingOf(tx, challenge, one, at)
    return ending ? { ending } : {}
  }
  return {
    ...{ challenge, subject, name: who.name, title: title[language] ?? Object.values(title)[0] ?? '' },
    ...(terms ? { terms: localise(terms, language) } : {}),
    ...(participant ? { participant } : {}),
    ...(closed && !isIn ? { closed } : {}),
    criteria: own.map((one) => {
      const objective = objectives.find(({ criterion }) => criterion === one.name)
      const unit = one.unit ? localise(one.unit, language) : one.title ? localise(one.title, language) : one.name
      return {
        ...{ name: one.name, title: one.title ? localise(one.title, language) : unit, unit, points: one.points },
        ...{ evidence: one.evidence, isQualitative: one.kind === 'qualitative' },
        done: points?.byCriterion[one.name]?.quantity ?? 0,
        ...(objective ? { target: targetOf(objective), sentence: objectiveSentence(objective, unit, language) } : {}),
      }
    }),
    ...(points ? { points } : {}),
    results: participant ? await resultsOfParticipant(tx, challenge.networkId, participant.id) : [],
    statement: participant ? await statementOf(tx, challenge.networkId, participant.id, { limit: 100 }) : [],
    isOpenForResults: isIn && at >= challenge.startsAt && at <= challenge.resultsUntil,
    today: localDay(at, who.timezone),
    firstDay: localDay(challenge.startsAt, who.timezone),
    ...(isIn ? { standing: await ownViewOf(tx, challenge, participant, at), ...(await endingFor(participant)) } : {}),
  }
}

async function whoIs(tx: Tx, networkId: string, subject: Subject) {
  if ('siteId' in subject) {
    const [site] = await tx
      .select({ name: sites.name, timezone: sites.timezone })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), eq(sites.id, subject.siteId), eq(sites.isActive, true)))
    return site
  }
  const [person] = await tx
    .select({ firstName: contacts.firstName, lastName: contacts.lastName, timezone: sites.timezone })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(
      and(
        eq(contacts.networkId, networkId),
        eq(contacts.id, subject.contactId),
        eq(contacts.isActive, true),
        isNull(contacts.erasedAt),
      ),
    )
  return person && { name: `${person.firstName ?? ''} ${person.lastName ?? ''}`.trim(), timezone: person.timezone }
}

/** Most people of an outlet that are shown to choose from. */
const mostColleagues = 200

/** Those behind a link that several hold, to choose oneself from. */
export const namesOf = async (tx: Tx, networkId: string, siteId: string): Promise<{ id: string; name: string }[]> =>
  (
    await tx
      .select({ id: contacts.id, firstName: contacts.firstName, lastName: contacts.lastName })
      .from(contacts)
      .where(
        and(
          eq(contacts.networkId, networkId),
          eq(contacts.siteId, siteId),
          eq(contacts.isActive, true),
          isNull(contacts.erasedAt),
        ),
      )
      .orderBy(asc(contacts.nameKey), asc(contacts.id))
      .limit(mostColleagues)
  ).map(({ id, firstName, lastName }) => ({ id, name: `${firstName ?? ''} ${lastName ?? ''}`.trim() }))

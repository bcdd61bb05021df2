import { and, asc, desc, eq, lte, ne, or, sql } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import type { EntryWay } from '../db/schema/challenge.ts'
import { challengeParticipants, contacts, messages, sites } from '../db/schema.ts'
import { recordEvent } from '../tracking/record.ts'
import { aimOne } from './aim.ts'
import type { Challenge } from './challenge.ts'
import { leagueForOutlet } from './form-leagues.ts'
import { kindOf, type Participant, participantOf, personOf, type Subject, subjectKeyOf } from './participants.ts'
import { refreshStandings } from './ranking/refresh.ts'
import { companyRole, roleOfCompanies, roleOfPerson } from './roles.ts'

/** Why nobody was registered. */
export const registrationRefusals = [
  'not_open_yet',
  'closed',
  'canceled',
  'way_closed',
  'unknown',
  'no_role',
  'no_companies',
  'company_first',
  'not_agreed',
] as const
export type RegistrationRefusal = (typeof registrationRefusals)[number]

export interface Registration {
  subject: Subject
  way: EntryWay
  /** `contact:…`, `user:…`, `key:…` or the name of a command. */
  by: string
  /** Whoever takes part has agreed to the rules in force, themselves or by asking to be registered. */
  hasAgreed: boolean
  /** What they answered, where they answered something. */
  deliveryId?: string
  /** Business time. */
  at: Date
}

export type Registered =
  /** `already`: registered before, whichever way; nothing was changed but an agreement that was missing. */
  { outcome: 'registered' | 'already'; participant: Participant } | { outcome: 'refused'; code: RegistrationRefusal }

/** Whether registrations are taken by a way at a time; undefined is yes. */
export function registrationClosed(
  { rules, registrationOpensAt, registrationClosesAt, campaign }: Challenge,
  way: EntryWay,
  at: Date,
): RegistrationRefusal | undefined {
  if (campaign.status === 'canceled') return 'canceled'
  if (!rules.registration.ways.includes(way)) return 'way_closed'
  if (at < registrationOpensAt) return 'not_open_yet'
  return at > registrationClosesAt ? 'closed' : undefined
}

/**
 * Registers an outlet or somebody, once however often and by however many ways they ask; who had left comes back.
 * Who agreed to which rules, who registered them, when and how is kept with them.
 */
export async function register(tx: Tx, challenge: Challenge, asked: Registration): Promise<Registered> {
  const { networkId, id: challengeId, rulesVersion } = challenge
  const { subject, way, by, at } = asked
  const known = await participantOf(tx, networkId, challengeId, subject)
  if (known?.status === 'registered')
    return { outcome: 'already', participant: await agreeing(tx, known, challenge, asked) }
  const refusal = registrationClosed(challenge, way, at)
  if (refusal) return { outcome: 'refused', code: refusal }
  const place = await placeOf(tx, challenge, subject)
  if ('refused' in place) return { outcome: 'refused', code: place.refused }
  if (!asked.hasAgreed && way !== 'csv' && way !== 'console' && way !== 'api')
    return { outcome: 'refused', code: 'not_agreed' }
  const agreed = asked.hasAgreed
    ? { agreedVersion: rulesVersion, agreedAt: at }
    : { agreedVersion: null, agreedAt: null }
  const row = {
    ...{ networkId, challengeId, kind: kindOf(subject), subjectKey: subjectKeyOf(subject) },
    ...{ siteId: place.siteId, contactId: 'contactId' in subject ? subject.contactId : null },
    ...{ role: place.role, team: place.team, status: 'registered' as const, way, registeredBy: by, registeredAt: at },
    ...agreed,
    ...{ withdrawnAt: null, withdrawnBy: null, updatedAt: at },
  }
  // Of two at once one inserts; the other finds them registered and changes nothing.
  const [written] = await tx
    .insert(challengeParticipants)
    .values({ ...row, id: newId(), createdAt: at })
    .onConflictDoUpdate({
      target: [challengeParticipants.networkId, challengeParticipants.challengeId, challengeParticipants.subjectKey],
      set: row,
      setWhere: eq(challengeParticipants.status, 'withdrawn'),
    })
    .returning()
  if (!written) {
    const other = await participantOf(tx, networkId, challengeId, subject)
    return { outcome: 'already', participant: other! }
  }
  await refreshStandings(tx, { networkId, challengeId, participantIds: [written.id], at })
  await leagueForOutlet(tx, challenge, written.siteId, at)
  await aimOne(tx, challenge, written, at)
  await tellOfIt(tx, challenge, written, asked)
  return { outcome: 'registered', participant: written }
}

/** Somebody registered by others agrees themselves, later. */
async function agreeing(tx: Tx, known: Participant, { rulesVersion }: Challenge, { hasAgreed, at }: Registration) {
  if (!hasAgreed || known.agreedVersion === rulesVersion) return known
  const [agreed] = await tx
    .update(challengeParticipants)
    .set({ agreedVersion: rulesVersion, agreedAt: at, updatedAt: at })
    .where(and(eq(challengeParticipants.networkId, known.networkId), eq(challengeParticipants.id, known.id)))
    .returning()
  return agreed ?? known
}

/** Where and as what somebody plays. */
export async function placeOf(
  tx: Tx,
  challenge: Challenge,
  subject: Subject,
): Promise<{ siteId: string; role: string; team: string } | { refused: RegistrationRefusal }> {
  const { networkId, id: challengeId, rules } = challenge
  const { teams, companyFirst } = rules.participants
  if ('siteId' in subject) {
    if (!rules.participants.companies) return { refused: 'no_companies' }
    const [site] = await tx
      .select({ id: sites.id, isActive: sites.isActive })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), eq(sites.id, subject.siteId)))
    if (!site?.isActive) return { refused: 'unknown' }
    return { siteId: site.id, role: roleOfCompanies(rules)?.name ?? companyRole, team: '' }
  }
  const person = await personOf(tx, networkId, subject.contactId)
  if (!person?.contact.isActive || person.contact.erasedAt !== null) return { refused: 'unknown' }
  const { contact, site } = person
  const role = roleOfPerson(rules, contact)
  if (!role) return { refused: 'no_role' }
  if (companyFirst) {
    const company = await participantOf(tx, networkId, challengeId, { siteId: site.id })
    if (company?.status !== 'registered') return { refused: 'company_first' }
  }
  const team =
    teams === 'none'
      ? ''
      : teams === 'site'
        ? await teamOfOutlet(tx, site)
        : String(contact.attributes[teams.attribute] ?? '').trim()
  return { siteId: site.id, role: role.name, team }
}

/** An outlet as a team: by its name, with its code where another one has the same, since they are two teams. */
async function teamOfOutlet(tx: Tx, { networkId, id, name, externalId }: typeof sites.$inferSelect): Promise<string> {
  const [namesake] = await tx
    .select({ id: sites.id })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), eq(sites.name, name), ne(sites.id, id)))
    .limit(1)
  return namesake ? `${name} (${externalId ?? id})` : name
}

/** The event rules and engagement listen to. A company that plays alone stands for everybody who works there. */
async function tellOfIt(tx: Tx, challenge: Challenge, participant: Participant, asked: Registration): Promise<void> {
  const { networkId, id: challengeId, rules } = challenge
  const source = asked.way
  const told = { networkId, type: 'register' as const, source, occurredAt: asked.at, recordedAt: asked.at }
  const data = { challengeId, way: asked.way, kind: participant.kind }
  if (participant.contactId !== null) {
    const key = `register:${participant.id}:${asked.at.getTime()}`
    const contactId = participant.contactId
    if (asked.deliveryId !== undefined) {
      await recordEvent(tx, { ...told, contactId, deliveryId: asked.deliveryId, dedupeKey: key, data })
      return
    }
    const messageId = await askingMessage(tx, challenge, asked.at)
    await recordEvent(tx, { ...told, contactId, siteId: participant.siteId, messageId, dedupeKey: key, data })
    return
  }
  if (rules.participants.people) return
  const messageId = await askingMessage(tx, challenge, asked.at)
  const there = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(contacts.siteId, participant.siteId), eq(contacts.isActive, true)))
    .orderBy(asc(contacts.id))
    .limit(500)
  for (const { id: contactId } of there)
    await recordEvent(tx, {
      ...{ ...told, contactId, siteId: participant.siteId, messageId, data },
      dedupeKey: `register:${participant.id}:${asked.at.getTime()}:${contactId}`,
    })
}

/** The message of the campaign that a registration out of the blue answers: the last that was due, or the first. */
async function askingMessage(tx: Tx, { networkId, campaignId }: Challenge, at: Date): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.networkId, networkId),
        eq(messages.campaignId, campaignId),
        or(lte(messages.dueAt, at), eq(messages.position, 0)),
      ),
    )
    .orderBy(desc(sql`${messages.dueAt} <= ${sql.param(at, messages.dueAt)}`), desc(messages.dueAt), asc(messages.id))
    .limit(1)
  return row?.id
}

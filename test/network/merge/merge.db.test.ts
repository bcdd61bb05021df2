import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq, getTableColumns, getTableName, is, Table } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../src/db/index.ts'
import * as schema from '../../../src/db/schema.ts'
import { lastConsents, trackingOf } from '../../../src/network/consent.ts'
import { importFile } from '../../../src/network/import/import-file.ts'
import { mergeFields } from '../../../src/network/merge/fields.ts'
import { MergeRefused, mergeContacts, presentContact } from '../../../src/network/merge/merge.ts'
import { choicesOf, proposeKeep, proposeMerge } from '../../../src/network/merge/propose.ts'
import { sidesOf } from '../../../src/network/merge/sides.ts'
import { addressHash, suppress, suppressionsOf } from '../../../src/network/suppression.ts'
import { type World, world } from '../../world.ts'

const header =
  'Code site;Raison sociale;Code postal;Ville;Prénom;Nom;Fonction;Profil;E-mail;Mobile;Accord SMS;Accord suivi'
const file = [
  header,
  'S1;Nord;69003;Lyon;Jeanne;Dupont;;;jeanne@example.com;06 39 98 01 01;oui;oui',
  'S2;Sud;69003;Lyon;Jeanne;Dupond;Acheteuse;Bureau;;06 39 98 01 02;non;non',
  'S1;Nord;69003;Lyon;Karim;Tiers;;;karim@example.com;06 39 98 01 03;oui;',
].join('\n')

let w: World
let keepId: string
let otherId: string
let thirdId: string
let messageIds: string[]
beforeEach(async () => {
  w = await world({ file })
  const people = await w.context.db.select().from(schema.contacts)
  const idOf = (lastName: string) => people.find((row) => row.lastName === lastName)!.id
  keepId = idOf('Dupont')
  otherId = idOf('Dupond')
  thirdId = idOf('Tiers')
  messageIds = await twoMessages()
})
afterEach(() => w.close())

const later = new Date('2027-02-01T09:00:00Z')
const merging = () => ({ networkId: w.network.id, keepId, otherId, actor: 'someone', now: later, at: later })
const sides = async () => {
  const found = await sidesOf(w.context.db, w.network.id, [keepId, otherId])
  return [found.get(keepId)!, found.get(otherId)!] as const
}
const merge = async () => {
  const choices = choicesOf(proposeMerge(...(await sides())))
  await w.context.db.transaction((tx) => mergeContacts(tx, merging(), choices))
}
const contact = async (id: string) => {
  const [row] = await w.context.db.select().from(schema.contacts).where(eq(schema.contacts.id, id))
  return row
}

async function twoMessages(): Promise<string[]> {
  const { db } = w.context
  const campaignId = newId()
  const common = { networkId: w.network.id, createdAt: later }
  await db.insert(schema.campaigns).values({
    ...{ ...common, id: campaignId, name: 'c', title: {}, class: 'relational', status: 'running' },
  })
  const ids = [newId(), newId()]
  for (const [position, id] of ids.entries())
    await db.insert(schema.messages).values({
      ...{ ...common, id, campaignId, campaignVersion: 1, step: `s${position}`, position, occurrence: '1' },
      ...{ class: 'relational', urgency: 'normal', intent: 'reference', template: 't', definition: {}, dueAt: later },
    })
  return ids
}

type DeliveryRow = typeof schema.deliveries.$inferInsert
async function delivery(who: string, given: Partial<DeliveryRow> = {}): Promise<string> {
  const id = newId()
  await w.context.db.insert(schema.deliveries).values({
    ...{ networkId: w.network.id, id, messageId: messageIds[0]!, recipientKey: `contact:${who}`, channel: 'sms' },
    ...{ occurrence: '1', status: 'sent', class: 'relational', priority: 2, dueAt: later, currency: 'EUR' },
    ...{ createdAt: later, updatedAt: later },
    ...given,
  })
  return id
}
const stored = async (id: string) => {
  const [row] = await w.context.db.select().from(schema.deliveries).where(eq(schema.deliveries.id, id))
  return row!
}

/** The columns by which a table points at a contact. */
const pointers = ['contactId', 'otherId', 'recipientKey', 'subjectKey']
const tables = Object.values(schema).filter((value) => is(value, Table)) as Table[]
const pointing = tables.filter(
  (table) =>
    pointers.some((name) => name in getTableColumns(table)) &&
    // Standings know participations, not contacts.
    !['identity_aliases', 'challenge_standings'].includes(getTableName(table)),
)

const campaignOf = async (messageId: string): Promise<string> => {
  const [row] = await w.context.db.select().from(schema.messages).where(eq(schema.messages.id, messageId))
  return row!.campaignId
}

/** The contact that goes takes part in a challenge, is ranked, wins, and may be shown. */
async function fillChallenge(campaignId: string, siteId: string): Promise<void> {
  const { db } = w.context
  const challengeId = newId()
  const networkId = w.network.id
  const own = { networkId, challengeId, contactId: otherId }
  const subjectKey = `contact:${otherId}`
  await db.insert(schema.challenges).values({
    ...{ networkId, id: challengeId, campaignId, registrationOpensAt: later, registrationClosesAt: later },
    ...{ startsAt: later, endsAt: later, resultsUntil: later, createdAt: later, updatedAt: later },
  })
  await db
    .insert(schema.pastResults)
    .values({ networkId, subjectKey, measure: 'ventes', month: '2026-01', quantity: 5, updatedAt: later })
  const participantId = newId()
  await db.insert(schema.challengeParticipants).values({
    ...{ ...own, id: participantId, kind: 'person', subjectKey, siteId, role: 'sales', status: 'registered' },
    ...{ way: 'link', registeredBy: subjectKey, registeredAt: later, createdAt: later, updatedAt: later },
  })
  await db.insert(schema.challengeTotals).values({
    ...{ networkId, challengeId, participantId, criterion: 'sales', quantity: 3, points: 30, reachedAt: later },
    updatedAt: later,
  })
  await db.insert(schema.challengeStandings).values({
    ...{
      networkId,
      challengeId,
      board: 'person',
      subjectKey: participantId,
      league: 0,
      points: 30,
      progress: 0,
      reachedAt: later,
    },
    ...{ nameKey: 'dupond', updatedAt: later },
  })
  await db.insert(schema.challengeObjectives).values({
    ...{ ...own, subjectKey, criterion: 'sales', siteId, computed: 12, grounds: {} as never, rulesVersion: 1 },
    updatedAt: later,
  })
  await db.insert(schema.winners).values({
    ...{ ...own, id: newId(), board: 'person', by: 'points', league: 0, place: 1 },
    ...{ subjectKey: participantId, score: 30 },
    createdAt: later,
  })
  await db.insert(schema.winnerClaims).values({ ...own, id: newId(), text: 'x', status: 'open', raisedAt: later })
  await db.insert(schema.imageConsents).values({
    ...{
      ...own,
      id: newId(),
      action: 'grant',
      wordingVersion: '1',
      signedName: 'J',
      source: 'paper',
      saidBy: 'user:x',
    },
    saidAt: later,
  })
  await db.insert(schema.winnerPictures).values({ ...own, id: newId(), kind: 'photo', caption: {}, createdAt: later })
  const prizeId = newId()
  await db.insert(schema.prizes).values({
    ...{ networkId, id: prizeId, challengeId, kind: 'cash', title: {}, valueCents: 100, createdAt: later },
    updatedAt: later,
  })
  await db.insert(schema.rewards).values({
    ...{ ...own, id: newId(), prizeId, payer: 'x', kind: 'cash', title: {}, valueCents: 100, year: 2027 },
    ...{ status: 'awarded', requestKey: 'r', awardedBy: 'user:x', awardedAt: later },
  })
  await db.insert(schema.rewardBeneficiaries).values({
    ...{ networkId, contactId: otherId, regime: 'employee', isCustomerFacing: true, isSameGroup: false },
    ...{ saidBy: 'user:x', updatedAt: later },
  })
}

/** Something of the contact that goes in every table that may hold something of a contact. */
async function fillEveryTable(): Promise<void> {
  const { db } = w.context
  const networkId = w.network.id
  const key = `contact:${otherId}`
  const own = { networkId, contactId: otherId }
  const deliveryId = await delivery(otherId, { messageId: messageIds[1] })
  await db.insert(schema.deliveryMembers).values({ ...own, deliveryId })
  await db.insert(schema.decisions).values({
    ...{ ...own, messageId: messageIds[1]!, occurrence: '1', outcome: 'send', because: [], trace: [], fallbacks: [] },
    ...{ policyVersion: 1, seed: 's', createdAt: later },
  })
  await db.insert(schema.exposures).values({
    ...{ ...own, id: newId(), deliveryId, channel: 'sms', profile: 'office', sentAt: w.clock.now(), matureAt: later },
    ...{ isMeasurable: true, outcome: 'acted', outcomeAt: w.clock.now(), classifierVersion: '1' },
  })
  const sums = { s: 1, n: 2, at: w.clock.now(), exposures: 2, actions: 1, misses: 1 }
  await db.insert(schema.engagements).values({ ...own, channel: 'sms', ...sums })
  await db.insert(schema.engagementCheckpoints).values({ ...own, channel: 'email', ...sums })
  await db.insert(schema.events).values({
    ...{ ...own, id: newId(), type: 'click', deliveryId, dedupeKey: 'e', data: {}, occurredAt: later },
    recordedAt: later,
  })
  await db.insert(schema.conversations).values({
    ...{ ...own, id: newId(), channel: 'sms', address: '+33639980199', status: 'open', lastDirection: 'in' },
    ...{ lastAt: later, createdAt: later, updatedAt: later },
  })
  await db.insert(schema.pressures).values({
    ...{ networkId, subjectKey: key, version: 3, updatedAt: later },
    touches: [{ at: 1, channel: 'sms', class: 'relational' }],
  })
  await db.insert(schema.posts).values({
    ...{ networkId, id: newId(), deliveryId, messageId: messageIds[1]!, recipientKey: key, accessLevel: 'member' },
    ...{ language: 'fr', title: 't', body: 'b', publishedAt: later, createdAt: later },
  })
  const { siteId } = (await contact(otherId))!
  await db.insert(schema.broadcasts).values({
    ...{ networkId, id: newId(), deliveryId, messageId: messageIds[1]!, siteId, recipientKey: key, title: 't' },
    ...{ body: 'b', startsAt: later, options: {}, createdAt: later },
  })
  const segmentId = newId()
  await db
    .insert(schema.segments)
    .values({ networkId, id: segmentId, name: 'x', title: {}, rule: {}, updatedAt: later })
  await db.insert(schema.segmentMembers).values({ ...own, segmentId, since: later })
  await db.insert(schema.segmentChecks).values({ ...own, dueAt: later })
  await db.insert(schema.silenceAsks).values({ ...own, askedAt: later, eraseAt: later, askedBy: 'u' })
  const way = { ...own, campaignId: await campaignOf(messageIds[0]!), cause: { code: 'event' }, data: {} }
  await db
    .insert(schema.journeys)
    .values({ ...way, round: 1, state: 'under_way', causeKey: 'k', enteredAt: later, createdAt: later })
  await db.insert(schema.arrivals).values({
    ...{ ...way, id: newId(), messageId: messageIds[0]!, kind: 'step', occurrence: '1', state: 'waiting' },
    ...{ dueAt: later, causeAt: later, createdAt: later },
  })
  await db.insert(schema.contactDates).values({ ...own, attribute: 'birthday', day: '1990-02-28', monthDay: '02-28' })
  await db.insert(schema.tasks).values({
    ...{ ...own, id: newId(), campaignId: way.campaignId, messageId: messageIds[0]!, siteId, occurrence: '1' },
    ...{ kind: 'call', correspondentId: otherId, status: 'open', dueAt: later, createdAt: later },
  })
  const proposalId = newId()
  await db.insert(schema.proposals).values({
    ...{ networkId, id: proposalId, campaignId: way.campaignId, messageId: messageIds[0]!, occurrence: '1' },
    ...{ state: 'open', cause: way.cause, figures: {}, proposedAt: later, expiresAt: later, createdAt: later },
  })
  await db.insert(schema.proposalMembers).values({ ...own, proposalId, group: 'stalled' })
  await fillChallenge(way.campaignId, siteId)
  const [first, second] = [otherId, thirdId].sort() as [string, string]
  await db.insert(schema.duplicates).values({
    ...{ networkId, contactId: first, otherId: second, reason: 'same_mobile', status: 'open', foundAt: later },
  })
}

const mentions = async (table: Table, id: string): Promise<number> =>
  (await w.context.db.select().from(table as never)).filter((row) => JSON.stringify(row).includes(id)).length

test('nothing of the contact that goes is left behind, in whatever table it stands', async () => {
  await fillEveryTable()
  for (const table of pointing) expect(await mentions(table, otherId), getTableName(table)).toBeGreaterThan(0)
  const mine = new Map<string, number>()
  for (const table of pointing) mine.set(getTableName(table), await mentions(table, keepId))
  await merge()
  for (const table of tables) {
    // What remembers on purpose: who it was, and that it was done.
    if (['identity_aliases', 'audit_entries'].includes(getTableName(table))) continue
    expect(await mentions(table, otherId), getTableName(table)).toBe(0)
  }
  for (const table of pointing) {
    const name = getTableName(table)
    if (name === 'contacts') continue
    expect(await mentions(table, keepId), name).toBeGreaterThan(
      ['engagements', 'segment_checks'].includes(name) ? 0 : mine.get(name)!,
    )
  }
  const [engagement] = await w.context.db
    .select()
    .from(schema.engagements)
    .where(and(eq(schema.engagements.contactId, keepId), eq(schema.engagements.channel, 'sms')))
  expect(engagement).toMatchObject({ exposures: 1, actions: 1 })
  expect(await presentContact(w.context.db, w.network.id, otherId)).toBe(keepId)
})

describe('consents', () => {
  const state = async () => ({
    sms: (await lastConsents(w.context.db, w.network.id, [keepId])).get(keepId)?.sms?.state,
    opens: (await trackingOf(w.context.db, w.network.id, [keepId])).get(keepId)?.opens,
  })

  test('a refusal by either stands, and both histories are kept', async () => {
    const entries = await w.context.db.select().from(schema.consents)
    expect(await state()).toEqual({ sms: 'granted', opens: 'granted' })
    await merge()
    expect(await state()).toEqual({ sms: 'denied', opens: 'refused' })
    const after = await w.context.db.select().from(schema.consents)
    for (const { contactId: _, ...entry } of entries) expect(after).toContainEqual(expect.objectContaining(entry))
  })

  test('also when the refusal is the older of the two', async () => {
    await w.context.db
      .update(schema.consents)
      .set({ occurredAt: new Date('2020-01-01T00:00:00Z') })
      .where(eq(schema.consents.contactId, otherId))
    await merge()
    expect((await state()).sms).toBe('denied')
    const [added] = await w.context.db.select().from(schema.consents).where(eq(schema.consents.source, 'merge'))
    expect(added).toMatchObject({ contactId: keepId, value: 'no', actor: 'someone', occurredAt: later })
  })

  test('a STOP on one number closes the other too; a dead number closes nothing else', async () => {
    const { db } = w.context
    const hashes = ['+33639980101', '+33639980102'].map((number) => addressHash('mobile', number))
    const said = { networkId: w.network.id, reason: 'stop', source: 'twilio', occurredAt: w.clock.now() }
    await suppress(db, { ...said, scope: 'channel_sender', addressHash: hashes[1]!, channel: 'sms', senderId: 'x' })
    await suppress(db, { ...said, scope: 'address', addressHash: hashes[1]!, reason: 'hard_bounce' })
    await merge()
    const closed = await suppressionsOf(db, w.network.id, hashes)
    expect(closed.get(hashes[0]!)).toMatchObject([{ scope: 'channel_sender', channel: 'sms', source: 'merge' }])
    expect(closed.get(hashes[1]!)).toHaveLength(2)
  })
})

describe('deliveries', () => {
  test('what still waits is called off where the person has the message already, whoever it was for', async () => {
    const [had, doubled] = [await delivery(keepId), await delivery(otherId, { status: 'held' })]
    const waiting = await delivery(keepId, { messageId: messageIds[1], status: 'queued' })
    const gone = await delivery(otherId, { messageId: messageIds[1], status: 'delivered', channel: 'email' })
    await merge()
    expect([(await stored(had)).status, (await stored(doubled)).status]).toEqual(['sent', 'canceled'])
    expect([(await stored(waiting)).status, (await stored(gone)).status]).toEqual(['canceled', 'delivered'])
    expect((await stored(doubled)).reason).toBe('merged')
  })

  test('two that left both stay, and are the one person’s', async () => {
    const both = [await delivery(keepId), await delivery(otherId)]
    await merge()
    for (const id of both) expect(await stored(id)).toMatchObject({ status: 'sent', recipientKey: `contact:${keepId}` })
  })

  test('a letter that covered both covers one, and was one chance to act', async () => {
    const { db } = w.context
    const letter = await delivery(keepId, { recipientKey: 'site:s', channel: 'print' })
    for (const contactId of [keepId, otherId]) {
      await db.insert(schema.deliveryMembers).values({ networkId: w.network.id, deliveryId: letter, contactId })
      await db.insert(schema.exposures).values({
        ...{ networkId: w.network.id, id: newId(), deliveryId: letter, contactId, channel: 'print', profile: 'office' },
        ...{ sentAt: w.clock.now(), matureAt: later, isMeasurable: true, classifierVersion: '1' },
        ...{ outcome: contactId === otherId ? 'acted' : 'missed', outcomeAt: w.clock.now() },
      })
    }
    await merge()
    expect(await db.$count(schema.deliveryMembers, eq(schema.deliveryMembers.deliveryId, letter))).toBe(1)
    expect(await db.select().from(schema.exposures).where(eq(schema.exposures.deliveryId, letter))).toMatchObject([
      { contactId: keepId, outcome: 'acted' },
    ])
  })
})

describe('the person that comes out', () => {
  test('has what was chosen, every address, and the names lists are sorted by', async () => {
    const choices = { ...choicesOf(proposeMerge(...(await sides()))), lastName: 'other', mobile: 'other' } as const
    await w.context.db.transaction((tx) => mergeContacts(tx, merging(), choices))
    expect(await contact(keepId)).toMatchObject({
      ...{ firstName: 'Jeanne', lastName: 'Dupond', nameKey: 'dupond jeanne', givenKey: 'jeanne dupond' },
      ...{ function: 'Acheteuse', profile: 'office', isProfileDerived: false },
    })
    const links = await w.context.db
      .select({ value: schema.addresses.normalised, rank: schema.contactAddresses.rank })
      .from(schema.contactAddresses)
      .innerJoin(schema.addresses, eq(schema.addresses.id, schema.contactAddresses.addressId))
      .where(eq(schema.contactAddresses.contactId, keepId))
    expect(links.sort((a, b) => (a.value! < b.value! ? -1 : 1))).toEqual([
      { value: '+33639980101', rank: 1 },
      { value: '+33639980102', rank: 0 },
      { value: 'jeanne@example.com', rank: 0 },
    ])
    expect(await contact(otherId)).toBeUndefined()
  })

  test('what is proposed never empties a field, and says why', async () => {
    const [one, other] = await sides()
    const proposals = proposeMerge(one, other)
    expect(proposals.function).toEqual({ take: 'other', reason: 'only' })
    expect(proposals.profile).toEqual({ take: 'other', reason: 'same' })
    const asOwner = { ...one, row: { ...one.row, profile: 'owner' as const } }
    expect(proposeMerge(asOwner, other).profile).toEqual({ take: 'other', reason: 'stated' })
    expect(proposals.email).toEqual({ take: 'keep', reason: 'only' })
    expect(proposals.mobile).toEqual({ take: 'keep', reason: 'kept' })
    expect(proposals.firstName).toEqual({ take: 'keep', reason: 'same' })
    expect(Object.keys(proposals).sort()).toEqual([...mergeFields].sort())
    const dead = { ...one, addresses: one.addresses.map((address) => ({ ...address, status: 'dead' as const })) }
    expect(proposeMerge(dead, other).mobile).toEqual({ take: 'other', reason: 'reachable' })
    expect(proposeKeep({ ...one, deliveries: 1 }, { ...other, deliveries: 2 })).toEqual({
      ...{ keepId: otherId, reason: 'more_deliveries' },
    })
    expect(proposeKeep(one, { ...other, row: { ...other.row, lastActivityOn: '2027-01-01' } })).toMatchObject({
      reason: 'later_activity',
    })
  })

  test('is found again by the next import of the same file, which brings nobody back', async () => {
    await merge()
    const path = join(w.store.folder, 'again.csv')
    writeFileSync(path, file)
    const again = () => importFile(w.context, { file: path, networkId: w.network.id, basis: 'consent' })
    const before = await contact(keepId)
    const first = await again()
    expect(first).toMatchObject({ created: 0, updated: 0, unchanged: 3, rejected: 0 })
    expect(Object.keys(first.warningsByCode)).toContain('merged_before')
    expect(await w.context.db.$count(schema.contacts)).toBe(2)
    expect(await contact(keepId)).toEqual(before)
  })

  test('by the row of either alone, also where absent contacts are switched off', async () => {
    await merge()
    const path = join(w.store.folder, 'half.csv')
    const lines = file.split('\n')
    writeFileSync(path, [lines[0], lines[2], lines[3]].join('\n'))
    const summary = await importFile(w.context, { file: path, networkId: w.network.id, absent: 'deactivate' })
    expect(summary).toMatchObject({ created: 0, deactivated: 0 })
    expect((await contact(keepId))?.isActive).toBe(true)
  })

  test('can be merged on: who was known by three names is found by each', async () => {
    await merge()
    const [kept, gone] = [thirdId, keepId]
    const found = await sidesOf(w.context.db, w.network.id, [kept, gone])
    const choices = choicesOf(proposeMerge(found.get(kept)!, found.get(gone)!))
    await w.context.db.transaction((tx) => mergeContacts(tx, { ...merging(), keepId: kept, otherId: gone }, choices))
    const path = join(w.store.folder, 'again.csv')
    writeFileSync(path, file)
    const summary = await importFile(w.context, { file: path, networkId: w.network.id, basis: 'consent' })
    expect(summary.created).toBe(0)
    expect(await w.context.db.$count(schema.contacts)).toBe(1)
    expect(await presentContact(w.context.db, w.network.id, otherId)).toBe(thirdId)
  })
})

test('a contact that is gone, was erased, or is the same one is refused, with nothing changed', async () => {
  const choices = choicesOf(proposeMerge(...(await sides())))
  const asked = (given: Partial<ReturnType<typeof merging>>) =>
    w.context.db.transaction((tx) => mergeContacts(tx, { ...merging(), ...given }, choices))
  await expect(asked({ otherId: keepId })).rejects.toThrow(MergeRefused)
  await expect(asked({ otherId: newId() })).rejects.toThrow(MergeRefused)
  await w.context.db.update(schema.contacts).set({ erasedAt: later }).where(eq(schema.contacts.id, otherId))
  await expect(asked({})).rejects.toThrow(MergeRefused)
  expect(await w.context.db.$count(schema.contacts)).toBe(3)
})

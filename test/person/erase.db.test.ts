import { and, eq, getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rowToJson } from '../../src/backup/row-text.ts'
import { tablesInOrder } from '../../src/backup/tables.ts'
import { newId } from '../../src/db/index.ts'
import {
  addresses,
  auditEntries,
  broadcasts,
  challengeParticipants,
  challengeStandings,
  contactAddresses,
  contacts,
  conversationMessages,
  conversations,
  decisions,
  deliveries,
  deliveryMembers,
  engagementCheckpoints,
  events,
  idempotencyKeys,
  inboundEvents,
  jobs,
  links,
  notifications,
  pastResults,
  posts,
  pressures,
  suppressions,
  timers,
} from '../../src/db/schema.ts'
import { releaseJobs, runJobs, runOneJob } from '../../src/job/run.ts'
import { importFile } from '../../src/network/import/import-file.ts'
import { addressHash, erasedReason } from '../../src/network/suppression.ts'
import { askErasure, certificateOf, erasureJobId, UnknownPerson } from '../../src/person/erase.ts'
import { exportPerson } from '../../src/person/export.ts'
import { impersonal, personTableNames, personTables } from '../../src/person/tables.ts'
import { rowInEveryTable } from '../network/row-in-every-table.ts'
import { castFile, type World, world } from '../world.ts'

let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(() => w.close())

const mark = 'Zoé-Marquée'
const markedMailbox = 'zoe.marquee@example.com'

/** Columns that hold no words: ids, keys and codes, and what an erasure leaves on purpose. */
const notWords =
  /^(id|networkId|.*Id|.*Ids|.*Key|.*Hash|hash|status|kind|type|channel|scope|source|reason|topic|occurrence|subject|country|language|profile|because|fallbacks|fileName|caller|key|headersHash|code|number|provider|verdict|seed|currency|worker|actor|basis|action|purpose|value|choice|evidenceRef|wordingVersion|region|timezone|name|claimedBy|rendererVersion|classifierVersion|dedupeKey|providerRef|outcome|class|priority|decidedBy|doneBy|assignedTo|address|href|fallbackOf|error|criterion|role|team|doneOn|day|month|measure|registeredBy|withdrawnBy|recordedBy|madeBy|overrideBy|payer|awardedBy|answeredBy|saidBy)$/

/** A row about one person in every table that can hold one, with her name wherever words can stand. */
async function marked(): Promise<string> {
  const { db } = w.context
  await rowInEveryTable(db, w.network)
  const [person] = await db
    .select()
    .from(contacts)
    .where(eq(contacts.identityKey, `of-${w.network.name}-identity_key`))
  const contactId = person!.id
  const here = { networkId: w.network.id }
  const recipientKey = `contact:${contactId}`
  for (const table of [deliveries, posts, broadcasts])
    await db.update(table).set({ recipientKey }).where(eq(table.networkId, here.networkId))
  await db
    .update(addresses)
    .set({ normalised: markedMailbox, hash: addressHash('email', markedMailbox), kind: 'email' })
    .where(eq(addresses.hash, `of-${w.network.name}-hash`))
  const [delivery] = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .innerJoin(
      deliveryMembers,
      and(eq(deliveryMembers.networkId, deliveries.networkId), eq(deliveryMembers.deliveryId, deliveries.id)),
    )
    .where(eq(deliveryMembers.contactId, contactId))
  const [raw] = await db.select().from(inboundEvents).where(eq(inboundEvents.networkId, here.networkId))
  await db
    .update(events)
    .set({ contactId, deliveryId: delivery!.id, inboundEventId: raw!.id })
    .where(eq(events.networkId, here.networkId))
  await db
    .update(conversations)
    .set({ contactId, address: markedMailbox, excerpt: mark })
    .where(eq(conversations.networkId, here.networkId))
  await db
    .update(inboundEvents)
    .set({ body: { from: markedMailbox } })
    .where(eq(inboundEvents.networkId, here.networkId))
  await db.update(pressures).set({ subjectKey: recipientKey }).where(eq(pressures.networkId, here.networkId))
  await db.update(pastResults).set({ subjectKey: recipientKey }).where(eq(pastResults.networkId, here.networkId))
  const [playing] = await db
    .select({ id: challengeParticipants.id })
    .from(challengeParticipants)
    .where(and(eq(challengeParticipants.networkId, here.networkId), eq(challengeParticipants.contactId, contactId)))
  await db
    .update(challengeStandings)
    .set({ subjectKey: playing!.id })
    .where(eq(challengeStandings.networkId, here.networkId))
  await db.update(timers).set({ subject: delivery!.id }).where(eq(timers.networkId, here.networkId))
  await db.update(links).set({ deliveryId: delivery!.id }).where(eq(links.networkId, here.networkId))
  await db
    .update(notifications)
    .set({ href: `/console/contacts/${contactId}` })
    .where(eq(notifications.networkId, here.networkId))
  await db
    .update(idempotencyKeys)
    .set({ body: JSON.stringify({ id: contactId, name: mark }) })
    .where(eq(idempotencyKeys.networkId, here.networkId))
  await db.insert(inboundEvents).values({
    ...{ id: newId(), source: 'sms', dedupeKey: 'later', networkId: null, body: { To: markedMailbox } },
    ...{ receivedAt: w.clock.now(), appliedAt: w.clock.now() },
  })
  await db.update(engagementCheckpoints).set({ contactId }).where(eq(engagementCheckpoints.networkId, here.networkId))
  await db.update(decisions).set({ because: [] }).where(eq(decisions.networkId, here.networkId))
  for (const name of personTableNames) {
    const { table, columns } = tablesInOrder().find((candidate) => candidate.name === name)!
    const words = Object.entries(columns).filter(
      ([key, column]) =>
        !notWords.test(key) && !column.enumValues?.length && ['string', 'json', 'custom'].includes(column.dataType),
    )
    if (words.length === 0) continue
    const set = Object.fromEntries(
      words.map(([key, column]) => [
        key,
        column.dataType === 'json'
          ? { said: mark }
          : column.dataType === 'custom' && ['bytea', 'blob'].includes(column.getSQLType())
            ? new TextEncoder().encode(mark)
            : mark,
      ]),
    )
    const { about } = personTables[name]
    const subject = { networkId: here.networkId, contactId, ownValues: [markedMailbox] }
    if (!['addresses', 'suppressions', 'contact_addresses', 'idempotency_keys', 'inbound_events'].includes(name))
      await db
        .update(table as PgTable)
        .set(set as never)
        .where(about(subject))
  }
  return contactId
}

/** Every table as JSON lines of one text. */
async function everything(): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  for (const { name, table, columns } of tablesInOrder()) {
    const rows = await w.context.db.select().from(table as PgTable)
    all[name] = rows
      .map((row) => {
        const text = rowToJson(columns, row)
        for (const [key, value] of Object.entries(row))
          if (value instanceof Uint8Array) text[key] = Buffer.from(value).toString('utf8')
        return JSON.stringify(text)
      })
      .join('\n')
  }
  return all
}

const tablesWith = async (...words: string[]) =>
  Object.entries(await everything()).flatMap(([name, text]) =>
    words.some((word) => text.includes(word)) ? [name] : [],
  )

test('every table of the schema either says how a person is exported and erased in it, or why it holds nobody', () => {
  const dealtWith = new Set<string>([...personTableNames, ...Object.keys(impersonal)])
  expect(tablesInOrder().flatMap(({ name }) => (dealtWith.has(name) ? [] : [name]))).toEqual([])
  expect(personTableNames.filter((name) => name in impersonal)).toEqual([])
})

test('a column that points to a contact stands in a table that is dealt with person by person', () => {
  const pointing = tablesInOrder().flatMap(({ name, table }) =>
    'contactId' in getTableColumns(table) || 'recipientKey' in getTableColumns(table) ? [name] : [],
  )
  expect(pointing.filter((name) => name in impersonal)).toEqual([])
})

test('after an erasure the person’s name and mailbox stand in no table at all', async () => {
  const contactId = await marked()
  const before = await tablesWith(mark, markedMailbox)
  for (const name of [
    'contacts',
    'addresses',
    'conversations',
    'conversation_messages',
    'deliveries',
    'rendered_contents',
    'events',
    'inbound_events',
    'pieces',
    'posts',
    'idempotency_keys',
    'attempts',
    'links',
    'decisions',
    'timers',
  ])
    expect(before).toContain(name)
  await askErasure(w.context, w.network, contactId, 'cli')
  await runJobs(w.context)
  const [job] = await w.context.db
    .select()
    .from(jobs)
    .where(eq(jobs.id, erasureJobId(contactId)))
  expect(job).toMatchObject({ status: 'done', error: null })
  expect(
    Object.values(await everything()).flatMap((text) =>
      text.split('\n').filter((line) => line.includes(mark) || line.includes(markedMailbox)),
    ),
  ).toEqual([])
})

test('an export holds the rows of every table that says something of the person', async () => {
  const contactId = await marked()
  const held = await exportPerson(w.context.db, w.network, contactId)
  const empty = personTableNames.filter((name) => held.tables[name].length === 0)
  // She is nobody's double under another identity here, and nothing of hers is closed.
  expect(empty).toEqual(['suppressions'])
  expect(JSON.stringify(held)).toContain(markedMailbox)
})

test('sends and their figures stay without a name, and the certificate counts both', async () => {
  const contactId = await marked()
  const count = () => w.context.db.$count(deliveries, eq(deliveries.networkId, w.network.id))
  const before = await count()
  await askErasure(w.context, w.network, contactId, 'cli')
  await runJobs(w.context)
  expect(await count()).toBe(before)
  const certificate = await certificateOf(w.context.db, w.network.id, contactId)
  expect(certificate).toMatchObject({
    status: 'done',
    erased: { contacts: 1, rendered_contents: 1, conversation_messages: 1, addresses: 1, inbound_events: 2 },
    kept: { delivery_members: 1, consents: 1, exposures: 1 },
  })
  const [said] = await w.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'contact.erase'))
  expect(said).toMatchObject({ subject: contactId, actor: 'cli', data: {} })
})

test('killed between any two pages, an erasure goes on where it was', async () => {
  const contactId = await marked()
  const { jobId } = await askErasure(w.context, w.network, contactId, 'cli')
  for (let kills = 0; kills < 60; kills++) {
    let parts = 0
    await runOneJob(w.context, { networkId: w.network.id, id: jobId }, () => parts++ > 0)
    await releaseJobs(w.context)
  }
  await runJobs(w.context)
  expect(
    Object.values(await everything()).flatMap((text) =>
      text.split('\n').filter((line) => line.includes(mark) || line.includes(markedMailbox)),
    ),
  ).toEqual([])
  const certificate = await certificateOf(w.context.db, w.network.id, contactId)
  expect(certificate).toMatchObject({ status: 'done', erased: { contacts: 1, deliveries: 1, inbound_events: 2 } })
})

test('an address shared with a colleague stays with the colleague', async () => {
  const lucas = await w.contactId('P5')
  const karim = await w.contactId('P3')
  const [own] = await w.context.db.select().from(contactAddresses).where(eq(contactAddresses.contactId, lucas))
  await w.context.db.insert(contactAddresses).values({ ...own!, contactId: karim, rank: 1 })
  await askErasure(w.context, w.network, lucas, 'cli')
  await runJobs(w.context)
  const [address] = await w.context.db.select().from(addresses).where(eq(addresses.id, own!.addressId))
  expect(address!.normalised).toBe('contact@comptoir.example.com')
  expect(await w.context.db.$count(suppressions, eq(suppressions.addressHash, address!.hash))).toBe(0)
})

test('the same file imported again does not bring an erased person back', async () => {
  const odile = await w.contactId('P2')
  await askErasure(w.context, w.network, odile, 'cli')
  // At once, before the job has run: nobody is written to any more.
  const [now] = await w.context.db.select().from(contacts).where(eq(contacts.id, odile))
  expect(now).toMatchObject({ isActive: false })
  await runJobs(w.context)
  const path = `${w.store.folder}/again.csv`
  const { writeFileSync } = await import('node:fs')
  writeFileSync(path, castFile.replace('P2;Odile;Martin', ';Odile-Anne;Martin'))
  await importFile(w.context, { file: path, networkId: w.network.id, basis: 'consent' })
  writeFileSync(path, castFile)
  await importFile(w.context, { file: path, networkId: w.network.id, basis: 'consent' })
  expect(await tablesWith('odile.martin@')).toEqual([])
  const closed = await w.context.db.select().from(suppressions).where(eq(suppressions.reason, erasedReason))
  expect(closed.map((row) => row.addressHash).sort()).toEqual(
    [addressHash('email', 'odile.martin@batipro.example.com'), addressHash('mobile', '+33639980002')].sort(),
  )
})

test('a person who is not in the network cannot be erased', async () => {
  await expect(askErasure(w.context, w.network, 'nobody', 'cli')).rejects.toThrow(UnknownPerson)
})

test('nothing of somebody else’s is touched', async () => {
  const helene = await w.contactId('P4')
  const before = await exportPerson(w.context.db, w.network, helene)
  await askErasure(w.context, w.network, await w.contactId('P2'), 'cli')
  await runJobs(w.context)
  expect(await exportPerson(w.context.db, w.network, helene)).toEqual(before)
  expect(await w.context.db.$count(conversationMessages)).toBe(0)
})

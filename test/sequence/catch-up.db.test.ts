import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { moveAnchor } from '../../src/campaign/move-anchor.ts'
import { planCampaign } from '../../src/campaign/plan.ts'
import { businessNow } from '../../src/clock.ts'
import { arrivals, campaigns, contacts, decisions, messages } from '../../src/db/schema.ts'
import { importFile } from '../../src/network/import/import-file.ts'
import { checkSoon } from '../../src/segment/check.ts'
import { saveSegments } from '../../src/segment/save.ts'
import { advance } from '../../src/time-machine.ts'
import { castFile, type World, world } from '../world.ts'

/** Nobody does anything by themselves. */
const still = { seed: 'still', leanings: () => new Proxy({}, { get: () => false }) }

let w: World
beforeAll(async () => {
  w = await world({ at: new Date('2027-01-11T06:00:00Z'), simulation: still })
  const rule = { attribute: { name: 'club', is: 'oui' } }
  await w.context.db.transaction((tx) =>
    saveSegments(tx, w.network.id, { club: { title: { fr: 'Club' }, rule } }, w.clock.now()),
  )
  await inClub('P1', true)
  for (const rule of ['catch-up', 'next', 'none']) await launch(rule)
})
afterAll(() => w.close())

const now = () => businessNow(w.clock.now(), w.network)
const to = (at: string) => advance(w.context, w.network, { to: new Date(at) })
const inClub = async (who: string, isIn: boolean) => {
  const id = await w.contactId(who)
  await w.context.db
    .update(contacts)
    .set({ attributes: isIn ? { club: 'oui' } : {} })
    .where(eq(contacts.id, id))
  await w.context.db.transaction((tx) => checkSoon(tx, w.network.id, [id]))
}
const textOf = (name: string, lateJoiners: string) => `name: ${name}
title: { fr: Suite, en: Sequence }
class: transactional
audience: { segment: club }
lateJoiners: ${lateJoiners}
anchor: { launch: 2027-01-11T09:00, end: 2027-01-22T09:00 }
link: https://www.example.com
steps:
  - { name: un, at: launch, intent: reference, channels: [intranet], template: challenge/teaser }
  - { name: deux, at: launch + 1 day, intent: reference, channels: [intranet], template: challenge/launch, expires: P2D }
  - { name: trois, at: "launch + 2 days, 10:00", intent: reference, channels: [intranet], template: challenge/relance }
  - { name: serie, at: launch, every: week, count: 2, intent: reference, channels: [intranet], template: challenge/relance }
  - { name: fin, at: end, intent: reference, channels: [intranet], template: challenge/winners }`
const launch = async (rule: string) => {
  const source = { file: `${rule}.yaml`, text: textOf(`suite-${rule}`, rule) }
  return (await launchCampaign(w.context, w.network, source, 'test', now())).campaignId
}
/** What somebody was decided for, in the order of it, with the day. */
const got = async (name: string, who: string) => {
  const rows = await w.context.db
    .select({ step: messages.step, at: decisions.createdAt })
    .from(decisions)
    .innerJoin(messages, eq(messages.id, decisions.messageId))
    .innerJoin(campaigns, eq(campaigns.id, messages.campaignId))
    .where(and(eq(campaigns.name, name), eq(decisions.contactId, await w.contactId(who))))
    .orderBy(asc(decisions.createdAt), asc(messages.position))
  return rows.map(({ step, at }) => `${step} ${at.toISOString().slice(0, 16)}`)
}

test('Who joins late gets what was missed and is still worth sending, one a working day, then what comes', async () => {
  await to('2027-01-14T12:00:00Z')
  await inClub('P2', true)
  await to('2027-01-15T12:00:00Z')
  // Looked at again, out and in again: nothing twice.
  await inClub('P2', false)
  await to('2027-01-15T13:00:00Z')
  await inClub('P2', true)
  await to('2027-01-24T12:00:00Z')
  const ahead = ['serie 2027-01-18T08:00', 'fin 2027-01-22T08:00']
  expect(await got('suite-catch-up', 'P2')).toEqual([
    'un 2027-01-15T08:00',
    'serie 2027-01-18T08:00',
    'trois 2027-01-18T09:00',
    'fin 2027-01-22T08:00',
  ])
  expect(await got('suite-next', 'P2')).toEqual(ahead)
  expect(await got('suite-none', 'P2')).toEqual([])
  const present = ['un', 'serie', 'deux', 'trois', 'serie', 'fin']
  for (const rule of ['catch-up', 'next', 'none'])
    expect((await got(`suite-${rule}`, 'P1')).map((line) => line.split(' ')[0])).toEqual(present)
  const all = await w.context.db.select({ name: campaigns.name, status: campaigns.status }).from(campaigns)
  expect(all.every(({ status }) => status === 'finished')).toBe(true)
})

test('Newcomers of a file catch up too; who leaves the audience does not, and a step that was overtaken is left out', async () => {
  await launchCampaign(
    w.context,
    w.network,
    {
      file: 'tous.yaml',
      text: textOf('tous', 'catch-up')
        .replace('{ segment: club }', '{ segment: tous }')
        .replaceAll('2027-01-', '2027-02-')
        .replace('02-11T', '02-01T'),
    },
    'test',
    now(),
  )
  await to('2027-02-04T12:00:00Z')
  const file = join(w.store.folder, 'newcomers.csv')
  const [header, , row] = castFile.split('\r\n') as [string, string, string]
  writeFileSync(
    file,
    [
      header,
      row
        .replaceAll('P2', 'P9')
        .replaceAll('Odile', 'Nadia')
        .replaceAll('odile', 'nadia')
        .replace('06 39 98 00 02', '06 39 98 00 09'),
    ].join('\r\n'),
  )
  await importFile(w.context, { file, networkId: w.network.id, basis: 'consent' })
  await to('2027-02-05T07:00:00Z')
  const waiting = await w.context.db
    .select({ step: messages.step, dueAt: arrivals.dueAt })
    .from(arrivals)
    .innerJoin(messages, eq(messages.id, arrivals.messageId))
    .where(and(eq(arrivals.contactId, await w.contactId('P9')), eq(arrivals.state, 'waiting')))
    .orderBy(asc(arrivals.dueAt))
  expect(waiting).toEqual([
    { step: 'un', dueAt: new Date('2027-02-05T08:00:00Z') },
    { step: 'trois', dueAt: new Date('2027-02-08T09:00:00Z') },
  ])
  // The end comes before what was still to be made up.
  const [campaign] = await w.context.db.select().from(campaigns).where(eq(campaigns.name, 'tous'))
  await moveAnchor(
    w.context,
    w.network,
    { campaignId: campaign!.id, anchors: { end: '2027-02-05T11:00' }, actor: 'test' },
    now(),
  )
  await to('2027-02-20T07:00:00Z')
  expect(await got('tous', 'P9')).toEqual(['un 2027-02-05T08:00', 'fin 2027-02-05T10:00', 'serie 2027-02-08T08:00'])
  const [left] = await w.context.db
    .select({ reason: arrivals.reason })
    .from(arrivals)
    .innerJoin(messages, eq(messages.id, arrivals.messageId))
    .where(and(eq(arrivals.contactId, await w.contactId('P9')), eq(messages.step, 'trois')))
  expect(left).toEqual({ reason: 'overtaken' })
})

test('A plan says what becomes of late joiners; a campaign people enter one by one has none', async () => {
  const { parseCampaign } = await import('../../src/campaign/parse.ts')
  const surroundings = {
    file: 'suite.yaml',
    segments: new Set(['club']),
    templates: w.context.templates,
    network: { timezone: 'Europe/Paris' },
  }
  const text = textOf('prevue', 'catch-up').replaceAll('2027-01', '2027-05')
  const made = await planCampaign(w.context, w.network, parseCampaign(text, surroundings), now())
  expect(made.lateJoiners).toBe('catch-up')
  expect(() => parseCampaign(`${text}\nentry: { event: achat }`, surroundings)).toThrow('Nobody is late')
})

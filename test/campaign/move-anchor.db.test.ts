import { and, asc, count, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agendaOf } from '../../src/campaign/agenda.ts'
import { cancelCampaign } from '../../src/campaign/control.ts'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { moveAnchor } from '../../src/campaign/move-anchor.ts'
import { overCaps } from '../../src/campaign/over-cap.ts'
import { reflow } from '../../src/campaign/reflow.ts'
import { datesOfChallenge } from '../../src/challenge/move-dates.ts'
import { businessNow } from '../../src/clock.ts'
import {
  auditEntries,
  campaigns,
  campaignVersions,
  messages,
  segmentMembers,
  segments,
  timers,
} from '../../src/db/schema.ts'
import { advance } from '../../src/time-machine.ts'
import { fire } from '../../src/timer/timers.ts'
import { type World, world } from '../world.ts'

let w: World
beforeAll(async () => {
  w = await world({ at: new Date('2027-01-04T08:00:00Z') })
})
afterAll(() => w.close())

const now = () => businessNow(w.clock.now(), w.network)
const launch = async (name: string) => {
  const text = `# Les dates se déplacent ensemble
name: ${name}
title: { fr: Défi, en: Challenge }
class: transactional
audience: { segment: tous }
anchor: { launch: 2027-02-01T08:30, end: 2027-03-26T18:00 }
link: https://www.example.com
steps:
  - { name: annonce, at: "launch - 18 working days, 09:00", intent: reference, channels: [intranet], template: challenge/teaser }
  - { name: jour-j, at: launch, intent: reference, channels: [intranet], template: challenge/launch }
  - { name: relance, at: "launch + 5 working days, 09:00", intent: reference, channels: [intranet], template: challenge/relance, expires: P5D }
  - { name: classement, at: "launch, 08:00", every: week, on: tuesday, until: end, intent: reference, channels: [intranet], template: challenge/launch }
  - { name: fin, at: end, intent: reference, channels: [intranet], template: challenge/winners }`
  return (await launchCampaign(w.context, w.network, { file: `${name}.yaml`, text }, 'test', now())).campaignId
}
const coming = async (campaignId: string) =>
  Object.fromEntries(
    (
      await w.context.db
        .select({ step: messages.step, occurrence: messages.occurrence, dueAt: messages.dueAt, timer: timers.dueAt })
        .from(messages)
        .innerJoin(timers, and(eq(timers.subject, messages.id), eq(timers.kind, 'step')))
        .where(eq(messages.campaignId, campaignId))
        .orderBy(asc(messages.dueAt))
    ).map((row) => {
      expect(row.timer).toEqual(row.dueAt)
      return [row.step, `${row.dueAt.toISOString().slice(0, 16)}${row.occurrence === '1' ? '' : ` ${row.occurrence}`}`]
    }),
  )

test('Everything that waits moves with its anchor, in the next version; what has begun stays', async () => {
  const campaignId = await launch('deplace')
  await advance(w.context, w.network, { to: new Date('2027-01-10T12:00:00Z') })
  const made = await moveAnchor(
    w.context,
    w.network,
    { campaignId, anchors: { launch: '2027-02-15T08:30' }, seen: 1, actor: 'operator' },
    now(),
  )
  expect(made.steps.map(({ step, fate }) => `${step} ${fate}`)).toEqual([
    'annonce past',
    'jour-j moves',
    'classement moves',
    'relance moves',
    'fin stays',
  ])
  expect(await coming(campaignId)).toEqual({
    annonce: '2027-01-06T08:00',
    'jour-j': '2027-02-15T07:30',
    classement: '2027-02-16T07:00 2027-02-16',
    relance: '2027-02-22T08:00',
    fin: '2027-03-26T17:00',
  })
  const versions = await w.context.db.select().from(campaignVersions).where(eq(campaignVersions.campaignId, campaignId))
  expect(versions).toHaveLength(2)
  expect(versions.find(({ version }) => version === 2)?.source).toContain('# Les dates se déplacent ensemble')
  expect(versions.find(({ version }) => version === 2)?.source).toContain('2027-02-15T08:30')
  const entries = await w.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'campaign.move'))
  expect(entries[0]?.data).toMatchObject({ anchors: ['launch: 2027-02-01T08:30 → 2027-02-15T08:30'], moved: 3 })
  await expect(
    moveAnchor(w.context, w.network, { campaignId, anchors: { end: '2027-04-02T18:00' }, seen: 1, actor: 'a' }, now()),
  ).rejects.toMatchObject({ name: 'MoveRefused', message: expect.stringContaining('changed meanwhile') })
  await cancelCampaign(w.context, w.network, { campaignId, actor: 'operator' }, now())
})

test('A step stays behind the one it came after, and one whose date is long past is left out', async () => {
  const campaignId = await launch('croise')
  const later = await reflow(w.context.db, w.network, campaignId, { launch: '2027-03-24T08:30' }, now())
  expect(later.steps.find(({ step }) => step === 'fin')).toMatchObject({
    fate: 'held',
    after: 'relance',
    // Five working days over Easter Monday.
    to: new Date('2027-04-01T07:00:00Z'),
  })
  const sooner = await reflow(
    w.context.db,
    w.network,
    campaignId,
    { launch: '2026-12-22T08:30' },
    new Date('2027-01-10T12:00:00Z'),
  )
  expect(sooner.steps.find(({ step }) => step === 'jour-j')?.fate).toBe('now')
  expect(sooner.steps.find(({ step }) => step === 'relance')?.fate).toBe('skipped')
  await cancelCampaign(w.context, w.network, { campaignId, actor: 'operator' }, now())
})

test('A step that a worker begins at this moment either begins or moves, never both', async () => {
  const campaignId = await launch('course')
  const [wait] = await w.context.db
    .select({ timer: timers })
    .from(timers)
    .innerJoin(messages, eq(messages.id, timers.subject))
    .where(and(eq(messages.campaignId, campaignId), eq(messages.step, 'jour-j')))
  const { id, dueAt } = wait!.timer
  const anchors = { launch: '2027-02-15T08:30' }
  await moveAnchor(w.context, w.network, { campaignId, anchors, actor: 'operator' }, now())
  // The worker had read the timer before it was put off.
  expect((await fire(w.context.db, w.network.id, [id], dueAt)).size).toBe(0)
  const at = new Date('2027-02-15T07:30:00Z')
  expect((await fire(w.context.db, w.network.id, [id], at)).size).toBe(1)
  const made = await moveAnchor(
    w.context,
    w.network,
    { campaignId, anchors: { launch: '2027-03-01T08:30' }, actor: 'operator' },
    at,
  )
  expect(made.steps.find(({ step }) => step === 'jour-j')?.fate).toBe('past')
  expect((await coming(campaignId))['jour-j']).toBe('2027-02-15T07:30')
  await w.context.db.update(campaigns).set({ status: 'finished' }).where(eq(campaigns.id, campaignId))
  await expect(
    moveAnchor(w.context, w.network, { campaignId, anchors, actor: 'operator' }, now()),
  ).rejects.toMatchObject({ name: 'MoveRefused' })
})

test('Campaigns that together ask too much of people are seen before, with how many people at most', async () => {
  const text = (name: string, segment: string, days: readonly number[]) => `name: ${name}
title: { fr: ${name} }
class: relational
audience: { segment: ${segment} }
anchor: { launch: 2027-06-01T09:00 }
link: https://www.example.com
steps:${days.map((day) => `\n  - { name: e${day}, at: launch + ${day} days, intent: reference, channels: [intranet], template: challenge/launch }`).join('')}`
  const { db } = w.context
  const source = (name: string, days: readonly number[]) => ({ file: `${name}.yaml`, text: text(name, 'tous', days) })
  const a = await launchCampaign(w.context, w.network, source('pression-a', [1, 3]), 'test', now())
  const b = await launchCampaign(w.context, w.network, source('pression-b', [2, 20]), 'test', now())
  const span = { from: new Date('2027-05-25T00:00:00Z'), until: new Date('2027-07-01T00:00:00Z') }
  const all = await agendaOf(db, w.network, span)
  const cap = { channel: 'any', subject: 'contact', max: 2, days: 7 } as const
  const [members] = await db
    .select({ people: count() })
    .from(segmentMembers)
    .innerJoin(segments, eq(segments.id, segmentMembers.segmentId))
    .where(eq(segments.name, 'tous'))
  expect(members!.people).toBeGreaterThan(2)
  const found = await overCaps(db, w.network, all, [cap])
  expect(found.map(({ entries, ...one }) => ({ ...one, steps: entries.map(({ step }) => step) }))).toEqual([
    {
      ...{ from: '2027-06-02', until: '2027-06-04', atMost: members!.people, steps: ['e1', 'e2', 'e3'] },
      cap: { channel: 'any', max: 2, days: 7 },
    },
  ])
  expect(await overCaps(db, w.network, all, [{ ...cap, max: 3 }])).toEqual([])
  for (const { campaignId } of [a, b])
    await cancelCampaign(w.context, w.network, { campaignId, actor: 'operator' }, now())
})

test.each([
  [{ start: '2027-02-15T08:30' }, 'There is no anchor "start"'],
  [{ launch: '2027-02-30T08:30' }, '2027-02-30 does not exist'],
  [{ launch: 'now' }, 'Write the new date itself'],
])('A date that cannot be is refused: %j', async (anchors, message) => {
  const [campaign] = await w.context.db.select().from(campaigns).where(eq(campaigns.name, 'deplace'))
  await w.context.db.update(campaigns).set({ status: 'running' }).where(eq(campaigns.id, campaign!.id))
  await expect(reflow(w.context.db, w.network, campaign!.id, anchors, now())).rejects.toThrow(message)
})

describe('A challenge', () => {
  const text = `name: defi
title: { fr: Défi, en: Challenge }
class: transactional
audience: { segment: tous }
anchor: { launch: 2027-02-01T08:30, end: 2027-03-26T18:00 }
link: https://www.example.com
challenge:
  roles:
    - name: vente
      criteria:
        - { name: ventes, unit: { fr: vente, en: sale }, weight: 60, points: 10 }
        - { name: formation, kind: qualitative, evidence: [text], weight: 40, points: 50 }
  registration: { from: launch - 10 days, to: launch + 30 days }
  results: { until: end + 3 days }
  freeze: P10D
steps:
  - { name: jour-j, at: launch, intent: reference, channels: [intranet], template: challenge/launch }
  - { name: fin, at: end, intent: reference, channels: [intranet], template: challenge/winners }`
  const datesOf = async (campaignId: string) => {
    const dates = await datesOfChallenge(w.context.db, w.network.id, campaignId)
    return Object.fromEntries(Object.entries(dates!).map(([name, at]) => [name, at?.toISOString().slice(0, 10)]))
  }
  const move = (campaignId: string, anchors: Record<string, string>, at: string) =>
    moveAnchor(w.context, w.network, { campaignId, anchors, actor: 'operator' }, new Date(at))

  test('moves its dates with those of its campaign, but not what has happened', async () => {
    const source = { file: 'defi.yaml', text }
    const { campaignId } = await launchCampaign(w.context, w.network, source, 'test', new Date('2027-01-10T12:00:00Z'))
    const made = await move(campaignId, { launch: '2027-02-08T08:30', end: '2027-04-02T18:00' }, '2027-01-25T08:00:00Z')
    expect(made.challenge.map(({ date, fate }) => `${date} ${fate}`)).toEqual([
      'registrationOpensAt past',
      'startsAt moves',
      'registrationClosesAt moves',
      'freezesAt moves',
      'endsAt moves',
      'resultsUntil moves',
    ])
    const moved = {
      registrationOpensAt: '2027-01-22',
      startsAt: '2027-02-08',
      registrationClosesAt: '2027-03-10',
      freezesAt: '2027-03-23',
      endsAt: '2027-04-02',
      resultsUntil: '2027-04-05',
    }
    expect(await datesOf(campaignId)).toEqual(moved)

    await expect(move(campaignId, { launch: '2027-02-15T08:30' }, '2027-02-09T08:00:00Z')).rejects.toThrow(
      'has begun on 2027-02-08',
    )
    await expect(move(campaignId, { end: '2027-02-10T18:00' }, '2027-02-20T08:00:00Z')).rejects.toThrow(
      'would have ended on 2027-02-10',
    )
    await expect(move(campaignId, { end: '2027-02-01T18:00' }, '2027-01-26T08:00:00Z')).rejects.toThrow(
      'end before it begins',
    )
    expect(await datesOf(campaignId)).toEqual(moved)

    await move(campaignId, { end: '2027-04-09T18:00' }, '2027-03-24T08:00:00Z')
    expect(await datesOf(campaignId)).toEqual({ ...moved, endsAt: '2027-04-09', resultsUntil: '2027-04-12' })
    await cancelCampaign(w.context, w.network, { campaignId, actor: 'operator' }, now())
  })
})

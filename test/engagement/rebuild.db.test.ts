import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { run } from '../../src/cli/program.ts'
import { engagements, exposures, groupEngagements, siteEngagements } from '../../src/db/schema.ts'
import { learningValues } from '../../src/engagement/defaults.ts'
import { decay } from '../../src/engagement/formula.ts'
import { beginRebuild, finishRebuild, rebuildNext } from '../../src/engagement/rebuild.ts'
import { rebuildJobId } from '../../src/engagement/rebuild-job.ts'
import { act } from '../../src/engagement/record.ts'
import { enqueue, findJob } from '../../src/job/enqueue.ts'
import { releaseJobs, runJobs } from '../../src/job/run.ts'
import { tickAll } from '../../src/worker.ts'
import { captured } from '../cli/captured.ts'
import { crowd } from '../deliver/crowd.ts'
import { type World, world } from '../world.ts'

const people = 90
const day = 86_400_000
const { halfLifeDays } = learningValues()

let w: World
let learnt: Awaited<ReturnType<typeof figures>>

beforeAll(async () => {
  w = await world({ file: crowd(people), at: new Date('2027-01-12T09:00:00Z') })
  const text =
    'name: suivi\ntitle: { fr: Suivi, en: Follow-up }\nclass: transactional\naudience: { segment: tous }\nanchor: { launch: now }\nlink: https://www.example.com\nsteps:\n' +
    [0, 10, 20]
      .map(
        (days) =>
          `  - { name: jour-${days}, at: launch + P${days}D, intent: follow-up, template: challenge/launch, asksReply: true }\n`,
      )
      .join('')
  await launchCampaign(w.context, w.network, { file: 'suivi.yaml', text }, 'test', w.clock.now())
  for (let days = 0; days < 30; days++) {
    await tickAll(w.context)
    w.clock.set(new Date(w.clock.now().getTime() + day))
  }
  await tickAll(w.context)
  learnt = await figures()
}, 120_000)
afterAll(() => w.close())

/** What is known, each sum as of one moment and rounded to 1e-9. */
async function figures() {
  const { db } = w.context
  const at = new Date('2027-06-01T00:00:00Z')
  const round = (x: number) => Math.round(x * 1e9) / 1e9
  const rows = await db.select().from(engagements)
  const groups = await db.select().from(groupEngagements)
  const sites = await db.select().from(siteEngagements)
  const siteKey = (row: { siteId: string; profile: string; channel: string }) =>
    `${row.siteId} ${row.profile} ${row.channel}`
  const settled = (row: { s: number; n: number; at: Date; channel: keyof typeof halfLifeDays }) => {
    const { s, n } = decay(row, at, halfLifeDays[row.channel])
    return { s: round(s), n: round(n), at: null }
  }
  return {
    rows: rows
      .map((row) => ({ ...row, ...settled(row) }))
      .sort((a, b) => (`${a.contactId} ${a.channel}` < `${b.contactId} ${b.channel}` ? -1 : 1)),
    groups: groups
      .map((row) => ({ ...row, ...settled(row) }))
      .sort((a, b) => (`${a.profile} ${a.channel}` < `${b.profile} ${b.channel}` ? -1 : 1)),
    sites: sites
      .map((row) => ({ ...row, ...settled(row) }))
      .filter(({ n }) => n > 0)
      .sort((a, b) => (siteKey(a) < siteKey(b) ? -1 : 1)),
  }
}

const rebuild = async () => {
  const io = captured({ cwd: w.store.folder })
  const exit = await run(['engagement', 'rebuild', '--json'], io, async () => w.relais)
  return { exit, counts: JSON.parse(io.stdout()) as Record<string, number> }
}

beforeEach(async () => {
  await rebuild()
  expect(await figures()).toEqual(learnt)
})

describe('relais engagement rebuild', () => {
  test('finds nothing to correct in what was learned', async () => {
    const { exit, counts } = await rebuild()
    expect(exit).toBe(0)
    const told = await w.context.db.$count(exposures)
    expect(told).toBeGreaterThan(people * 2)
    expect(counts).toMatchObject({ status: 'done', contacts: people, exposures: told, corrected: 0 })
    expect(counts.rows).toBe(learnt.rows.length)
    expect(learnt.rows.some((row) => row.actions > 0)).toBe(true)
    expect(learnt.sites.some((row) => row.s > 0)).toBe(true)
    const add = (rows: readonly { n: number }[]) => rows.reduce((sum, { n }) => sum + n, 0)
    expect(add(learnt.sites)).toBeCloseTo(add(learnt.groups), 6)
  })

  test('puts right what had drifted, and says how much', async () => {
    const { db } = w.context
    const [one, two] = learnt.rows
    await db.update(engagements).set({ s: 9, n: 10 }).where(eq(engagements.contactId, one!.contactId))
    await db.delete(engagements).where(eq(engagements.contactId, two!.contactId))
    await db.update(groupEngagements).set({ s: 1, n: 2 })
    await db.update(siteEngagements).set({ s: 1, n: 2 })
    await db.delete(siteEngagements).where(eq(siteEngagements.siteId, learnt.sites[0]!.siteId))
    const spoiled = learnt.rows.filter((row) => [one!.contactId, two!.contactId].includes(row.contactId)).length
    expect((await rebuild()).counts.corrected).toBe(spoiled)
    expect(await figures()).toEqual(learnt)
  })

  test('goes on where it was left', async () => {
    const { context, network } = w
    await context.db.update(engagements).set({ s: 9, n: 10 })
    const job = { networkId: network.id, id: rebuildJobId }
    await enqueue(context.db, { ...job, kind: 'engagement.rebuild', payload: {}, at: w.clock.now() })
    let parts = 0
    await runJobs(context, () => parts++ > 1)
    await releaseJobs(context)
    const left = await findJob(context.db, network.id, rebuildJobId)
    expect(left).toMatchObject({ status: 'queued' })
    expect(left!.done).toBeGreaterThan(0)
    expect(left!.done).toBeLessThan(people)
    await runJobs(context)
    expect(await findJob(context.db, network.id, rebuildJobId)).toMatchObject({
      status: 'done',
      payload: { result: { contacts: people, corrected: learnt.rows.length } },
    })
    expect(await figures()).toEqual(learnt)
  })

  test('begins the groups anew when something was learned meanwhile, and loses none of it', async () => {
    const { context, network } = w
    const { db } = context
    let state = await beginRebuild(db, network.id)
    state = (await db.transaction((tx) => rebuildNext(tx, network.id, state)))!
    const all = await db.select().from(exposures).where(eq(exposures.outcome, 'missed'))
    const missed = all.find((row) => row.isMeasurable && row.contactId <= state.after)!
    const at = new Date(missed.sentAt.getTime() + 60_000)
    await db.transaction((tx) =>
      act(tx, { networkId: network.id, deliveryId: missed.deliveryId, at, now: w.clock.now() }),
    )
    learnt = await figures()
    for (;;) {
      const next = await db.transaction((tx) => rebuildNext(tx, network.id, state))
      if (!next) break
      state = next
    }
    expect(await db.transaction((tx) => finishRebuild(tx, network.id, state))).toBe(false)
    expect(await figures()).toEqual(learnt)
  })
})

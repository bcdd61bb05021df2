import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { auditEntries, contacts, pastResults, simulations } from '../../src/db/schema.ts'
import { challengeFile } from '../challenge/challenge-world.ts'
import { type World, world } from '../world.ts'
import { captured } from './captured.ts'

let w: World
let folder: string
let campaign: string

beforeAll(async () => {
  w = await world()
  folder = await mkdtemp(join(tmpdir(), 'simulate-'))
  campaign = join(folder, 'sled.yaml')
  await writeFile(campaign, challengeFile())
})
afterAll(async () => {
  await w.close()
  await rm(folder, { recursive: true, force: true })
})

async function simulate(...options: string[]) {
  const io = captured()
  const exit = await run(['challenge', 'simulate', campaign, ...options], io, async () => w.relais)
  return { exit, out: io.stdout(), err: io.stderr() }
}
const launch = async () => {
  const io = captured()
  return { exit: await run(['launch', campaign, '--yes'], io, async () => w.relais), err: io.stderr() }
}

/** Ten technicians, asked eight fittings each: the first `reaching` of them make it. */
async function results(reaching: number): Promise<string> {
  const file = join(folder, `${reaching}.csv`)
  const lines = Array.from({ length: 10 }, (_, n) => `T${n};technique;poses;2026-02-02;${n < reaching ? 9 : 4}`)
  await writeFile(file, ['participant;role;critere;date;quantite', ...lines].join('\n'))
  return file
}

describe('relais challenge simulate', () => {
  test('tells who would reach, how it spreads and what it costs, a year before the challenge unless told', async () => {
    const { exit, out } = await simulate('--results', await results(8), '--prize', '50', '--top', '300;200', '--json')
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      period: { from: '2026-01-12', to: '2026-03-12' },
      ...{ people: 10, reached: 8, share: 0.8, verdict: 'fine', isPublishable: true, rejected: 0 },
      cost: { reachedCents: 40_000, topCents: 50_000, allCents: 90_000 },
    })
  })

  test('fails on rules too few would reach and keeps them from being launched, until somebody answers for them', async () => {
    const file = await results(5)
    const refused = await simulate('--results', file)
    expect(refused.exit).toBe(1)
    expect(refused.out).toContain('5 of 10 reach their objective (50 %)')
    expect(refused.err).toContain('too few (70 to 80 % are aimed at)')
    const held = await launch()
    expect(held.exit).not.toBe(0)
    expect(held.err).toContain('5 of 10 would reach')
    expect((await simulate('--results', file, '--accept', ' ')).exit).toBe(2)
    expect((await simulate('--results', file, '--accept', 'Année de lancement')).exit).toBe(0)
    const [trail] = (await w.context.db.select().from(auditEntries)).filter(
      ({ action }) => action === 'challenge.confirm_simulation',
    )
    expect(trail?.data).toMatchObject({ people: 10, reached: 5, reason: 'Année de lancement' })
    expect((await launch()).exit).toBe(0)
  })

  test('replays the past the network holds where no file is given, and says when there is none', async () => {
    const none = await simulate()
    expect([none.exit, none.err]).toEqual([2, expect.stringContaining('Nobody was replayed')])
    const before = (await w.context.db.select().from(simulations)).length
    const karim = await w.contactId('P3')
    await w.context.db.insertRows(
      pastResults,
      ['2025-10', '2025-11', '2025-12', '2026-01', '2026-02'].map((month) => ({
        ...{ networkId: w.network.id, subjectKey: `contact:${karim}`, measure: 'ventes', month, quantity: 10 },
        updatedAt: w.clock.now(),
      })),
    )
    const { out } = await simulate('--json')
    expect(JSON.parse(out)).toMatchObject({ people: 1, hasNoHistory: false })
    expect((await w.context.db.select().from(simulations)).length).toBe(before + 1)
  })

  test('asks of somebody the network knows as a beginner what the rules ask of beginners', async () => {
    const file = join(folder, 'beginner.csv')
    const before = ['01', '02', '03'].map((month) => `P3;vente;ventes;2025-${month};30`)
    const done = ['20', '21', '22', '23'].map((day) => `P3;vente;ventes;2026-01-${day};12`)
    const lines = ['participant;role;critere;date;quantite', ...before, ...done, 'P3;vente;formation;2026-01-20;2']
    await writeFile(file, lines.join('\n'))
    const seniority = '  seniority: { attribute: entree, steps: [{ belowMonths: 12, share: 50% }] }'
    await writeFile(campaign, challengeFile(seniority))
    const reached = async () => JSON.parse((await simulate('--results', file, '--json')).out).reached
    // 48 sold of 67: ten per cent more than a year before.
    expect(await reached()).toBe(0)
    await w.context.db
      .update(contacts)
      .set({ attributes: { entree: '2025-09-01' } })
      .where(and(eq(contacts.networkId, w.network.id), eq(contacts.externalId, 'P3')))
    expect(await reached()).toBe(1)
    await writeFile(campaign, challengeFile())
  })

  test('bad amounts, days and files are bad input, in words', async () => {
    const file = await results(8)
    for (const [options, said] of [
      [['--prize', 'beaucoup'], '--prize is an amount'],
      [['--from', '12/01/2026'], '--from is a day written YYYY-MM-DD'],
      [['--from', '2026-03-01', '--to', '2026-02-01'], 'lies before --from'],
    ] as const)
      expect(await simulate('--results', file, ...options)).toMatchObject({
        exit: 2,
        err: expect.stringContaining(said),
      })
    await writeFile(join(folder, 'bad.csv'), 'a;b\n1;2')
    expect(await simulate('--results', join(folder, 'bad.csv'))).toMatchObject({
      exit: 2,
      err: expect.stringContaining('The file lacks'),
    })
  })
})

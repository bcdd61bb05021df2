import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { timers } from '../src/db/schema.ts'
import { advance } from '../src/time-machine.ts'
import { schedule, type Wait } from '../src/timer/timers.ts'
import { mondayMorning, type World, world } from './world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w.close())

const minutes = (count: number) => new Date(mondayMorning.getTime() + count * 60_000)
const day = 24 * 60

const answer = (minute: number): Wait => ({
  kind: 'carrier',
  subject: `heard-${minute}`,
  occurrence: '1',
  dueAt: minutes(minute),
  payload: { event: { dedupeKey: `heard-${minute}`, type: 'sent', data: {} } },
})

/** The minute at which each wait was over, in the order of their due times. */
const firedAt = async () => {
  const rows = await w.context.db
    .select({ subject: timers.subject, firedAt: timers.firedAt })
    .from(timers)
    .where(and(eq(timers.networkId, w.network.id)))
    .orderBy(asc(timers.dueAt))
  return Object.fromEntries(
    rows.map(({ subject, firedAt }) => [subject, (firedAt!.getTime() - mondayMorning.getTime()) / 60_000]),
  )
}

test('answers are heard ten minutes together right after something of ours, by the hour days later, and never after what is due', async () => {
  const later = 3 * day
  const waits: Wait[] = [
    ...[1, 8, 14].map(answer),
    ...[later, later + 50, later + 70, later + 100].map(answer),
    { kind: 'maturity', subject: 'ours', occurrence: '1', dueAt: minutes(later + 95) },
    answer(later + 103),
    answer(later + 130),
  ]
  await w.context.db.transaction((tx) => schedule(tx, w.network.id, waits, mondayMorning))
  await advance(w.context, w.network, { to: minutes(4 * day) })
  expect(await firedAt()).toEqual({
    'heard-1': 11,
    'heard-8': 11,
    'heard-14': 24,
    [`heard-${later}`]: later + 60,
    [`heard-${later + 50}`]: later + 60,
    // Ours comes first at its own minute, with what was told before it.
    [`heard-${later + 70}`]: later + 95,
    ours: later + 95,
    [`heard-${later + 100}`]: later + 110,
    [`heard-${later + 103}`]: later + 110,
    [`heard-${later + 130}`]: later + 140,
  })
})

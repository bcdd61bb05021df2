import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Running, startScript } from '../cli/process.ts'
import { castFile } from '../world.ts'

let folder: string
let running: Running | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-schedule-'))
})
afterEach(async () => {
  running?.child.kill('SIGKILL')
  await running?.done
  rmSync(folder, { recursive: true, force: true })
})

const campaign = `name: suite
title: { fr: Suite, en: Sequence }
class: transactional
audience: { segment: tous }
anchor: { launch: 2027-01-12T09:00, timezone: recipient }
link: https://www.example.com
steps:
  - { name: annonce, at: launch, intent: reference, channels: [intranet], template: challenge/teaser }
  - { name: kit, at: "launch + 1 working day, 10:00", intent: relationship, channels: [print], template: challenge/kit }
  - { name: apres, at: "kit.arrival + 1 working day, 10:00", intent: reference, channels: [intranet], template: challenge/launch }
  - { name: silence, when: { notActed: annonce, within: 3 working days }, intent: reference, channels: [intranet], template: challenge/relance }
  - { name: serie, at: "launch, 11:00", every: week, count: 5, intent: reference, channels: [intranet], template: challenge/relance }
  - { name: bilan, at: "launch + 40 days, 09:00", to: { not: acted }, intent: reference, channels: [intranet], template: challenge/winners }`

const start = (name: string, run: number, env: NodeJS.ProcessEnv = {}): Running => {
  running = startScript(join(import.meta.dirname, 'schedule-works.ts'), [], {
    env: { RELAIS_DATA: join(folder, name), RELAIS_TEST_RUN: String(run), LOG_LEVEL: 'error', ...env },
  })
  return running
}
const begin = async (name: string): Promise<void> => {
  mkdirSync(join(folder, name))
  const file = join(folder, 'partners.csv')
  writeFileSync(file, castFile)
  const { code, stderr } = await start(name, 0, { RELAIS_TEST_FILE: file, RELAIS_TEST_CAMPAIGN: campaign }).done
  expect([code, stderr]).toEqual([0, ''])
}
const finish = async (name: string, run: number): Promise<void> => {
  const { code, stdout, stderr } = await start(name, run).done
  expect([code, stdout, stderr]).toEqual([0, 'over 1\n', ''])
}

const read = <T>(name: string, sql: string): T[] => {
  const database = new Database(join(folder, name, 'relais.db'), { readonly: true })
  try {
    return database.prepare(sql).all() as T[]
  } finally {
    database.close()
  }
}
interface Told {
  who: string
  step: string
  occurrence: string
  day: string
  at: number
}
/** Who was decided for what, on which day, in the order of it; read by nobody’s code but SQLite’s own. */
const told = (name: string) =>
  read<Told>(
    name,
    `select c.external_id who, m.step, d.occurrence, date(d.created_at / 1000, 'unixepoch') day, d.created_at at
       from decisions d join messages m on m.id = d.message_id join contacts c on c.id = d.contact_id
      order by c.external_id, d.created_at, m.position, d.occurrence`,
  )
const course = (rows: readonly Told[]) =>
  rows.map(({ who, step, occurrence, day }) => [who, step, occurrence, day].join(' '))
const deliveries = (name: string) =>
  read<{ line: string }>(
    name,
    `select m.step || ' ' || l.channel || ' ' || l.status || ' ' || count(*) || ' ' || count(distinct l.recipient_key || l.occurrence) line
       from deliveries l join messages m on m.id = l.message_id group by m.step, l.channel, l.status order by 1`,
  ).map(({ line }) => line)

test('kill -9 while a campaign of weeks goes by: nothing lost, nothing twice, everything on the day it would have been', async () => {
  await begin('calm')
  await finish('calm', 1)
  await begin('killed')
  for (const [run, fatal] of ['3', '9 committed', '16', '31 committed'].entries())
    expect((await start('killed', run + 1, { RELAIS_TEST_KILL: fatal }).done).signal).toBe('SIGKILL')
  await finish('killed', 9)

  const calm = told('calm')
  expect(course(told('killed'))).toEqual(course(calm))
  expect(deliveries('killed')).toEqual(deliveries('calm'))
  // The course itself: every step for everybody, letters before what waits for them.
  expect(calm.filter(({ step }) => step === 'serie')).toHaveLength(35)
  for (const step of ['annonce', 'kit', 'apres', 'bilan'])
    expect(calm.filter((one) => one.step === step)).toHaveLength(7)
  const posted = read<{ who: string; at: number }>(
    'killed',
    `select c.external_id who, e.occurred_at at from events e
       join delivery_members dm on dm.delivery_id = e.delivery_id join contacts c on c.id = dm.contact_id
      where e.type = 'posted'`,
  )
  expect(posted.length).toBeGreaterThan(4)
  for (const { who, at } of posted)
    expect(told('killed').find((one) => one.who === who && one.step === 'apres')!.at).toBeGreaterThan(at)
}, 300_000)

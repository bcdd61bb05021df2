import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { newId } from '../../src/db/index.ts'
import { events } from '../../src/db/schema.ts'
import { cast, mondayMorning, type World, world } from '../world.ts'
import { captured } from './captured.ts'

const hour = 3_600_000
let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w.close())

async function relais(...argv: string[]) {
  const io = captured({ cwd: w.store.folder })
  const exit = await run(argv, io, async () => w.relais)
  return { exit, stdout: io.stdout(), stderr: io.stderr() }
}
const explained = async (...more: string[]) => {
  const { exit, stdout, stderr } = await relais(
    ...['segment', 'explain', 'inscrits', '--contact', cast.odile.id, '--json'],
    ...more,
  )
  expect(stderr).toBe('')
  expect(exit).toBe(0)
  return JSON.parse(stdout) as { held: boolean; text: string }
}

test('relais segment explain says why somebody belongs now, and by what was known at another time', async () => {
  writeFileSync(
    join(w.store.folder, 'own.yaml'),
    'inscrits:\n  title: { fr: Inscrits, en: Registered }\n  rule: { event: { type: register, within: P2D } }\n',
  )
  expect((await relais('segment', 'save', 'own.yaml')).exit).toBe(0)
  const before = await explained()
  expect(before.held).toBe(false)
  const at = mondayMorning
  await w.context.db.insert(events).values({
    ...{ networkId: w.network.id, id: newId(), type: 'register', contactId: await w.contactId(cast.odile.id) },
    ...{ dedupeKey: newId(), data: {}, occurredAt: at, recordedAt: at },
  })
  w.clock.forward(hour)
  expect(await explained()).toMatchObject({ held: true })
  // An hour earlier nobody knew of it; three days later it is out of its window.
  const iso = (ms: number) => new Date(at.getTime() + ms).toISOString()
  expect(await explained('--at', iso(-hour))).toMatchObject({ held: false })
  expect(await explained('--at', iso(hour))).toMatchObject({ held: true })
  expect(await explained('--at', iso(72 * hour))).toMatchObject({ held: false })
})

test('a time that is none is refused in words, and so is a contact nobody knows', async () => {
  const wrong = await relais('segment', 'explain', 'inscrits', '--contact', cast.odile.id, '--at', 'lundi')
  expect(wrong.exit).toBe(2)
  expect(wrong.stderr).toContain('2027-01-11T08:30:00Z')
  const nobody = await relais('segment', 'explain', 'inscrits', '--contact', 'P99')
  expect(nobody.exit).toBe(2)
  expect(nobody.stderr).toContain('P99')
})

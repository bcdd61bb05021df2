import { type FSWatcher, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { draw } from '../../src/random.ts'
import { type Running, relais, startRelais, startScript } from '../cli/process.ts'
import { crowd } from '../deliver/crowd.ts'
import { type FakeTwilio, startTwilio } from '../providers/twilio.ts'

let folder: string
let data: string
let running: Running | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-kill-'))
  data = join(folder, 'data')
})
afterEach(async () => {
  running?.child.kill('SIGKILL')
  await running?.done
  running = undefined
  rmSync(folder, { recursive: true, force: true })
})

const start = (process: Running): Running => {
  running = process
  return process
}
const kill = async (process: Running) => {
  process.child.kill('SIGKILL')
  const { signal } = await process.done
  return signal
}
/** What is in the database, read by nobody’s code but SQLite’s own. */
const stored = <T>(sql: string): T[] => {
  const database = new Database(join(data, 'relais.db'), { readonly: true })
  try {
    return database.prepare(sql).all() as T[]
  } finally {
    database.close()
  }
}
const one = (sql: string) => stored<{ n: number }>(sql)[0]!.n

/** Resolves when the database’s journal has been written to so many times. */
function written(times: number): Promise<void> {
  let watcher: FSWatcher
  let left = times
  return new Promise((resolve) => {
    watcher = watch(folder, { recursive: true }, (_, name) => {
      if (!name?.endsWith('relais.db-wal') || --left > 0) return
      watcher.close()
      resolve()
    })
  })
}

describe('kill -9 of a worker that is texting', () => {
  const people = 220
  const kills = 5
  let twilio: FakeTwilio
  afterEach(() => twilio.close())

  test(`${kills} times over ${people} texts: none lost, none twice`, async () => {
    twilio = await startTwilio({ now: () => new Date(clock()) })
    const epoch = Date.now()
    const speed = 120
    const clock = () => epoch + (Date.now() - epoch) * speed
    const env = {
      RELAIS_DATA: data,
      PUBLIC_URL: 'https://relais.example.com',
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_FROM: '36180',
      TWILIO_BASE_URL: twilio.url,
      RELAIS_TEST_SPEED: String(speed),
      RELAIS_TEST_EPOCH: String(epoch),
      LOG_LEVEL: 'error',
    }
    writeFileSync(join(folder, 'crowd.csv'), crowd(people))
    writeFileSync(join(folder, 'notice.yaml'), notice)
    expect((await relais(['import', 'crowd.csv'], { cwd: folder, env })).code).toBe(0)
    expect((await relais(['launch', 'notice.yaml', '--yes'], { cwd: folder, env })).code).toBe(0)

    const script = join(import.meta.dirname, 'works.ts')
    for (let killed = 0; killed < kills; killed++) {
      const worker = start(startScript(script, [], { env }))
      // In the middle of its calls: some were taken, some were not, of none did it see every answer.
      await taken(twilio, 8 + Math.floor(draw('kill', killed) * 20))
      expect(await kill(worker)).toBe('SIGKILL')
    }
    const last = await start(startScript(script, [], { env })).done
    expect([last.code, last.stdout, last.stderr]).toEqual([0, 'idle\n', ''])

    const phones = twilio.messages.map(({ to }) => to)
    expect({ sent: phones.length, people: new Set(phones).size }).toEqual({ sent: people, people })
    expect(stored("select status, count(*) n from deliveries where channel = 'sms' group by 1")).toEqual([
      { status: 'accepted', n: people },
    ])
    const refs = stored<{ ref: string }>("select provider_ref ref from deliveries where channel = 'sms'")
    expect(refs.map(({ ref }) => ref).sort()).toEqual(twilio.messages.map(({ sid }) => sid).sort())
  })
})

/** Resolves once the stand-in has taken so many messages more. */
function taken(twilio: FakeTwilio, more: number): Promise<void> {
  const until = twilio.messages.length + more
  const { messages } = twilio
  const push = Array.prototype.push.bind(messages)
  return new Promise((resolve) => {
    messages.push = (...added) => {
      const length = push(...added)
      if (length >= until) {
        messages.push = push
        resolve()
      }
      return length
    }
  })
}

describe('kill -9 of an import', () => {
  test('at any moment: run again it is whole, and run once more it changes nothing', async () => {
    const rows = 3_000
    const env = { RELAIS_DATA: data, LOG_LEVEL: 'error' }
    writeFileSync(join(folder, 'crowd.csv'), crowd(rows))
    const command = ['import', 'crowd.csv', '--basis', 'consent', '--json']
    for (const times of [2, 9, 16]) {
      const moment = written(times)
      const importing = start(startRelais(command, { cwd: folder, env }))
      await Promise.race([moment, importing.done])
      await kill(importing)
    }
    const done = await relais(command, { cwd: folder, env })
    expect([done.code, done.stderr]).toEqual([0, ''])
    const summary = JSON.parse(done.stdout) as Record<
      'read' | 'blank' | 'created' | 'updated' | 'unchanged' | 'rejected',
      number
    >
    expect(summary.read).toBe(rows)
    expect(summary.created + summary.updated + summary.unchanged).toBe(rows)
    expect(JSON.parse((await relais(command, { cwd: folder, env })).stdout)).toMatchObject({ unchanged: rows })
    expect([
      one('select count(*) n from contacts'),
      one('select count(distinct identity_key) n from contacts'),
      one('select count(*) n from sites'),
      one('select count(*) n from networks'),
      one("select count(*) n from consents where channel = 'sms'"),
    ]).toEqual([rows, rows, rows, 1, rows])
  })
})

describe('kill -9 while the demo is being loaded', () => {
  test('the next start finishes it: 43 outlets, 400 people, one campaign, nothing twice', async () => {
    const env = { RELAIS_DATA: data, PORT: '0', LOG_LEVEL: 'error' }
    for (const times of [3, 8]) {
      const moment = written(times)
      const loading = start(startRelais(['serve', '--json', '--no-worker'], { cwd: folder, env }))
      await Promise.race([moment, loading.done])
      await kill(loading)
    }
    const server = start(startRelais(['serve', '--json', '--no-worker'], { cwd: folder, env }))
    expect(JSON.parse((await server.says(/^(\{.*\})\n/))[1]!)).toMatchObject({ isDemo: true })
    server.child.kill('SIGTERM')
    expect((await server.done).code).toBe(0)
    expect([
      one('select count(*) n from networks'),
      one('select count(*) n from sites'),
      one('select count(*) n from contacts'),
      one('select count(*) n from campaigns'),
      one('select count(distinct site_id) - count(*) n from stations'),
    ]).toEqual([1, 43, 400, 1, 0])
  })
})

const notice = `
name: fermeture
title: { fr: Fermeture, en: Closed }
class: urgent_service
reason: closure
audience: { segment: tous }
anchor: { launch: now }
values: { headline: { fr: Fermeture exceptionnelle, en: Closed } }
steps:
  - { name: avis, at: launch, intent: notice, urgency: immediate, channels: [sms], template: notice/urgent }
`

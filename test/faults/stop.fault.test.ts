import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Running, relais, startRelais } from '../cli/process.ts'
import { crowd } from '../deliver/crowd.ts'
import { type LocalServer, serveLocally } from '../providers/server.ts'

const people = 30
/** Calls to a carrier that has not answered yet: no more than it takes to know that it does not. */
const atOnce = 5

/** A provider that takes its time: calls wait until the test answers them. */
async function slowProvider() {
  const waiting: ServerResponse[] = []
  let told: (() => void) | undefined
  let answered = 0
  let isOpen = false
  const answer = (response: ServerResponse) => {
    answered++
    const sid = `SM${String(answered).padStart(32, '0')}`
    response.writeHead(201, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ sid, status: 'queued', num_segments: '1' }))
  }
  const server: LocalServer = await serveLocally((call, response) => {
    if (call.method !== 'POST') return response.writeHead(200).end('{"messages":[]}')
    if (isOpen) return answer(response)
    waiting.push(response)
    told?.()
  })
  return {
    ...server,
    /** Resolves once so many calls are waiting for their answer. */
    called: (times: number) =>
      new Promise<void>((resolve) => {
        told = () => {
          if (waiting.length >= times) resolve()
        }
        told()
      }),
    /** Answers what waits and whatever comes. */
    open: () => {
      isOpen = true
      for (const response of waiting.splice(0)) answer(response)
    },
    calls: () => answered + waiting.length,
  }
}

let folder: string
let provider: Awaited<ReturnType<typeof slowProvider>>
let server: Running
let env: NodeJS.ProcessEnv
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relais-stop-'))
  provider = await slowProvider()
  env = {
    RELAIS_DATA: join(folder, 'data'),
    PORT: '0',
    PUBLIC_URL: 'https://relais.example.com',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_FROM: '36180',
    TWILIO_BASE_URL: provider.url,
    LOG_LEVEL: 'error',
  }
  writeFileSync(join(folder, 'crowd.csv'), crowd(people))
  writeFileSync(join(folder, 'notice.yaml'), notice)
  expect((await relais(['import', 'crowd.csv'], { cwd: folder, env })).code).toBe(0)
  expect((await relais(['launch', 'notice.yaml', '--yes'], { cwd: folder, env })).code).toBe(0)
  server = startRelais(['serve', '--json'], { cwd: folder, env })
  await provider.called(atOnce)
})
afterEach(async () => {
  server.child.kill('SIGKILL')
  await server.done
  await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

const statuses = () => {
  const database = new Database(join(env.RELAIS_DATA!, 'relais.db'), { readonly: true })
  try {
    return database
      .prepare("select status, count(*) n from deliveries where channel = 'sms' group by 1 order by 1")
      .all()
  } finally {
    database.close()
  }
}

describe('a server asked to stop in the middle of its calls', () => {
  test('by SIGTERM: what is in flight is settled, nothing more leaves, nothing is left in doubt', async () => {
    server.child.kill('SIGTERM')
    await server.says(/what is in flight is settled first/, 'stderr')
    provider.open()
    expect(await server.done).toMatchObject({ code: 0, signal: null })
    expect(provider.calls()).toBe(atOnce)
    expect(statuses()).toEqual([
      { status: 'accepted', n: atOnce },
      { status: 'queued', n: people - atOnce },
    ])
  })

  test('by Ctrl-C twice: it ends at once, and the next start finds the doubt', async () => {
    server.child.kill('SIGINT')
    await server.says(/Press Ctrl-C again to stop at once/, 'stderr')
    server.child.kill('SIGINT')
    expect(await server.done).toMatchObject({ code: 130 })
    expect(statuses()).toContainEqual({ status: 'sending', n: atOnce })
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

import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { castFile } from '../world.ts'
import { type Running, relais, startRelais } from './process.ts'

let folder: string
let env: NodeJS.ProcessEnv
let running: Running[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-processes-'))
  env = { RELAIS_DATA: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'warn' }
  running = []
  writeFileSync(join(folder, 'partners.csv'), castFile)
})
afterEach(async () => {
  for (const { child, done } of running) {
    child.kill('SIGKILL')
    await done
  }
  rmSync(folder, { recursive: true, force: true })
})

const here = (more: NodeJS.ProcessEnv = {}) => ({ cwd: folder, env: { ...env, ...more } })
const start = (argv: readonly string[], more?: NodeJS.ProcessEnv) => {
  const process = startRelais(argv, here(more))
  running.push(process)
  return process
}
interface Ready {
  url: string
  port: number
  pid: number
  signInLink: string
  isDemo: boolean
}
const readiness = async (server: Running) => JSON.parse((await server.says(/^(\{.*\})\n/))[1]!) as Ready
const serve = async (more?: NodeJS.ProcessEnv) => {
  const server = start(['serve', '--json'], more)
  return { server, ready: await readiness(server) }
}

/** A data folder with a network in it, which also keeps the demo away. */
let prepared: string
beforeAll(async () => {
  prepared = mkdtempSync(join(tmpdir(), 'relais-prepared-'))
  writeFileSync(join(prepared, 'partners.csv'), castFile)
  const { code } = await relais(['import', 'partners.csv', '--basis', 'consent'], {
    cwd: prepared,
    env: { RELAIS_DATA: prepared },
  })
  expect(code).toBe(0)
})
afterAll(() => rmSync(prepared, { recursive: true, force: true }))

describe('one command after another, without a server', () => {
  test('each opens the folder, does its work and leaves nothing held', async () => {
    const imported = await relais(['import', 'partners.csv', '--basis', 'consent', '--json'], here())
    expect([imported.code, imported.stderr]).toEqual([0, ''])
    expect(JSON.parse(imported.stdout)).toMatchObject({ read: 7, created: 7, rejected: 0 })
    const status = await relais(['status', '--json'], here())
    expect([status.code, status.stderr]).toEqual([0, ''])
    expect(JSON.parse(status.stdout)).toMatchObject({ network: 'reseau', mode: 'sandbox' })
    expect(readdirSync(env.RELAIS_DATA!)).not.toContain('relais.pid')
  })

  test('wrong usage is answered without reading a setting or making a folder', async () => {
    const answered = await relais(['plna'], here({ PORT: '80a' }))
    expect([answered.code, answered.stdout]).toEqual([2, ''])
    expect(answered.stderr).toMatch(/Did you mean plan\?/)
    expect(readdirSync(folder)).toEqual(['partners.csv'])
  })

  test('wrong settings are listed, exit 3', async () => {
    const answered = await relais(['status'], here({ PORT: '80a', SENDGRID_API_KEY: 'x', RELAIS_SECRET: 'short' }))
    expect([answered.code, answered.stdout]).toEqual([3, ''])
    expect(answered.stderr.split('\n').filter((line) => line.startsWith('  - '))).toHaveLength(4)
  })

  test('a file that may not be read is one line, exit 2', async () => {
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'partners.csv'), 0o000)
    const nobody = process.getuid?.() === 0 ? 65_534 : undefined
    const answered = await relais(['import', 'partners.csv'], { ...here(), uid: nobody })
    expect(answered).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'partners.csv may not be read: check its permissions.\n',
    })
  })

  test('a live launch without a terminal is refused unless --yes', async () => {
    const credentials = {
      TWILIO_ACCOUNT_SID: `AC${'a'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'token',
      TWILIO_FROM: '36180',
      PUBLIC_URL: 'https://relais.example.com',
    }
    await relais(['import', 'partners.csv', '--basis', 'consent'], here(credentials))
    writeFileSync(join(folder, 'later.yaml'), later)
    const refused = await relais(['launch', 'later.yaml'], here(credentials))
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toBe(
      'Launch plus-tard to 7 people of reseau, for real? Nobody is here to answer: add --yes to confirm.\n',
    )
    expect((await relais(['launch', 'later.yaml', '--yes'], here(credentials))).code).toBe(0)
  })

  test('a reader that closes the pipe is no error, and the work is still done', async () => {
    const command = start(['import', 'partners.csv', '--json'])
    command.child.stdout!.destroy()
    expect(await command.done).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse((await relais(['import', 'partners.csv', '--json'], here())).stdout)).toMatchObject({
      unchanged: 7,
    })
  })

  test('a database of a later version is refused, exit 3, and left alone', async () => {
    await relais(['import', 'partners.csv'], here())
    const path = join(env.RELAIS_DATA!, 'relais.db')
    const database = new Database(path)
    database
      .prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)')
      .run('later', 9_999_999_999_999)
    database.close()
    const answered = await relais(['status'], here())
    expect(answered).toMatchObject({ code: 3, stdout: '' })
    expect(answered.stderr).toBe(
      'The database was written by a newer Relais. Install that version or restore a back-up; nothing was changed.\n',
    )
  })

  test('a file that is no database is named, exit 3', async () => {
    mkdirSync(env.RELAIS_DATA!)
    writeFileSync(
      join(env.RELAIS_DATA!, 'relais.db'),
      'this is no database, and long enough to be looked at '.repeat(40),
    )
    const answered = await relais(['status'], here())
    expect(answered.code).toBe(3)
    expect(answered.stderr).toMatch(
      /relais\.db is not a database\. Move it away, or restore a back-up \(SQLITE_NOTADB\)\.\n$/,
    )
  })

  test('a PostgreSQL that is not there is named without its password, exit 3', async () => {
    const answered = await relais(['status'], here({ DATABASE_URL: '"postgres://relais:hunter2@127.0.0.1:1/relais"' }))
    expect(answered.code).toBe(3)
    expect(answered.stderr).toMatch(
      /DATABASE_URL leads to 127\.0\.0\.1:1\/relais: nothing listens there\. Start PostgreSQL, or mend host and port \(ECONNREFUSED\)\./,
    )
    expect(answered.stderr).toMatch(/DATABASE_URL had quotes or blanks around it/)
    expect(answered.stderr).not.toContain('hunter2')
  })
})

describe('beside a running server', () => {
  let shared: typeof env
  let server: Running
  let ready: Ready
  beforeAll(async () => {
    shared = { RELAIS_DATA: mkdtempSync(join(tmpdir(), 'relais-shared-')), PORT: '0', LOG_LEVEL: 'warn' }
    cpSync(prepared, shared.RELAIS_DATA as string, { recursive: true })
    server = startRelais(['serve', '--json'], { env: shared })
    ready = await readiness(server)
  })
  afterAll(async () => {
    server.child.kill('SIGKILL')
    await server.done
    rmSync(shared.RELAIS_DATA as string, { recursive: true, force: true })
  })
  const beside = (...argv: string[]) => relais(argv, { cwd: folder, env: shared })

  test('PORT=0 takes a free one and says where: there the pages are, and links lead there', async () => {
    expect(ready).toMatchObject({ url: `http://localhost:${ready.port}`, isDemo: false })
    expect(ready.port).toBeGreaterThan(0)
    expect(ready.signInLink).toMatch(new RegExp(`^http://localhost:${ready.port}/sign-in/`))
    expect((await fetch(`http://localhost:${ready.port}/healthz`)).status).toBe(200)
    expect((await fetch(ready.signInLink)).status).toBe(200)
  })

  test('commands are carried out by it, with their output, exit codes and paths from where they were called', async () => {
    const status = await beside('status', '--json')
    expect([status.code, status.stderr]).toEqual([0, ''])
    expect(JSON.parse(status.stdout)).toMatchObject({ network: 'reseau' })
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'later.yaml'), later)
    const launched = await relais(['launch', 'later.yaml', '--json'], { env: shared, cwd: elsewhere })
    expect([launched.code, JSON.parse(launched.stdout).isNew]).toEqual([0, true])
    const unknown = await beside('contact', 'P99')
    expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: 'There is no contact P99 in reseau.\n' })
    const link = (await beside('sign-in-link')).stdout.trim()
    expect(link).toMatch(new RegExp(`^${ready.url}/sign-in/`))
    expect(server.stderr()).toBe('')
  })

  test('several at once each get their own answer', async () => {
    const answers = await Promise.all(['P1', 'P2', 'P3'].map((who) => beside('contact', who, '--json')))
    expect(answers.map(({ stdout }) => JSON.parse(stdout).contact.externalId)).toEqual(['P1', 'P2', 'P3'])
  })

  test('a second server on the same folder is refused with the pid of the first, exit 3', async () => {
    const second = await beside('serve')
    expect(second).toMatchObject({ code: 3, stdout: '' })
    expect(second.stderr).toBe(
      `Another Relais (process ${ready.pid}) is using ${shared.RELAIS_DATA}. Stop it, let it carry out the command, or set RELAIS_DATA to another folder.\n`,
    )
    expect(JSON.parse((await beside('status', '--json')).stdout)).toMatchObject({ network: 'reseau' })
  })

  test('garbage on its socket harms nobody', async () => {
    for (const garbage of ['not json\n', '7\n', '{"answer":true}\n', '{"run":']) {
      const socket = createConnection(join(shared.RELAIS_DATA as string, 'relais.sock'))
      await once(socket, 'connect')
      socket.end(garbage)
      await once(socket.resume(), 'close')
    }
    expect((await beside('status')).code).toBe(0)
  })
})

describe('a server that ends', () => {
  beforeEach(() => cpSync(prepared, env.RELAIS_DATA as string, { recursive: true }))

  test('killed, it leaves no lock: the next command opens the folder itself', async () => {
    const { server } = await serve()
    server.child.kill('SIGKILL')
    await server.done
    expect(await relais(['status'], here())).toMatchObject({ code: 0, stderr: '' })
    expect((await serve()).ready.url).toMatch(/^http:\/\/localhost:\d+$/)
  })

  test('SIGTERM ends it gracefully, and again afterwards the folder is free', async () => {
    const { server } = await serve()
    server.child.kill('SIGTERM')
    expect(await server.done).toMatchObject({
      code: 0,
      signal: null,
      stderr: 'Stopping: what is in flight is settled first. Press Ctrl-C again to stop at once.\n',
    })
    expect(readdirSync(env.RELAIS_DATA!)).not.toContain('relais.pid')
    expect((await relais(['status'], here())).code).toBe(0)
  })

  test('where the folder’s path is too long for a socket it says so, and commands are refused with its pid', async () => {
    const deep = join(folder, 'a'.repeat(60), 'b'.repeat(60))
    cpSync(prepared, deep, { recursive: true })
    const { server, ready } = await serve({ RELAIS_DATA: deep })
    await server.says(/too long a path for a socket/, 'stderr')
    const refused = await relais(['status'], here({ RELAIS_DATA: deep }))
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining(`(process ${ready.pid})`)])
  })
})

describe('a port that is taken', () => {
  let other: Server
  afterEach(() => other.close())

  test('is named, exit 3, and nothing was made', async () => {
    const port = await new Promise<number>((resolve) => {
      other = createServer().listen(0, () => resolve((other.address() as { port: number }).port))
    })
    const answered = await relais(['serve'], here({ PORT: String(port) }))
    expect(answered).toMatchObject({ code: 3, stdout: '' })
    expect(answered.stderr).toMatch(
      new RegExp(`PORT ${port} is taken by another program\\. Stop it, or set PORT to a free one\\.`),
    )
    expect(readdirSync(env.RELAIS_DATA!)).not.toContain('relais.db')
  })
})

test('the log of a run holds no secret', async () => {
  const secrets = { TWILIO_AUTH_TOKEN: 'hush-hush-token', RELAIS_SECRET: 'hush-hush-secret-of-more-than-32-characters' }
  const { server } = await serve({
    ...secrets,
    TWILIO_ACCOUNT_SID: `AC${'a'.repeat(32)}`,
    TWILIO_FROM: '36180',
    LOG_LEVEL: 'trace',
  })
  server.child.kill('SIGTERM')
  const { stdout, stderr } = await server.done
  expect(stdout + stderr).not.toContain('hush-hush')
})

const later = `
name: plus-tard
title: { fr: Plus tard, en: Later }
class: marketing
audience: { segment: tous }
anchor: { launch: 2999-01-14T09:30, timezone: recipient }
link: https://www.reseau.example.com/defi
values: { prize: { fr: un week-end, en: a weekend } }
steps:
  - { name: annonce, at: launch, intent: follow-up, template: challenge/launch }
`

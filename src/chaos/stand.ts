import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import { draw } from '../random.ts'
import { type Child, startChild } from './child.ts'
import { startSendGrid } from './providers/sendgrid.ts'
import { startTwilio } from './providers/twilio.ts'
import { type Stored, storedInFile, storedInServer } from './stored.ts'

/** Tuesday 12 January 2027, 10:00 in Paris: everybody may be written to. */
const tuesdayMorning = Date.parse('2027-01-12T09:00:00Z')
const publicUrl = 'https://relais.example.com'
/** A process that has not come up, or a wait that has not ended by then (real time), will not. */
const patienceMs = 300_000

export interface StandOptions {
  seed: string
  /** How many times as fast as the real one the installation’s clock goes. */
  speed: number
  /** An empty PostgreSQL database instead of SQLite in the data folder. */
  databaseUrl?: string
  /** Settings beside those of every stand. */
  settings?: Record<string, string>
}

export interface Server extends Child {
  /** Resolves with the port once it serves; rejects when it ends before. */
  ready(): Promise<number>
}

export type Stand = Awaited<ReturnType<typeof openStand>>

/** An installation to be ill-treated: its data folder, its providers in this process, its processes, its clock. */
export async function openStand({ seed, speed, databaseUrl, settings = {} }: StandOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'relais-chaos-'))
  const began = systemClock.now().getTime()
  let shown = tuesdayMorning
  let data = join(folder, 'data')
  mkdirSync(data)
  const now = () => new Date(shown + (systemClock.now().getTime() - began) * speed)
  const twilio = await startTwilio({ now })
  const sendgrid = await startSendGrid()
  const children = new Set<Child>()
  const env = () => ({
    RELAIS_DATA: data,
    RELAIS_SECRET: 'a secret of the fault suite, long enough to be taken',
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    PORT: '0',
    PUBLIC_URL: publicUrl,
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM: '36180',
    TWILIO_BASE_URL: twilio.url,
    SENDGRID_API_KEY: sendgrid.apiKey,
    SENDGRID_WEBHOOK_PUBLIC_KEY: sendgrid.webhookPublicKey,
    SENDGRID_BASE_URL: sendgrid.url,
    MAIL_FROM: 'Relais <relais@example.com>',
    LOG_LEVEL: 'error',
    CHAOS_CLOCK: `${began} ${shown} ${speed}`,
    // A call is begun with 45 seconds of its lease left: no answer is awaited longer.
    ...settings,
    CHAOS_TIMEOUT_MS: String(Math.max(1_000, Math.round(30_000 / speed))),
  })
  const start = (argv: readonly string[]): Child => {
    const child = startChild(argv, env(), folder)
    children.add(child)
    void child.ended.finally(() => children.delete(child))
    return child
  }
  const stored: Stored = (sql) => (databaseUrl ? storedInServer(databaseUrl) : storedInFile(data))(sql)

  return {
    folder,
    /** Where the installation keeps its own. */
    data: () => data,
    publicUrl,
    twilio,
    sendgrid,
    now,
    stored,
    start,
    /** One number of the database; 0 before there is a table. */
    one: async (sql: string): Promise<number> => Number((await stored<{ n: number }>(sql))[0]?.n ?? 0),
    /** A number in [low, high] fixed by the seed and what it is for. */
    between: (low: number, high: number, ...what: (string | number)[]): number =>
      low + Math.floor(draw(seed, ...what) * (high - low + 1)),
    write: (name: string, text: string) => writeFileSync(join(folder, name), text),
    /** Runs a command line to its end. Throws when it fails. */
    command: async (...argv: string[]): Promise<string> => {
      const child = start(argv)
      const { code, signal } = await child.ended
      if (code !== 0)
        throw new Error(`relais ${argv.join(' ')} ended with ${code ?? signal}: ${child.said().stderr.trim()}`)
      return child.said().stdout
    },
    serve: (): Server => {
      const child = start(['serve', '--json'])
      const ready = async () => {
        await until(() => child.hasEnded() || child.said().stdout.includes('\n'))
        if (child.hasEnded()) throw new Error(`relais serve ended: ${child.said().stderr.trim()}`)
        return (JSON.parse(child.said().stdout.split('\n')[0]!) as { port: number }).port
      }
      return { ...child, ready }
    },
    /** From the next process on, its clock shows so much more (milliseconds). */
    later: (ms: number) => {
      shown += ms
    },
    /** From the next process on, an empty installation: what a restore is made into. */
    moveOut: () => {
      data = join(folder, 'another')
      mkdirSync(data)
    },
    close: async () => {
      for (const child of children) child.signal('SIGKILL')
      await Promise.all([...children].map((child) => child.ended))
      await twilio.close()
      await sendgrid.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Looks every few milliseconds until it is so. Throws when it does not come to be within five minutes. */
export async function until(isSo: () => boolean | Promise<boolean>, everyMs = 5, withinMs = patienceMs): Promise<void> {
  const end = systemClock.now().getTime() + withinMs
  while (!(await isSo())) {
    if (systemClock.now().getTime() > end) throw new Error('What was waited for did not come within five minutes.')
    await pause(everyMs)
  }
}

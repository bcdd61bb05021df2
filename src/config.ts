import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type Random, systemRandom } from './random.ts'

/** Settings that stop the start: all of them listed at once, each with its cure. The CLI exits 3. */
export class ConfigProblems extends Error {
  override name = 'ConfigProblems'
  readonly problems: string[]
  constructor(problems: string[]) {
    super(
      `The settings need mending before Relais can start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    )
    this.problems = problems
  }
}

export interface Config {
  port: number
  /** Where the outside reaches us; links, callbacks and signatures use it. No trailing slash. */
  publicUrl: string
  /** Base of the short links in SMS and on paper; no trailing slash. */
  shortUrl: string
  dataFolder: string
  databaseUrl?: string
  secret: string
  logLevel: string
  mailFrom: string
  twilio?: {
    accountSid: string
    authToken: string
    apiKey?: string
    apiSecret?: string
    messagingServiceSid?: string
    from?: string
    baseUrl?: string
  }
  sendgrid?: { apiKey: string; webhookPublicKey?: string; baseUrl?: string }
  smtp?: { url: string }
  /** Oddities that do not stop the start; logged once. */
  warnings: string[]
}

/** Every variable Relais reads. A secret may also come from the file named in `NAME_FILE`. */
const names = [
  'PORT',
  'PUBLIC_URL',
  'RELAIS_DATA',
  'DATABASE_URL',
  'REDIS_URL',
  'RELAIS_SECRET',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_API_KEY',
  'TWILIO_API_SECRET',
  'TWILIO_MESSAGING_SERVICE_SID',
  'TWILIO_FROM',
  'TWILIO_BASE_URL',
  'SENDGRID_API_KEY',
  'SENDGRID_WEBHOOK_PUBLIC_KEY',
  'SENDGRID_BASE_URL',
  'SMTP_URL',
  'MAIL_FROM',
  'SHORT_URL',
  'EDGE_URL',
  'EDGE_DRAIN_KEY',
  'LOG_LEVEL',
  'METRICS',
] as const
type Name = (typeof names)[number]

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

class Reader {
  readonly problems: string[] = []
  readonly warnings: string[] = []
  private readonly env: NodeJS.ProcessEnv
  constructor(env: NodeJS.ProcessEnv) {
    this.env = env
  }

  text(name: Name): string | undefined {
    const raw = this.env[name] ?? this.fromFile(name)
    if (raw === undefined) return undefined
    const cleaned = raw.trim().replace(/^(["'])(.*)\1$/s, '$2')
    if (cleaned !== raw) this.warnings.push(`${name} had quotes or blanks around it; they were left out.`)
    return cleaned === '' ? undefined : cleaned
  }

  private fromFile(name: Name): string | undefined {
    const path = this.env[`${name}_FILE`]
    if (!path) return undefined
    try {
      return readFileSync(path, 'utf8').trim()
    } catch {
      this.problems.push(`${name}_FILE names ${path}, which cannot be read. Check the path and its permissions.`)
      return undefined
    }
  }

  matching(name: Name, pattern: RegExp, cure: string): string | undefined {
    const value = this.text(name)
    if (value !== undefined && !pattern.test(value)) this.problems.push(`${name} ${cure}`)
    return value
  }

  /** A base address without path, query or trailing slash. */
  origin(name: Name, options: { loopbackOrHttps: boolean }): string | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    let url: URL
    try {
      url = new URL(value)
    } catch {
      this.problems.push(`${name} is "${value}", which is not an address. Write it like https://relais.example.com`)
      return undefined
    }
    if (!/^https?:$/.test(url.protocol) || url.search || url.hash || (url.pathname !== '/' && !options.loopbackOrHttps))
      this.problems.push(
        `${name} must be only scheme and host, such as https://relais.example.com, without path or query.`,
      )
    if (options.loopbackOrHttps && url.protocol !== 'https:' && !loopback.test(url.hostname))
      this.problems.push(
        `${name} may point to https or to this machine only; "${value}" would send credentials in clear.`,
      )
    return value.replace(/\/+$/, '')
  }
}

/** The secret that signs links and sessions: from the environment, or made once and kept beside the data. */
function secretOf(reader: Reader, dataFolder: string, random: Random): string {
  const given = reader.text('RELAIS_SECRET')
  if (given !== undefined) {
    if (given.length < 32)
      reader.problems.push('RELAIS_SECRET is shorter than 32 characters. Make one with: openssl rand -hex 32')
    return given
  }
  const path = join(dataFolder, 'secret')
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  const made = Buffer.from(random.bytes(32)).toString('hex')
  writeFileSync(path, `${made}\n`, { mode: 0o600, flag: 'wx' })
  return made
}

function twilioOf(reader: Reader): Config['twilio'] {
  const accountSid = reader.matching(
    'TWILIO_ACCOUNT_SID',
    /^AC[0-9a-fA-F]{32}$/,
    'must be AC and 32 hexadecimal digits; an SK… is an API key and belongs in TWILIO_API_KEY.',
  )
  const authToken = reader.text('TWILIO_AUTH_TOKEN')
  const apiKey = reader.matching('TWILIO_API_KEY', /^SK[0-9a-fA-F]{32}$/, 'must be SK and 32 hexadecimal digits.')
  const apiSecret = reader.text('TWILIO_API_SECRET')
  const messagingServiceSid = reader.matching(
    'TWILIO_MESSAGING_SERVICE_SID',
    /^MG[0-9a-fA-F]{32}$/,
    'must be MG and 32 hexadecimal digits.',
  )
  const from = reader.text('TWILIO_FROM')
  const baseUrl = reader.origin('TWILIO_BASE_URL', { loopbackOrHttps: true })
  if (!accountSid && !authToken && !apiKey) return undefined
  if (!accountSid)
    reader.problems.push('TWILIO_ACCOUNT_SID is missing, though other Twilio settings are there. It begins with AC.')
  if (!authToken)
    reader.problems.push('TWILIO_AUTH_TOKEN is missing: without it Twilio’s calls to us cannot be verified.')
  if (Boolean(apiKey) !== Boolean(apiSecret))
    reader.problems.push('TWILIO_API_KEY and TWILIO_API_SECRET go together; one of them is missing.')
  if (!messagingServiceSid && !from)
    reader.problems.push('Set TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID: an SMS needs a sender.')
  if (!accountSid || !authToken) return undefined
  return { accountSid, authToken, apiKey, apiSecret, messagingServiceSid, from, baseUrl }
}

function sendgridOf(reader: Reader): Config['sendgrid'] {
  const apiKey = reader.matching('SENDGRID_API_KEY', /^SG\./, 'must begin with SG. as SendGrid shows it once.')
  const webhookPublicKey = reader.text('SENDGRID_WEBHOOK_PUBLIC_KEY')
  const baseUrl = reader.origin('SENDGRID_BASE_URL', { loopbackOrHttps: true })
  if (!apiKey) return undefined
  if (!webhookPublicKey)
    reader.warnings.push('SENDGRID_WEBHOOK_PUBLIC_KEY is not set: SendGrid’s events are answered 503 until it is.')
  return { apiKey, webhookPublicKey, baseUrl }
}

function portOf(reader: Reader): number {
  const port = z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .safeParse(reader.text('PORT') ?? '3000')
  if (!port.success)
    reader.problems.push(`PORT is "${reader.text('PORT')}"; it must be a whole number from 0 to 65535.`)
  return port.success ? port.data : 3000
}

function databaseUrlOf(reader: Reader): string | undefined {
  const value = reader.text('DATABASE_URL')
  if (value === undefined || /^postgres(ql)?:\/\//.test(value)) return value
  reader.problems.push('DATABASE_URL must begin with postgres://. Leave it out to use SQLite in RELAIS_DATA.')
  return undefined
}

/**
 * Reads the environment whole, once. Throws ConfigProblems with everything that is wrong.
 * Creates the data folder and, when none is given, the secret in it.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env, random: Random = systemRandom): Config {
  const reader = new Reader(env)
  const port = portOf(reader)
  const publicUrl = reader.origin('PUBLIC_URL', { loopbackOrHttps: false }) ?? `http://localhost:${port}`
  const shortUrl = reader.origin('SHORT_URL', { loopbackOrHttps: false }) ?? publicUrl
  const databaseUrl = databaseUrlOf(reader)
  const twilio = twilioOf(reader)
  const sendgrid = sendgridOf(reader)
  const smtpUrl = reader.matching('SMTP_URL', /^smtps?:\/\//, 'must begin with smtp:// or smtps://')
  const logLevel = reader.text('LOG_LEVEL') ?? 'info'
  if (!logLevels.includes(logLevel))
    reader.problems.push(`LOG_LEVEL is "${logLevel}"; use one of ${logLevels.join(', ')}.`)
  const mailFrom = reader.matching(
    'MAIL_FROM',
    /@[^@\s]+\.[^@\s]+$/,
    'must be a mailbox, such as Relais <bonjour@example.com>.',
  )
  if ((sendgrid || smtpUrl) && !mailFrom)
    reader.problems.push('MAIL_FROM is missing: e-mail needs a sender that your domain allows.')
  if (sendgrid && smtpUrl) reader.warnings.push('Both SENDGRID_API_KEY and SMTP_URL are set; SendGrid is used.')
  for (const key of Object.keys(env))
    if (/^(RELAIS|TWILIO|SENDGRID)_/.test(key) && !(names as readonly string[]).includes(key.replace(/_FILE$/, '')))
      reader.warnings.push(`${key} is not a setting of Relais; is it misspelt?`)
  if ((twilio?.baseUrl || sendgrid?.baseUrl) && env.NODE_ENV === 'production')
    reader.problems.push('TWILIO_BASE_URL and SENDGRID_BASE_URL exist for tests; remove them in production.')

  const dataFolder = resolve(reader.text('RELAIS_DATA') ?? 'data')
  let secret = ''
  try {
    mkdirSync(dataFolder, { recursive: true })
    secret = secretOf(reader, dataFolder, random)
  } catch (error) {
    reader.problems.push(
      `RELAIS_DATA is ${dataFolder}, which cannot be written (${(error as Error).message}). Choose a folder you own.`,
    )
  }
  if (reader.problems.length > 0) throw new ConfigProblems(reader.problems)
  return {
    port,
    publicUrl,
    shortUrl,
    dataFolder,
    databaseUrl,
    secret,
    logLevel,
    mailFrom: mailFrom ?? 'Relais <relais@localhost.example>',
    twilio,
    sendgrid,
    smtp: smtpUrl ? { url: smtpUrl } : undefined,
    warnings: reader.warnings,
  }
}

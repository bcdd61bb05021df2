import { resolve } from 'node:path'
import { type AddressRange, trustedProxiesOf } from './config/address-range.ts'
import { type MailInConfig, mailInOf } from './config/mail-in.ts'
import { type OidcConfig, oidcOf } from './config/oidc.ts'
import { type SendGridConfig, sendgridOf, smtpOf, type TwilioConfig, twilioOf } from './config/providers.ts'
import { type AccountRates, accountRatesOf } from './config/rates.ts'
import { oddSettings, type Reader, settingsReader } from './config/reader.ts'
import { type RedisConfig, redisOf } from './config/redis.ts'
import { secretOf } from './config/secret.ts'
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
  /** 0 takes a free one. */
  port: number
  /** Where the outside reaches us; links, callbacks and signatures use it. No trailing slash. */
  publicUrl: string
  /** Base of the short links in SMS and on paper; no trailing slash. */
  shortUrl: string
  /** Whose X-Forwarded-For is believed; proxies on this machine when not given. */
  trustedProxies?: AddressRange[]
  dataFolder: string
  /** Megabytes kept free on its disk: below it, nothing is sent. */
  diskReserveMb: number
  databaseUrl?: string
  /** Shares work among processes; with `databaseUrl` only. */
  redis?: RedisConfig
  secret: string
  /** The secret before it was changed: what is sealed under it still opens. */
  oldSecret?: string
  logLevel: string
  mailFrom: string
  twilio?: TwilioConfig
  sendgrid?: SendGridConfig
  smtp?: { url: string }
  /** Messages a second, by provider. */
  accountRates?: AccountRates
  /** How answers by e-mail come in. */
  mailIn?: MailInConfig
  oidc?: OidcConfig
  /** Origins of stand-ins for providers, also for accounts of networks. */
  providerUrls?: { twilio?: string; sendgrid?: string }
  /** `on`, or the bearer token under which `/metrics` is served; absent, it is not. */
  metrics?: string
  /** Where `relais worker` answers whoever watches it; absent, nowhere. 0 takes a free one. */
  workerPort?: number
  /** Oddities that do not stop the start; logged once. */
  warnings: string[]
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Where a server without PUBLIC_URL is found: on this machine. */
export const localUrl = (port: number): string => `http://localhost:${port}`

/**
 * The settings once the server listens: with PORT=0 and without PUBLIC_URL, the port that was taken is part of
 * every address.
 */
export function atPort(config: Config, port: number): Config {
  const unbound = localUrl(config.port)
  const bound = (url: string) => (url === unbound ? localUrl(port) : url)
  return { ...config, port, publicUrl: bound(config.publicUrl), shortUrl: bound(config.shortUrl) }
}

/**
 * Reads the environment whole, once. Throws ConfigProblems with everything that is wrong.
 * Creates the data folder and, when none is given, the secret in it.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env, random: Random = systemRandom): Config {
  const reader = settingsReader(env)
  const { problems, warnings } = reader
  const port = portOf(reader, 'PORT') ?? 3000
  const given = reader.origin('PUBLIC_URL', 'public')
  const publicUrl = given ?? localUrl(port)
  const shortUrl = reader.origin('SHORT_URL', 'public') ?? publicUrl
  const trustedProxies = trustedProxiesOf(reader)
  const databaseUrl = databaseUrlOf(reader)
  const redis = redisOf(reader)
  const twilio = twilioOf(reader)
  const sendgrid = sendgridOf(reader)
  const smtp = smtpOf(reader)
  const mailIn = mailInOf(reader)
  const accountRates = accountRatesOf(reader)
  const oidc = oidcOf(reader)
  const mailFrom = reader.matching(
    'MAIL_FROM',
    /^[^@<>]*<?[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+>?$/,
    'must be a mailbox, such as Relais <bonjour@example.com>.',
  )
  const logLevel = reader.text('LOG_LEVEL') ?? 'info'
  if (!logLevels.includes(logLevel)) problems.push(`LOG_LEVEL is "${logLevel}"; use one of ${logLevels.join(', ')}.`)
  if ((sendgrid || smtp) && !mailFrom)
    problems.push('MAIL_FROM is missing: e-mail needs a sender that your domain allows.')
  if (sendgrid && smtp) warnings.push('Both SENDGRID_API_KEY and SMTP_URL are set; SendGrid is used.')
  if ((twilio || sendgrid) && !given)
    warnings.push('PUBLIC_URL is not set: providers cannot call back, and the links in messages lead to this machine.')
  if (env.TZ && !isTimezone(env.TZ))
    warnings.push(`TZ is "${env.TZ}", which is no time zone; each network has its own, so nothing depends on it.`)
  const metrics = reader.matching(
    'METRICS',
    /^(on|\S{16,})$/,
    'must be on, or a token of at least 16 characters that scrapers bring as a bearer.',
  )
  const workerPort = portOf(reader, 'WORKER_PORT')
  const diskReserve = reader.matching(
    'DISK_RESERVE_MB',
    /^\d{1,7}$/,
    'must be a whole number of megabytes, such as 200.',
  )
  warnings.push(...oddSettings(env))
  const dataFolder = resolve(reader.text('RELAIS_DATA') ?? 'data')
  const secret = secretOf(reader, dataFolder, random)
  const oldSecret = reader.text('RELAIS_SECRET_OLD')
  if (problems.length > 0) throw new ConfigProblems(problems)
  return {
    port,
    publicUrl,
    shortUrl,
    trustedProxies,
    dataFolder,
    diskReserveMb: Number(diskReserve ?? 200),
    databaseUrl,
    redis,
    secret,
    oldSecret: oldSecret === secret ? undefined : oldSecret,
    logLevel,
    mailFrom: mailFrom ?? 'Relais <relais@localhost.example>',
    twilio,
    sendgrid,
    smtp,
    accountRates,
    mailIn,
    oidc,
    metrics,
    workerPort,
    providerUrls: {
      twilio: reader.origin('TWILIO_BASE_URL', 'provider'),
      sendgrid: reader.origin('SENDGRID_BASE_URL', 'provider'),
    },
    warnings,
  }
}

function portOf(reader: Reader, name: 'PORT' | 'WORKER_PORT'): number | undefined {
  const text = reader.text(name)
  const port = Number(text)
  if (text === undefined || (/^\d+$/.test(text) && port <= 65_535)) return text === undefined ? undefined : port
  reader.problems.push(`${name} is "${text}"; it must be a whole number from 0 to 65535.`)
  return undefined
}

function databaseUrlOf(reader: Reader): string | undefined {
  const value = reader.text('DATABASE_URL')
  if (value === undefined || /^postgres(ql)?:\/\/./.test(value)) return value
  reader.problems.push('DATABASE_URL must begin with postgres://. Leave it out to use SQLite in RELAIS_DATA.')
  return undefined
}

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone.replace(/^:/, '') })
    return true
  } catch {
    return false
  }
}

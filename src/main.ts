import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { smtpPolicy } from '../channels/email/errors.ts'
import { type ChannelSettings, checkProvider, createChannel, createChannels } from '../channels/index.ts'
import { createMailer } from './accounts/create-mailer.ts'
import { restoredSpan } from './backup/restored.ts'
import { loadTemplates } from './campaign/templates.ts'
import type { ProviderCheck, Simulation } from './channel.ts'
import { systemClock, type WallClock } from './clock.ts'
import { type Config, ConfigProblems } from './config.ts'
import type { Context } from './context.ts'
import { type Db, dialect, openDatabase } from './db/index.ts'
import type { DataLock } from './db/lock.ts'
import { openProblem } from './db/open-problem.ts'
import { createCarriers } from './deliver/carriers.ts'
import { endLeases } from './deliver/orphans.ts'
import { watchRoom } from './disk/room.ts'
import { endJobLeases } from './job/claim.ts'
import { watchLeaps } from './leaps.ts'
import { createLog } from './log.ts'
import type { MailInSettings } from './mail-in/take-in.ts'
import { createMetrics } from './metrics/metrics.ts'
import { type Credentials, smtpUrl } from './network/credentials.ts'
import { fillSearchKeys } from './network/fill-keys.ts'
import { refreshPolicies } from './network/routing-settings.ts'
import { isNumber } from './network/sender-rules.ts'
import { ofEnvironment, type SenderPlan, syncLiveSenders } from './network/senders.ts'
import { openVault } from './network/vault.ts'
import { openPace } from './pace/open.ts'
import type { Composer } from './print-shop/composer.ts'
import { openEmbeddedQueue } from './queue/embedded.ts'
import type { Queue } from './queue/index.ts'
import type { Redis } from './queue/redis.ts'
import { type Random, systemRandom } from './random.ts'
import { tokenKeys } from './tracking/tokens.ts'

/** What surrounds an installation: time and randomness, which tests replace, and the wish that it ends. */
export interface Ambient {
  wall?: WallClock
  random?: Random
  /** A clock nobody can set, in milliseconds from anywhere; with it, leaps of the wall clock are noticed. */
  steadyNow?: () => number
  /** Aborted when the process is asked to end. */
  stop?: AbortSignal
  /** Who stands behind the carriers of sandbox networks. */
  simulation?: Simulation
  /** All that happens here can be played again: no commit waits for the disk. */
  isReplayable?: boolean
}

export interface Relais {
  config: Config
  context: Context
  /** True when a message may really reach somebody: live credentials are configured. */
  isLive: boolean
  /** Asks a provider of the environment whether it takes the credentials; sends nothing. */
  checkProvider(provider: 'twilio' | 'sendgrid' | 'smtp'): Promise<ProviderCheck>
  /** How mail that comes in is told from forged and understood. */
  mailIn: MailInSettings
  close(): Promise<void>
}

/** Typesetting is loaded at the first letter: it is large, and most starts set none. */
const composer: Composer = {
  composeBatch: async (pieces, folder, options) => {
    const { composeBatch } = await import('../channels/print/batch.ts')
    const { frDlRight } = await import('../channels/print/profile.ts')
    return composeBatch(pieces, frDlRight, folder, options)
  },
  letterPdf: async (piece, createdAt, picture) => {
    const { renderLetterPdf } = await import('../channels/print/preview-letter.ts')
    return renderLetterPdf({ ...piece, createdAt, picture })
  },
}

/** One sender per configured provider. Letters or digits decide: only a number can be answered. */
function liveSenders({ twilio, sendgrid, smtp, mailFrom }: Config): SenderPlan[] {
  const plans: SenderPlan[] = []
  const smsAddress = twilio?.from ?? twilio?.messagingServiceSid
  if (smsAddress)
    plans.push({
      channel: 'sms',
      name: 'Twilio',
      provider: 'twilio',
      address: smsAddress,
      isTwoWay: isNumber(smsAddress),
      isDefault: true,
      credentialsRef: ofEnvironment,
    })
  const mailProvider = sendgrid ? 'sendgrid' : smtp ? 'smtp' : undefined
  if (mailProvider)
    plans.push({
      channel: 'email',
      name: 'E-mail',
      provider: mailProvider,
      address: mailFrom,
      isTwoWay: true,
      isDefault: true,
      credentialsRef: ofEnvironment,
    })
  return plans
}

const sendgridEurope = 'https://api.eu.sendgrid.com'

/** What the channels are made of, for a network's own account: that account and nothing of the environment's. */
function settingsOf(credentials: Credentials, config: Config, network?: string): ChannelSettings {
  const { publicUrl, providerUrls } = config
  switch (credentials.provider) {
    case 'twilio':
      return { publicUrl, twilio: { ...credentials, baseUrl: providerUrls?.twilio, network } }
    case 'sendgrid': {
      const { apiKey, webhookPublicKey, oldWebhookPublicKey, region, from } = credentials
      const baseUrl = providerUrls?.sendgrid ?? (region === 'eu' ? sendgridEurope : undefined)
      return { publicUrl, mailFrom: from, sendgrid: { apiKey, webhookPublicKey, oldWebhookPublicKey, baseUrl } }
    }
    case 'smtp':
      return { publicUrl, mailFrom: credentials.from, smtp: { url: smtpUrl(credentials) } }
  }
}

/** The SQLite file of a data folder. */
export const databasePath = (dataFolder: string): string => join(dataFolder, 'relais.db')

/**
 * Puts the parts together, in order: data folder, database, channels. Closing undoes it in the opposite order.
 * On SQLite one process owns the data folder: throws DataInUse when another one does, ConfigProblems when the
 * database cannot be opened, NewerDatabase when a later version has been at work.
 */
export async function openRelais(
  config: Config,
  {
    wall: given,
    random = systemRandom,
    steadyNow = given ? undefined : () => performance.now(),
    stop,
    simulation,
    isReplayable,
  }: Ambient = {},
): Promise<Relais> {
  const wall = given ?? systemClock
  const log = createLog(config.logLevel)
  for (const warning of config.warnings) log.warn(warning)
  const redis = await openSharedRedis(config, log)
  const { db, lock } = await openStore(config, wall, isReplayable).catch((error: unknown) => {
    redis?.disconnect()
    throw error
  })
  const queue = redis && config.redis ? await openSharedQueue(config.redis.url, redis, log) : openEmbeddedQueue()
  const channels = createChannels({ ...config, simulation })
  const vault = openVault(config.secret, random, config.oldSecret ? [config.oldSecret] : [])
  const carriers = createCarriers({
    db,
    vault,
    log,
    build: (credentials, networkId) => createChannel(settingsOf(credentials, config, networkId)),
    check: (credentials) => checkProvider(settingsOf(credentials, config)),
  })
  const close = async () => {
    await carriers.close()
    for (const channel of channels) await channel.close?.()
    await queue.close()
    redis?.disconnect()
    await db.close()
    lock?.release()
  }
  try {
    const context: Context = {
      db,
      wall,
      random,
      log,
      channels,
      accountRates: { ...config.accountRates },
      carriers,
      pace: openPace(redis, steadyNow, wall, log),
      vault,
      templates: loadTemplates(),
      composer,
      metrics: createMetrics(db, wall, queue),
      keys: tokenKeys(config.secret),
      publicUrl: config.publicUrl,
      shortUrl: config.shortUrl,
      dataFolder: config.dataFolder,
      leaps: steadyNow && watchLeaps(wall, steadyNow, log),
      room: watchRoom({ folder: config.dataFolder, reserveMb: config.diskReserveMb, wall, log }),
      mailFrom: config.mailFrom,
      inboundDomain: config.mailIn?.domain,
      mailer: createMailer(config, { wall, log, dataFolder: config.dataFolder }),
      liveSenders: liveSenders(config),
      restored: await restoredSpan(db),
      worker: `${hostname()}:${process.pid}:${Buffer.from(random.bytes(4)).toString('hex')}`,
      queue,
      sharesDatabase: config.databaseUrl !== undefined,
      redis,
      stop,
    }
    await syncLiveSenders(db, context.liveSenders, wall.now())
    await db.transaction((tx) => refreshPolicies(tx, wall.now()))
    return {
      config,
      context,
      isLive: Boolean(config.twilio ?? config.sendgrid ?? config.smtp),
      mailIn: { ...config.mailIn, policyOf: smtpPolicy },
      checkProvider: (provider) => checkProvider({ publicUrl: config.publicUrl, [provider]: config[provider] }),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** How long a start waits for Redis before it goes on without (milliseconds). */
const redisPatienceMs = 5_000

/**
 * Redis, where there is one. One that cannot be reached stops no start: it is asked again and again. Throws
 * ConfigProblems when it is reached and would drop what waits in it.
 */
async function openSharedRedis({ redis: wanted }: Config, log: Logger): Promise<Redis | undefined> {
  if (!wanted) return undefined
  const { openRedis } = await import('./queue/redis.ts')
  const { askRedis, isReached, policyProblem } = await import('./queue/redis-health.ts')
  const redis = openRedis(wanted.url, log)
  if (!(await isReached(redis, redisPatienceMs))) return redis
  const health = await askRedis(redis).catch(() => undefined)
  const problem = health && policyProblem(health)
  if (problem === undefined) return redis
  if (wanted.acceptsEviction) {
    log.warn(problem)
    return redis
  }
  redis.disconnect()
  throw new ConfigProblems([problem])
}

async function openSharedQueue(url: string, redis: Redis, log: Logger): Promise<Queue> {
  const { openBullQueue } = await import('./queue/bullmq.ts')
  return openBullQueue({ url, redis, log })
}

async function openStore(
  config: Config,
  wall: WallClock,
  isReplayable?: boolean,
): Promise<{ db: Db; lock?: DataLock }> {
  if ((dialect === 'postgres') !== (config.databaseUrl !== undefined))
    throw new Error('DATABASE_URL changed after the program had begun to load; set it in the environment.')
  const location = { path: databasePath(config.dataFolder), url: config.databaseUrl, isReplayable }
  let lock: DataLock | undefined
  let db: Db | undefined
  try {
    if (dialect === 'sqlite') lock = (await import('./db/lock.ts')).lockData(config.dataFolder)
    db = await openDatabase(location)
    await db.migrate()
    await fillSearchKeys(db, wall.now())
    // Under the lock no other worker lives: what one held when it died need not wait for its lease.
    if (lock) await endLeases(db, wall.now())
    if (lock) await endJobLeases(db)
    return { db, lock }
  } catch (error) {
    await db?.close()
    lock?.release()
    const problem = openProblem(error, location)
    throw problem ? new ConfigProblems([problem]) : error
  }
}

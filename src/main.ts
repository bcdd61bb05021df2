import { hostname } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createChannels } from '../channels/index.ts'
import { composeBatch } from '../channels/print/batch.ts'
import { renderLetterPdf } from '../channels/print/preview-letter.ts'
import { frDlRight } from '../channels/print/profile.ts'
import { loadTemplates } from './campaign/templates.ts'
import { systemClock, type WallClock } from './clock.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { dialect, openDatabase } from './db/index.ts'
import { type DataLock, lockData } from './db/lock.ts'
import type { SenderPlan } from './network/senders.ts'
import type { Composer } from './print-shop/composer.ts'
import { type Random, systemRandom } from './random.ts'
import { tokenKeys } from './tracking/tokens.ts'

/** What tests replace: time and randomness. */
export interface Ambient {
  wall?: WallClock
  random?: Random
}

export interface Relais {
  config: Config
  context: Context
  /** True when a message may really reach somebody: live credentials are configured. */
  isLive: boolean
  close(): Promise<void>
}

const composer: Composer = {
  composeBatch: (pieces, folder, options) => composeBatch(pieces, frDlRight, folder, options),
  letterPdf: (piece, createdAt) => renderLetterPdf({ ...piece, createdAt }),
}

/** One sender per configured provider. Letters or digits decide: only a number can be answered. */
function liveSenders({ twilio, sendgrid, smtp, mailFrom }: Config): SenderPlan[] {
  const plans: SenderPlan[] = []
  const smsAddress = twilio?.messagingServiceSid ?? twilio?.from
  if (smsAddress)
    plans.push({
      channel: 'sms',
      name: 'Twilio',
      provider: 'twilio',
      address: smsAddress,
      isTwoWay: /^(MG|\+?\d+$)/.test(smsAddress),
      isDefault: true,
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
    })
  return plans
}

/** The SQLite file of a data folder. */
export const databasePath = (dataFolder: string): string => join(dataFolder, 'relais.db')

/**
 * Puts the parts together, in order: data folder, database, channels. Closing undoes it in the opposite order.
 * On SQLite one process owns the data folder: throws DataInUse when another one does.
 */
export async function openRelais(
  config: Config,
  { wall = systemClock, random = systemRandom }: Ambient = {},
): Promise<Relais> {
  const log = pino({ level: config.logLevel, base: undefined }, pino.destination({ dest: 2, sync: true }))
  for (const warning of config.warnings) log.warn(warning)
  const lock: DataLock | undefined = dialect === 'sqlite' ? lockData(config.dataFolder) : undefined
  try {
    const db = await openDatabase({ path: databasePath(config.dataFolder), url: config.databaseUrl })
    await db.migrate()
    const channels = createChannels(config)
    const context: Context = {
      db,
      wall,
      random,
      log,
      channels,
      templates: loadTemplates(),
      composer,
      keys: tokenKeys(config.secret),
      publicUrl: config.publicUrl,
      shortUrl: config.shortUrl,
      dataFolder: config.dataFolder,
      mailFrom: config.mailFrom,
      liveSenders: liveSenders(config),
      worker: `${hostname()}:${process.pid}:${Buffer.from(random.bytes(4)).toString('hex')}`,
    }
    return {
      config,
      context,
      isLive: Boolean(config.twilio ?? config.sendgrid ?? config.smtp),
      close: async () => {
        for (const channel of channels) await channel.close?.()
        await db.close()
        lock?.release()
      },
    }
  } catch (error) {
    lock?.release()
    throw error
  }
}

import { pino } from 'pino'
import type { Mailer } from '../../src/accounts/mailer.ts'
import { loadTemplates } from '../../src/campaign/templates.ts'
import type { WallClock } from '../../src/clock.ts'
import type { Context } from '../../src/context.ts'
import type { Db } from '../../src/db/index.ts'
import { createCarriers } from '../../src/deliver/carriers.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { openVault } from '../../src/network/vault.ts'
import { embeddedPace } from '../../src/pace/embedded.ts'
import { openEmbeddedQueue } from '../../src/queue/embedded.ts'
import type { Random } from '../../src/random.ts'
import { tokenKeys } from '../../src/tracking/tokens.ts'

const silentMailer: Mailer = { leaves: false, send: async () => ({ is: 'kept', place: 'nowhere' }) }

const noComposer: Context['composer'] = {
  composeBatch: () => Promise.reject(new Error('These tests set no letters.')),
  letterPdf: () => Promise.reject(new Error('These tests set no letters.')),
}

/** The engine's parts for pages under test: no channels, nothing sent. */
export const pagesContext = (given: {
  db: Db
  wall: WallClock
  random: Random
  publicUrl: string
  secret: string
  dataFolder: string
  mailer?: Mailer
}): Context => ({
  db: given.db,
  wall: given.wall,
  random: given.random,
  log: pino({ level: 'silent' }),
  channels: [],
  vault: openVault(given.secret, given.random),
  pace: embeddedPace(() => given.wall.now().getTime()),
  carriers: createCarriers({
    db: given.db,
    vault: openVault(given.secret, given.random),
    log: pino({ level: 'silent' }),
    build: () => {
      throw new Error('These tests send nothing.')
    },
    check: () => Promise.reject(new Error('These tests ask no provider.')),
  }),
  templates: loadTemplates(),
  composer: noComposer,
  metrics: createMetrics(given.db, given.wall),
  keys: tokenKeys(given.secret),
  publicUrl: given.publicUrl,
  shortUrl: given.publicUrl,
  dataFolder: given.dataFolder,
  mailFrom: 'Relais <relais@example.com>',
  mailer: given.mailer ?? silentMailer,
  liveSenders: [],
  worker: 'pages',
  queue: openEmbeddedQueue(),
})

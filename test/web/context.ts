import { pino } from 'pino'
import { loadTemplates } from '../../src/campaign/templates.ts'
import type { WallClock } from '../../src/clock.ts'
import type { Context } from '../../src/context.ts'
import type { Db } from '../../src/db/index.ts'
import type { Random } from '../../src/random.ts'
import { tokenKeys } from '../../src/tracking/tokens.ts'

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
}): Context => ({
  db: given.db,
  wall: given.wall,
  random: given.random,
  log: pino({ level: 'silent' }),
  channels: [],
  templates: loadTemplates(),
  composer: noComposer,
  keys: tokenKeys(given.secret),
  publicUrl: given.publicUrl,
  shortUrl: given.publicUrl,
  dataFolder: given.dataFolder,
  mailFrom: 'Relais <relais@example.com>',
  liveSenders: [],
  worker: 'pages',
})

import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Mailer } from './accounts/mailer.ts'
import type { TemplateCatalog } from './campaign/templates.ts'
import type { Channel } from './channel.ts'
import type { WallClock } from './clock.ts'
import type { Db } from './db/index.ts'
import type { networks } from './db/schema.ts'
import type { Carriers } from './deliver/carriers.ts'
import type { Lanes } from './deliver/lanes.ts'
import type { Room } from './disk/room.ts'
import type { Leaps } from './leaps.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { SenderPlan } from './network/senders.ts'
import type { Vault } from './network/vault.ts'
import type { Pace } from './pace/pace.ts'
import type { Composer } from './print-shop/composer.ts'
import type { Queue } from './queue/index.ts'
import type { Random } from './random.ts'
import type { TokenKeys } from './tracking/tokens.ts'
import type { ChannelName } from './words.ts'

export type Network = typeof networks.$inferSelect

/** The parts every stage works with, put together once in `main.ts`. */
export interface Context {
  db: Db
  wall: WallClock
  random: Random
  log: Logger
  /** The installation's adapters; while a network's deliveries are handed over, that network's. */
  channels: readonly Channel[]
  /** Channels of the network at hand whose own credentials cannot be opened. */
  unreadable?: ReadonlySet<ChannelName>
  /** Of the network at hand: the channels it has an account of its own for. */
  ownAccounts?: ReadonlySet<ChannelName>
  /** How fast messages leave. */
  pace: Pace
  /** What the installation's accounts take in a second, by provider; without it, the default. */
  accountRates?: Readonly<Record<string, number | undefined>>
  /** The accounts networks have of their own. */
  carriers: Carriers
  /** Where hand-overs go on between two looks; without them a look waits for every answer. */
  lanes?: Lanes
  /** Seals and opens what networks entrust. */
  vault: Vault
  templates: TemplateCatalog
  composer: Composer
  /** What this process counts, for whoever watches it. */
  metrics: Metrics
  keys: TokenKeys
  publicUrl: string
  shortUrl: string
  dataFolder: string
  /** Tells when the wall clock was set; not watched where absent. */
  leaps?: Leaps
  /** Whether its disk can take what sending writes down; not watched where absent. */
  room?: Room
  /** The mailbox e-mail leaves from. */
  mailFrom: string
  /** The domain whose mail comes in to us: answers and reports have addresses there. */
  inboundDomain?: string
  /** Carries sign-in links and invitations; campaigns leave through `channels`. */
  mailer: Mailer
  /** What a live network sends with: one sender per configured provider. */
  liveSenders: readonly SenderPlan[]
  /**
   * Set where a back-up was restored: what was due before `to` may have left after `from`, unknown to this database.
   * Wall time.
   */
  restored?: { from: Date; to: Date }
  /** Names this process in leases. */
  worker: string
  /** Calls the workers of this database, here and elsewhere. */
  queue: Queue
  /** Set where other processes may work on the same database. */
  sharesDatabase?: boolean
  /** The channels this process hands over on; all where absent. */
  takes?: ReadonlySet<ChannelName>
  /** Set where processes share their work by Redis; every command on it may reject, and nothing may depend on it. */
  redis?: Redis
  /** Aborted when the process is asked to end: what is under way is finished, nothing new is begun. */
  stop?: AbortSignal
}

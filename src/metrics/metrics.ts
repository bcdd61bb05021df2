import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { openBreakers } from '../deliver/breaker.ts'
import type { Queue } from '../queue/index.ts'
import type { ChannelName } from '../words.ts'
import { readDoubts, readOutboxLag, readRetention, readWebhookLag } from './lags.ts'

/** What this process counts. Numbers and names only: never a person, an address or a word of a message. */
export interface Metrics {
  /** Attempts that ended, by how the channel answered. */
  attempted(channel: ChannelName, outcome: 'accepted' | 'refused' | 'unknown' | 'not_sent'): void
  /** A delivery in doubt that the provider turned out to have. */
  adopted(channel: ChannelName): void
  /** A delivery in doubt that the provider denied having, sent once more. */
  resentAfterDoubt(channel: ChannelName): void
  /** A delivery whose time was over before anything could take it. */
  expired(channel: ChannelName): void
  /** What came in from a provider, stored raw. */
  heard(source: string, count: number): void
  /** A provider gave a failure a code that no table of ours knows; at most so many codes are told apart. */
  unrecognised(provider: string, code: string): void
  /** A link or webhook turned away: forged, expired, unknown. */
  refused(kind: string): void
  /** Everything in Prometheus' text format; the gauges are read from the database when asked. */
  text(): Promise<{ body: string; type: string }>
}

/** A label is kept for ever, so their number is bounded, and nothing a provider says in words becomes one. */
const mostCodes = 100
const plainCode = /^[a-z0-9_]{1,40}$/i

/** The counters of a process and the gauges of its database. Lags are seconds of each network's own clock. */
export function createMetrics(db: Db, wall: WallClock, queue?: Pick<Queue, 'waiting'>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'relais_' })
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers })
  const gauge = (name: string, help: string, read: (set: (value: number, network?: string) => void) => Promise<void>) =>
    new Gauge({
      name,
      help,
      labelNames: ['network'],
      registers,
      async collect() {
        this.reset()
        await read((value, network) => (network === undefined ? this.set(value) : this.set({ network }, value)))
      },
    })

  const attempts = counter('relais_attempts_total', 'Hand-overs to channels, by how they ended', ['channel', 'outcome'])
  const adopted = counter('relais_adopted_total', 'Doubtful deliveries the provider turned out to have', ['channel'])
  const resent = counter('relais_resent_after_doubt_total', 'Doubtful deliveries sent once more', ['channel'])
  const unknown = counter('relais_unknown_total', 'Hand-overs whose fate was in doubt', ['channel'])
  const expired = counter('relais_expired_total', 'Deliveries whose time was over before they could leave', ['channel'])
  const inbound = counter('relais_inbound_events_total', 'Events stored from outside', ['source'])
  const unrecognised = counter('relais_unrecognised_codes_total', 'Failures with a code no table knows', [
    'provider',
    'code',
  ])
  const codesMet = new Set<string>()
  const refused = counter('relais_refused_total', 'Links and webhooks turned away', ['kind'])

  if (queue)
    gauge('relais_ranges_waiting', 'Ranges of deliveries offered to workers and not yet dealt with', async (set) => {
      const waiting = await queue.waiting()
      if (waiting !== undefined) set(waiting)
    })
  gauge('relais_outbox_lag_seconds', 'How long the delivery most overdue has waited', (set) =>
    readOutboxLag(db, wall.now(), set),
  )
  gauge('relais_oldest_unknown_seconds', 'How long the oldest doubt has lasted', (set) =>
    readDoubts(db, wall.now(), 'age', set),
  )
  gauge('relais_deliveries_unknown', 'Deliveries in doubt', (set) => readDoubts(db, wall.now(), 'unknown', set))
  gauge('relais_deliveries_to_review', 'Deliveries that wait for a person', (set) =>
    readDoubts(db, wall.now(), 'needs_review', set),
  )
  gauge('relais_retention_age_seconds', 'How long ago what was kept long enough was last removed', (set) =>
    readRetention(db, wall.now(), 'age', set),
  )
  gauge('relais_retention_removed', 'Rows and files the last removal took', (set) =>
    readRetention(db, wall.now(), 'removed', set),
  )
  new Gauge({
    name: 'relais_breaker_open',
    help: 'Provider accounts that take nothing at the moment',
    labelNames: ['channel', 'provider'],
    registers,
    async collect() {
      this.reset()
      for (const { channel, provider } of await openBreakers(db)) this.inc({ channel, provider })
    },
  })
  gauge('relais_webhook_lag_seconds', 'How long the oldest event from outside has waited to be applied', async (set) =>
    set(await readWebhookLag(db, wall.now())),
  )

  return {
    attempted: (channel, outcome) => {
      attempts.inc({ channel, outcome })
      if (outcome === 'unknown') unknown.inc({ channel })
    },
    adopted: (channel) => adopted.inc({ channel }),
    resentAfterDoubt: (channel) => resent.inc({ channel }),
    expired: (channel) => expired.inc({ channel }),
    heard: (source, count) => inbound.inc({ source }, count),
    unrecognised: (provider, code) => {
      if (codesMet.size < mostCodes) codesMet.add(code)
      unrecognised.inc({ provider, code: codesMet.has(code) && plainCode.test(code) ? code : 'other' })
    },
    refused: (kind) => refused.inc({ kind }),
    text: async () => ({ body: await registry.metrics(), type: registry.contentType }),
  }
}

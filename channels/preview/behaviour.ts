import type { ChannelName } from '../../src/channel.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How likely something is, and within which bounds (milliseconds) after what caused it. */
export interface Habit {
  chance: number
  afterMs: readonly [min: number, max: number]
}

export interface Behaviour {
  source: string
  status: 'sourced' | 'believed'
  checkedOn: string
  habits: Record<string, Habit>
}

/**
 * What simulated carriers and people do, per channel. Means are the middle of what the trade reports for reseller
 * networks (no profile is known to a channel); each address then has a taste of its own around them.
 * `dead` is a property of the address, every other habit of one message to one person.
 */
export const behaviours: Record<ChannelName, Behaviour> = {
  sms: {
    source: 'order of magnitude of an SMS answered or followed among craftsmen and counters; carriers: vendor reports',
    status: 'believed',
    checkedOn: '2026-08-01',
    habits: {
      sent: { chance: 1, afterMs: [1 * SECOND, 5 * SECOND] },
      dead: { chance: 0.015, afterMs: [10 * SECOND, 2 * MINUTE] },
      unreachable: { chance: 0.02, afterMs: [10 * MINUTE, 4 * HOUR] },
      delivered: { chance: 1, afterMs: [3 * SECOND, 2 * MINUTE] },
      act: { chance: 0.28, afterMs: [2 * MINUTE, 1 * DAY] },
      finish: { chance: 0.6, afterMs: [1 * MINUTE, 20 * MINUTE] },
      writeBack: { chance: 0.04, afterMs: [2 * MINUTE, 8 * HOUR] },
      stop: { chance: 0.004, afterMs: [1 * MINUTE, 6 * HOUR] },
    },
  },
  email: {
    source:
      'opens of consenting trade readers 35-55 %, clicks 10-20 % of deliveries, hard bounces 1-2 % of a kept list, ' +
      'complaints below 0.1 % (Gmail and Yahoo sender rules of 2024); machine opens: Apple Mail Privacy Protection',
    status: 'believed',
    checkedOn: '2026-08-01',
    habits: {
      dead: { chance: 0.015, afterMs: [2 * SECOND, 5 * MINUTE] },
      deferred: { chance: 0.02, afterMs: [5 * SECOND, 1 * MINUTE] },
      retried: { chance: 1, afterMs: [5 * MINUTE, 1 * HOUR] },
      delivered: { chance: 1, afterMs: [2 * SECOND, 3 * MINUTE] },
      machineOpen: { chance: 0.35, afterMs: [10 * SECOND, 20 * MINUTE] },
      open: { chance: 0.42, afterMs: [5 * MINUTE, 3 * DAY] },
      act: { chance: 0.18, afterMs: [5 * MINUTE, 3 * DAY] },
      finish: { chance: 0.55, afterMs: [1 * MINUTE, 20 * MINUTE] },
      reply: { chance: 0.01, afterMs: [10 * MINUTE, 2 * DAY] },
      writeBack: { chance: 0.02, afterMs: [10 * MINUTE, 2 * DAY] },
      unsubscribe: { chance: 0.003, afterMs: [5 * MINUTE, 2 * DAY] },
      complaint: { chance: 0.0005, afterMs: [5 * MINUTE, 2 * DAY] },
    },
  },
  print: {
    source:
      'about 1.2 % of French mail comes back (PND), 3 to 6 days in the post; QR codes redeemed within three weeks',
    status: 'believed',
    checkedOn: '2026-08-01',
    habits: {
      printed: { chance: 1, afterMs: [6 * HOUR, 1 * DAY] },
      posted: { chance: 1, afterMs: [3 * HOUR, 1 * DAY] },
      dead: { chance: 0.012, afterMs: [8 * DAY, 15 * DAY] },
      act: { chance: 0.1, afterMs: [2 * DAY, 18 * DAY] },
      finish: { chance: 0.6, afterMs: [1 * MINUTE, 20 * MINUTE] },
    },
  },
  intranet: {
    source: 'reads of an intranet post by those it addresses, first fortnight',
    status: 'believed',
    checkedOn: '2026-08-01',
    habits: {
      act: { chance: 0.13, afterMs: [20 * MINUTE, 10 * DAY] },
    },
  },
  screen: {
    source: 'counter agents are said to read nearly every broadcast; the screen is on during opening hours',
    status: 'believed',
    checkedOn: '2026-08-01',
    habits: {
      shown: { chance: 0.97, afterMs: [10 * SECOND, 30 * MINUTE] },
      act: { chance: 0.6, afterMs: [20 * SECOND, 4 * HOUR] },
    },
  },
}

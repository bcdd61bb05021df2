import { z } from 'zod'
import type { NetworkSettings } from '../db/schema/network.ts'
import type { Override } from '../network/routing-settings.ts'
import type { Dated } from '../routing/types.ts'

/** What may go wrong often enough that a campaign stops by itself. */
export const stopKinds = ['bounced', 'complained', 'filtered'] as const
export type StopKind = (typeof stopKinds)[number]

export interface Threshold {
  /** The share of what was sent on the channel above which the campaign stops, 0 … 1. */
  rate: number
  /** Judged from so many sent on. */
  afterSent: number
  /** Fewer than this are an accident whatever their share. */
  atLeast: number
}
export type Thresholds = Record<StopKind, Threshold>

/** Shipped with Relais; a network sets its own under Settings, Limits. */
export const defaultThresholds: Dated<Thresholds> = {
  value: {
    bounced: { rate: 0.05, afterSent: 50, atLeast: 4 },
    complained: { rate: 0.003, afterSent: 50, atLeast: 3 },
    filtered: { rate: 0.02, afterSent: 50, atLeast: 3 },
  },
  source:
    'Bounces: Amazon SES reviews an account from 5 % (docs.aws.amazon.com/ses, reputation metrics); complaints: Gmail ' +
    'sender guidelines (support.google.com/a/answer/81126) and Yahoo sender best practices, never 0.3 %; filtered SMS ' +
    '(Twilio 30007): 2 %, a habit of the trade',
  status: 'sourced',
  checkedOn: '2026-11-22',
}

const threshold = z.object({
  rate: z.number().gt(0).max(1),
  afterSent: z.int().min(1).max(1_000_000),
  atLeast: z.int().min(1).max(1_000_000),
})

const stored = z.object({
  value: z.object({ bounced: threshold, complained: threshold, filtered: threshold }),
  source: z.string().min(1).max(500),
  reason: z.string().max(500).optional(),
  checkedOn: z.iso.date(),
  setBy: z.string(),
})

/** A network's own thresholds (`settings.defaults.stops`). @throws when what is stored is none, naming where. */
export function ownThresholds(settings: NetworkSettings): Override<Thresholds> | undefined {
  if (settings.defaults?.stops === undefined) return undefined
  const parsed = stored.safeParse(settings.defaults.stops)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`The network’s setting defaults.stops.${issue!.path.join('.')} cannot be used: ${issue!.message}`)
}

/** The thresholds a network's campaigns are held to. */
export const thresholdsOf = (settings: NetworkSettings): Thresholds =>
  ownThresholds(settings)?.value ?? defaultThresholds.value

/** The first threshold that is passed. Pure. */
export function passed(counts: Record<StopKind | 'sent', number>, thresholds: Thresholds): StopKind | undefined {
  return stopKinds.find((kind) => {
    const { rate, afterSent, atLeast } = thresholds[kind]
    return counts.sent >= afterSent && counts[kind] >= atLeast && counts[kind] > rate * counts.sent
  })
}

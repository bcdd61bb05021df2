import { hash } from 'node:crypto'
import { z } from 'zod'
import type { InboundEvent } from '../channel.ts'
import { eventTypes } from '../words.ts'

const instant = z.union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))])

const longestKey = 500

/** An `InboundEvent` as it comes back from the raw inbox, where instants are text. */
const storedEvent = z.object({
  dedupeKey: z.string().min(1).max(longestKey),
  type: z.enum(eventTypes),
  networkId: z.string().optional(),
  deliveryId: z.string().optional(),
  attempt: z.int().positive().optional(),
  provider: z.string().optional(),
  providerRef: z.string().optional(),
  occurredAt: instant.optional(),
  data: z.record(z.string(), z.unknown()),
  /** Aggregate tracking: the message whose counter moves, nobody in particular. */
  messageId: z.string().optional(),
}) satisfies z.ZodType<InboundEvent>

export type StoredEvent = z.output<typeof storedEvent>

/** Reads a stored event. Throws, naming the field, when what was received is not one. */
export function readStoredEvent(body: unknown): StoredEvent {
  const parsed = storedEvent.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`Not an event: ${issue!.path.join('.') || 'body'}: ${issue!.message}`)
}

/** A key of any length as one that can be kept: a longer one is stood for by its SHA-256. */
export const shortKey = (key: string): string => (key.length > longestKey ? hash('sha256', key) : key)

/**
 * What came from outside as both databases can hold it: PostgreSQL takes neither NUL nor half of a surrogate pair,
 * and one such text must not cost the ninety-nine events beside it. A date that is none is left out.
 */
export function storable<T>(value: T): T {
  return clean(value) as T
}

/** Half a pair stands for itself only where it is alone; that is looked at more closely. */
const perhapsUnstorable = /[\u0000\ud800-\udfff]/

function clean(value: unknown): unknown {
  if (typeof value === 'string')
    return perhapsUnstorable.test(value) ? value.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd') : value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [clean(key), clean(part)]))
}

/** Ends the source of what a provider answered when we asked. */
export const whenAsked = ' asked'

/** Who said it, whether it called or was asked. */
export const saidBy = (source: string): string =>
  source.endsWith(whenAsked) ? source.slice(0, -whenAsked.length) : source

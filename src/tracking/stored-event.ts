import { z } from 'zod'
import type { InboundEvent } from '../channel.ts'
import { eventTypes } from '../words.ts'

const instant = z.union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))])

/** An `InboundEvent` as it comes back from the raw inbox, where instants are text. */
const storedEvent = z.object({
  dedupeKey: z.string().min(1).max(500),
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

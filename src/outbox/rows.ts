import type { Person } from '../audience/people.ts'
import { newId } from '../db/index.ts'
import type { decisions, deliveries, deliveryMembers } from '../db/schema.ts'
import type { Decision } from '../routing/types.ts'
import { type ChannelName, urgencies } from '../words.ts'
import type { Step } from './step.ts'

export type DecisionRow = typeof decisions.$inferInsert
export type DeliveryRow = typeof deliveries.$inferInsert
export type MemberRow = typeof deliveryMembers.$inferInsert

/** The decision as it is kept, also for someone who gets nothing. */
export const decisionRow = (
  step: Step,
  person: Person,
  decision: Decision,
  occurrence: string,
  seed: string,
  now: Date,
): DecisionRow => ({
  networkId: step.network.id,
  messageId: step.message.id,
  contactId: person.contact.id,
  occurrence,
  outcome: decision.outcome,
  channel: decision.channel ?? null,
  at: decision.at ?? null,
  because: decision.because,
  trace: decision.trace,
  fallbacks: decision.fallbacks,
  policyVersion: decision.policyVersion,
  seed,
  isExplored: decision.because.some(({ code }) => code === 'explored'),
  createdAt: now,
})

/** Whom a companion on a channel is for: the intranet copy is the person's, a screen is the outlet's. */
const companionKey = (channel: ChannelName, person: Person): string =>
  channel === 'screen' ? `site:${person.site.id}` : `contact:${person.contact.id}`

/** The id of a person's address on a channel; null where there is none or the channel needs none. */
export const addressOn = (channel: ChannelName, person: Person): string | null => {
  if (channel === 'sms') return person.routable.mobile?.id ?? null
  if (channel === 'email') return person.routable.email?.id ?? null
  if (channel === 'print') return person.routable.postal?.id ?? null
  return null
}

/** What the outbox owes because of a decision: the chosen channel's delivery and its companions. */
export function owed(step: Step, person: Person, decision: Decision, occurrence: string, now: Date): DeliveryRow[] {
  const rows: DeliveryRow[] = []
  const { channel, at, recipientKey } = decision
  if (channel && at && recipientKey) {
    const isLater = at > now
    const row = rowOf(step, recipientKey, channel, occurrence, now)
    row.status = !isLater ? 'queued' : decision.outcome === 'defer' ? 'held' : 'planned'
    row.reason = isLater && decision.outcome === 'defer' ? 'quiet_hours' : null
    row.addressId = decision.addressId ?? addressOn(channel, person)
    row.senderId = decision.senderId ?? null
    row.dueAt = at
    row.parts = decision.parts
    row.trackingMode = decision.trackingMode
    row.costMillis = decision.costMillis
    rows.push(row)
  }
  for (const companion of decision.companions) {
    if (companion === channel) continue
    const row = rowOf(step, companionKey(companion, person), companion, occurrence, now)
    // The intranet shows it when it is sent, not before: a teaser must not leak.
    row.status = (at ?? now) > now ? 'planned' : 'queued'
    row.addressId = addressOn(companion, person)
    row.senderId = step.senders.find((sender) => sender.channel === companion)?.id ?? null
    row.dueAt = at ?? now
    row.isCompanion = true
    row.costMillis = companion === 'intranet' || companion === 'screen' ? 0 : step.policy.values.costs.value[companion]
    rows.push(row)
  }
  return rows
}

/** One shape for every delivery, spelled out: assembled from parts, each would weigh six kilobytes until written. */
const rowOf = (
  { network, message, policy }: Step,
  recipientKey: string,
  channel: ChannelName,
  occurrence: string,
  now: Date,
): DeliveryRow => ({
  networkId: network.id,
  id: newId(),
  messageId: message.id,
  recipientKey,
  channel,
  occurrence,
  status: 'queued',
  class: message.class,
  priority: urgencies.indexOf(message.urgency),
  addressId: null,
  senderId: null,
  dueAt: now,
  expiresAt: message.expiresAt,
  reason: null,
  isCompanion: false,
  parts: null,
  trackingMode: null,
  costMillis: 0,
  currency: policy.values.currency,
  createdAt: now,
  updatedAt: now,
})

import { and, eq, inArray } from 'drizzle-orm'
import type { CampaignDefinition } from '../campaign/definition.ts'
import type { Tx } from '../db/index.ts'
import type { Cause } from '../db/schema/sequence.ts'
import { messages } from '../db/schema.ts'
import { arrive, type Coming, occurrencesFor } from './arrive.ts'
import { calendarFor, networkOf, placesOfContacts } from './calendar.ts'
import { after } from './delay.ts'

/** Something that happened to somebody, and brings them to a step. */
export interface Brought {
  contactId: string
  /** Business time. */
  at: Date
  cause: Cause
  data?: Record<string, unknown>
  /** Instead of how often they have come: the year of an anniversary. */
  occurrence?: string
  /** Instead of the moment it happened and the delay after it. */
  dueAt?: Date
}

interface Target {
  campaignId: string
  messageId: string
  campaign: CampaignDefinition
  launchedAt: Date
}

/** Brings people to a step by what happened to them, each after its delay, in the transaction of what happened. */
export async function bring(
  tx: Tx,
  networkId: string,
  { campaignId, messageId, campaign, launchedAt }: Target,
  brought: readonly Brought[],
  delay: string | undefined,
  now: Date,
): Promise<void> {
  // What happened before the launch is nothing to the campaign.
  const heard = brought.filter(({ at }) => at >= launchedAt)
  if (heard.length === 0) return
  const [message] = await tx
    .select({ step: messages.step })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.id, messageId)))
  const step = campaign.steps.find((one) => one.name === message?.step)
  if (!step) return
  const ids = heard.map((one) => one.contactId)
  const network = await networkOf(tx, networkId)
  const places = await placesOfContacts(tx, networkId, ids)
  const isEntered = campaign.entry !== undefined
  const occurrenceOf = await occurrencesFor(tx, networkId, { campaignId, messageId, step, isEntered }, ids)
  const coming: Coming[] = []
  for (const { contactId, at, cause, data = {}, occurrence, dueAt } of heard) {
    const place = places.get(contactId)
    if (!place) continue
    const calendar = calendarFor(campaign, place, network)
    const own = occurrenceOf(contactId, at, calendar)
    if (own === undefined) continue
    coming.push({
      ...{ campaignId, messageId, contactId, kind: 'step', cause, data, causeAt: at },
      occurrence: isEntered ? own : (occurrence ?? own),
      dueAt: dueAt ?? (delay === undefined ? at : after(delay, at, calendar)),
    })
  }
  await arrive(tx, networkId, coming, now)
}

/** The message people come to at a step of a campaign; undefined where the campaign has none of that name. */
export async function watchingMessage(
  tx: Tx,
  networkId: string,
  campaignId: string,
  steps: readonly string[],
): Promise<Map<string, string>> {
  if (steps.length === 0) return new Map()
  const rows = await tx
    .select({ step: messages.step, id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.networkId, networkId),
        eq(messages.campaignId, campaignId),
        inArray(messages.step, [...new Set(steps)]),
        eq(messages.occurrence, '1'),
      ),
    )
  return new Map(rows.map((row) => [row.step, row.id]))
}

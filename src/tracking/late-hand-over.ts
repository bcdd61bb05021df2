import { and, eq, inArray } from 'drizzle-orm'
import { addCounts, shardOf } from '../campaign/counts.ts'
import type { Tx } from '../db/index.ts'
import { campaignVersions, contacts, deliveries } from '../db/schema.ts'
import { hopsAfter } from '../deliver/waits.ts'
import { asksFor } from '../engagement/asks.ts'
import { isMeasurable } from '../engagement/measurable.ts'
import { expose } from '../engagement/record.ts'
import { schedule } from '../timer/timers.ts'
import type { Happening } from './happening.ts'

/**
 * What follows a hand-over whose answer nobody saw: the worker died or the line broke, and only what comes back
 * tells that it left. The chances to act it gave and the waits it starts are written as settling would have
 * written them; should the worker live and settle after all, it finds them and changes nothing.
 */
export async function followUp(
  tx: Tx,
  { networkId, subject, recordedAt }: Pick<Happening, 'networkId' | 'subject' | 'recordedAt'>,
  sentAt: Date,
): Promise<void> {
  const { message, contactIds } = subject
  const [delivery] = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.id, subject.delivery.id)))
  if (!delivery) return
  await schedule(tx, networkId, await hopsAfter(tx, networkId, [{ delivery, contactIds }], sentAt), recordedAt)
  if (delivery.isCompanion) return
  const people = await tx
    .select({ id: contacts.id, profile: contacts.profile, siteId: contacts.siteId })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, contactIds)))
  const { channel } = delivery
  const asked = asksFor(channel, {
    ...asksOf(message.definition),
    hasLink: await hasLink(tx, networkId, message.campaignId, message.campaignVersion),
  })
  const measurable = isMeasurable(channel, asked, delivery.trackingMode ?? 'none')
  await expose(
    tx,
    people.map(({ id, profile, siteId }) => ({
      ...{ networkId, deliveryId: delivery.id, contactId: id, channel, profile, siteId },
      ...{ sentAt, isMeasurable: measurable },
    })),
  )
}

/** Counts a hand-over whose answer nobody saw as sent by its campaign; settling counts those it saw. */
export async function countSent(
  tx: Tx,
  { networkId, subject }: Pick<Happening, 'networkId' | 'subject'>,
): Promise<void> {
  const { delivery, message } = subject
  const { channel } = delivery
  if (channel !== 'sms' && channel !== 'email') return
  const counted = { campaignId: message.campaignId, channel, sent: 1 }
  await addCounts(tx, networkId, [counted], shardOf(delivery.id))
}

const isTrue = (value: unknown, name: string) =>
  typeof value === 'object' && value !== null && name in value && (value as Record<string, unknown>)[name] === true

/** What a step's stored definition asks of its readers. */
export const asksOf = (definition: unknown) => ({
  asksAcknowledgement: isTrue(definition, 'asksAcknowledgement'),
  asksReply: isTrue(definition, 'asksReply'),
  asksRegistration: isTrue(definition, 'asksRegistration'),
})

async function hasLink(tx: Tx, networkId: string, campaignId: string, version: number): Promise<boolean> {
  const [row] = await tx
    .select({ definition: campaignVersions.definition })
    .from(campaignVersions)
    .where(
      and(
        eq(campaignVersions.networkId, networkId),
        eq(campaignVersions.campaignId, campaignId),
        eq(campaignVersions.version, version),
      ),
    )
  const definition = row?.definition
  return typeof definition === 'object' && definition !== null && 'link' in definition && Boolean(definition.link)
}

import { and, asc, eq, inArray, isNull, ne } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { addresses, contactAddresses, messages, suppressions } from '../db/schema.ts'
import { suppress } from '../network/suppression.ts'

/** The channels on which a topic can be left by itself: those with an address of the person's own. */
export const topicChannels = ['email', 'sms'] as const
export type TopicChannel = (typeof topicChannels)[number]

export interface TopicChoice {
  topic: string
  /** Absent for a channel the person has no address on. */
  isOpen: Partial<Record<TopicChannel, boolean>>
}

/** Whose topics: the addresses that are theirs alone, or the one mailbox that several read. */
export interface TopicOwner {
  networkId: string
  contactIds: readonly string[]
  /** Where several people are behind the link: nobody's own addresses are touched, only this one. */
  onlyAddressId?: string | null
}

const kinds = { email: 'email', mobile: 'sms' } as const
const mostTopics = 30

/** The addresses a choice is about, by channel. */
export async function addressesOfOwner(
  tx: Tx,
  { networkId, contactIds, onlyAddressId }: TopicOwner,
): Promise<{ id: string; hash: string; channel: TopicChannel }[]> {
  if (contactIds.length === 0) return []
  const rows = await tx
    .selectDistinct({ id: addresses.id, hash: addresses.hash, kind: addresses.kind })
    .from(contactAddresses)
    .innerJoin(
      addresses,
      and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
    )
    .where(
      and(
        eq(contactAddresses.networkId, networkId),
        inArray(contactAddresses.contactId, [...contactIds]),
        inArray(contactAddresses.kind, ['email', 'mobile']),
        onlyAddressId === undefined ? undefined : eq(addresses.id, onlyAddressId ?? ''),
      ),
    )
  return rows.flatMap(({ id, hash, kind }) =>
    kind === 'email' || kind === 'mobile' ? [{ id, hash, channel: kinds[kind] }] : [],
  )
}

/** The topics a network writes about, and on which channels each still comes. */
export async function topicsOf(tx: Tx, owner: TopicOwner): Promise<TopicChoice[]> {
  const own = await addressesOfOwner(tx, owner)
  if (own.length === 0) return []
  const { networkId } = owner
  const named = await tx
    .selectDistinct({ topic: messages.topic })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), ne(messages.topic, '')))
    .orderBy(asc(messages.topic))
    .limit(mostTopics)
  const closed = await closuresOf(tx, owner, own)
  return named.map(({ topic }) => ({
    topic,
    isOpen: Object.fromEntries(
      topicChannels
        .filter((channel) => own.some((address) => address.channel === channel))
        .map((channel) => [
          channel,
          !closed.some((row) => row.topic === topic && (row.channel === '' || row.channel === channel)),
        ]),
    ),
  }))
}

const closuresOf = (tx: Tx, { networkId }: TopicOwner, own: readonly { hash: string }[]) =>
  tx
    .select({ id: suppressions.id, topic: suppressions.topic, channel: suppressions.channel })
    .from(suppressions)
    .where(
      and(
        eq(suppressions.networkId, networkId),
        eq(suppressions.scope, 'topic'),
        isNull(suppressions.liftedAt),
        inArray(
          suppressions.addressHash,
          own.map(({ hash }) => hash),
        ),
      ),
    )

/** A topic on a channel, as the person wants it from now on. */
export interface TopicWish {
  topic: string
  channel: TopicChannel
  isOpen: boolean
}

/**
 * Closes and re-opens topics by channel; what is as it was wished is left alone. A topic closed on every channel by
 * one row stays closed on the others when one of them is opened. Returns the wishes that changed something.
 */
export async function chooseTopics(
  tx: Tx,
  owner: TopicOwner,
  wishes: readonly TopicWish[],
  source: string,
  at: Date,
): Promise<TopicWish[]> {
  const own = await addressesOfOwner(tx, owner)
  if (own.length === 0) return []
  const { networkId } = owner
  const before = await topicsOf(tx, owner)
  const changed = wishes.filter(({ topic, channel, isOpen }) => {
    const was = before.find((one) => one.topic === topic)?.isOpen[channel]
    return was !== undefined && was !== isOpen
  })
  for (const topic of new Set(changed.map((wish) => wish.topic))) {
    const wanted = { ...before.find((one) => one.topic === topic)!.isOpen }
    for (const wish of changed) if (wish.topic === topic) wanted[wish.channel] = wish.isOpen
    const rows = (await closuresOf(tx, owner, own)).filter((row) => row.topic === topic)
    const isAnyOpen = Object.values(wanted).some(Boolean)
    const lifted = rows.filter((row) => (row.channel === '' ? isAnyOpen : wanted[row.channel as TopicChannel]))
    if (lifted.length > 0)
      await tx
        .update(suppressions)
        .set({ liftedAt: at })
        .where(
          and(
            eq(suppressions.networkId, networkId),
            inArray(
              suppressions.id,
              lifted.map((row) => row.id),
            ),
          ),
        )
    for (const { hash, channel } of own)
      if (wanted[channel] === false)
        await suppress(tx, {
          ...{ networkId, scope: 'topic' as const, addressHash: hash, channel, topic },
          ...{ reason: 'unsubscribe', source, occurredAt: at },
        })
  }
  return changed
}

import type { Address, AddressBook, Channel, Content, Outgoing, Receipt } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { seedOf } from '../outbox/decide.ts'
import { RenderProblem } from '../render/problem.ts'
import { compile } from '../render/render.ts'
import type { Claimed } from './claim.ts'
import { renderUrls } from './urls.ts'

/** How one claimed delivery went. */
export interface Outcome {
  claimed: Claimed
  /** What was handed over; absent when it could not be rendered. */
  outgoing?: Outgoing
  receipt: Receipt
}

/** The words for one claimed delivery; the same bytes at every call. */
export async function renderClaimed(context: Context, network: Network, claimed: Claimed): Promise<Content> {
  const { delivery, fixed, step } = claimed
  const { words, values, links } = fixed
  const template = await compile(words.source, words.channel, words.language, context.templates.layouts)
  return template.render(
    values,
    renderUrls(context.keys, {
      channel: delivery.channel,
      mode: delivery.trackingMode ?? 'none',
      fixed: links,
      network: network.number,
      deliveryId: delivery.id,
      messageId: delivery.messageId,
      keyId: delivery.tokenKeyId ?? context.keys.current,
      publicUrl: context.publicUrl,
      shortUrl: context.shortUrl,
      asksAcknowledgement: step.definition.asksAcknowledgement,
    }),
  )
}

/** A person's addresses as channels read them. */
export function addressBook({ people, delivery }: Claimed): AddressBook {
  const { routable, stationId } = people[0]!
  const known = (address: typeof routable.email, kind: Address['kind']): Address | undefined =>
    address && { id: address.id, kind, value: address.value, isShared: address.isShared }
  return {
    contactId: delivery.recipientKey.startsWith('contact:')
      ? delivery.recipientKey.slice('contact:'.length)
      : routable.id,
    siteId: routable.siteId,
    email: known(routable.email, 'email'),
    mobile: known(routable.mobile, 'mobile'),
    postal: known(routable.postal, 'postal'),
    station:
      stationId === undefined ? undefined : { id: stationId, kind: 'station', value: routable.siteId, isShared: true },
  }
}

async function prepare(context: Context, network: Network, claimed: Claimed, now: Date): Promise<Outcome | Outgoing> {
  const { delivery, channel, step, people, fixed } = claimed
  const refused = (code: string, detail: string): Outcome => ({
    claimed,
    receipt: { outcome: 'refused', code, permanent: true, detail },
  })
  const to = channel.address(addressBook(claimed))
  if (!to) return refused('no_address', `No ${delivery.channel} address is left.`)
  let content: Content
  try {
    content = await renderClaimed(context, network, claimed)
  } catch (error) {
    if (!(error instanceof RenderProblem)) throw error
    return refused(`render_${error.code}`, error.message)
  }
  const sender = step.senders.find((candidate) => candidate.id === delivery.senderId)
  return {
    networkId: network.id,
    mode: network.mode,
    deliveryId: delivery.id,
    attempt: delivery.attempt,
    messageId: delivery.messageId,
    recipientKey: delivery.recipientKey,
    siteId: people[0]!.site.id,
    language: fixed.words.language,
    to,
    from: sender?.address ?? undefined,
    fromName: sender?.name,
    content,
    trackingMode: delivery.trackingMode ?? 'none',
    expiresAt: delivery.expiresAt ?? undefined,
    now,
    seed: seedOf(step, people[0]!),
  }
}

const isOutcome = (prepared: Outcome | Outgoing): prepared is Outcome => 'receipt' in prepared

/** Renders and sends, outside any transaction. Every claimed delivery gets an outcome; a doubt is an outcome too. */
export async function handOver(
  context: Context,
  network: Network,
  batch: readonly Claimed[],
  now: Date,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const sendable = new Map<Channel, { claimed: Claimed; outgoing: Outgoing }[]>()
  for (const claimed of batch) {
    const prepared = await prepare(context, network, claimed, now)
    if (isOutcome(prepared)) outcomes.push(prepared)
    else sendable.set(claimed.channel, [...(sendable.get(claimed.channel) ?? []), { claimed, outgoing: prepared }])
  }
  for (const [channel, list] of sendable)
    for (let start = 0; start < list.length; start += channel.perSend)
      outcomes.push(...(await sendSome(context, channel, list.slice(start, start + channel.perSend))))
  return outcomes
}

async function sendSome(
  context: Context,
  channel: Channel,
  some: { claimed: Claimed; outgoing: Outgoing }[],
): Promise<Outcome[]> {
  let receipts: Receipt[]
  try {
    receipts = await channel.send(some.map(({ outgoing }) => outgoing))
  } catch (error) {
    // By contract a throw means that nothing left.
    const detail = (error as Error).message
    context.log.error(
      { channel: channel.name, provider: channel.provider, err: error },
      'A channel failed before sending',
    )
    receipts = some.map(() => ({ outcome: 'refused', code: 'channel_error', permanent: false, detail }))
  }
  return some.map(({ claimed, outgoing }, index) => ({
    claimed,
    outgoing,
    // An adapter that answers too little leaves the rest in doubt, never unsent.
    receipt: receipts[index] ?? { outcome: 'unknown', reason: 'no_receipt_from_adapter' },
  }))
}

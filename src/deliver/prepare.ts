import { leadsToChallenge } from '../campaign/leads-to-challenge.ts'
import type { Address, AddressBook, Content, Outgoing } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { seedOf } from '../outbox/decide.ts'
import { RenderProblem } from '../render/problem.ts'
import { compile } from '../render/render.ts'
import { type ReturnKind, returnAddress } from '../tracking/return-address.ts'
import type { Claimed } from './claim.ts'
import type { Outcome } from './outcome.ts'
import { renderUrls } from './urls.ts'

/** The words for one claimed delivery; the same bytes at every call. Throws RenderProblem. */
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
      leadsToChallenge: leadsToChallenge(step.campaign, step.definition),
    }),
  )
}

/** A person's addresses as channels read them. */
export function addressBook({ people, delivery }: Pick<Claimed, 'people' | 'delivery'>): AddressBook {
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

function returnTo({ keys, inboundDomain }: Context, network: Network, delivery: Claimed['delivery']) {
  if (inboundDomain === undefined) return undefined
  const { id: deliveryId, attempt, tokenKeyId } = delivery
  const at = (kind: ReturnKind) =>
    returnAddress(
      keys,
      { kind, network: network.number, deliveryId, attempt },
      inboundDomain,
      tokenKeyId ?? keys.current,
    )
  return { reply: at('reply'), bounce: at('bounce'), leave: at('leave') }
}

/** What a channel is given of a delivery. `to` is where it goes: by default the person's present address. */
export async function outgoingOf(
  context: Context,
  network: Network,
  claimed: Claimed,
  to: Address,
  now: Date,
): Promise<Outgoing> {
  const { delivery, step, people, fixed } = claimed
  const person = people[0]!
  const sender = step.senders.find((candidate) => candidate.id === delivery.senderId)
  return {
    networkId: network.id,
    mode: network.mode,
    deliveryId: delivery.id,
    attempt: delivery.attempt,
    messageId: delivery.messageId,
    recipientKey: delivery.recipientKey,
    siteId: person.site.id,
    language: fixed.words.language,
    to,
    from: fixed.values.sender.from ?? sender?.address ?? undefined,
    fromName: sender && (delivery.channel === 'email' ? fixed.values.sender.name : sender.name),
    returnTo: delivery.channel === 'email' ? returnTo(context, network, delivery) : undefined,
    content: await renderClaimed(context, network, claimed),
    trackingMode: delivery.trackingMode ?? 'none',
    expiresAt: delivery.expiresAt ?? undefined,
    now,
    seed: seedOf(step, person),
  }
}

/** Makes a claimed delivery ready to be sent, or says why it cannot be: nothing has left then. */
export async function prepare(
  context: Context,
  network: Network,
  claimed: Claimed,
  now: Date,
): Promise<{ outgoing: Outgoing } | { outcome: Outcome }> {
  const refused = (code: string, detail: string) => ({
    outcome: { claimed, receipt: { outcome: 'refused' as const, code, permanent: true, detail } },
  })
  try {
    const to = claimed.channel.address(addressBook(claimed))
    if (!to) return refused('no_address', `No ${claimed.delivery.channel} address is left.`)
    return { outgoing: await outgoingOf(context, network, claimed, to, now) }
  } catch (error) {
    if (error instanceof RenderProblem) return refused(`render_${error.code}`, error.message)
    // One delivery's defect must not hold up the others of its batch.
    context.log.error({ deliveryId: claimed.delivery.id, err: error }, 'A delivery could not be rendered')
    return refused('render_failed', (error as Error).message)
  }
}

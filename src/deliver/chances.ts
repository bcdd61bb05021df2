import type { Tx } from '../db/index.ts'
import { isMeasurable } from '../engagement/measurable.ts'
import { expose } from '../engagement/record.ts'
import type { EventType } from '../words.ts'
import type { Outcome } from './outcome.ts'

/** Writes down the chances to act that a hand-over gave, one for each person it covers; a copy to be read gives none. */
export async function exposePeople(tx: Tx, accepted: readonly Outcome[], now: Date): Promise<void> {
  await expose(
    tx,
    accepted
      .filter(({ claimed }) => !claimed.delivery.isCompanion)
      .flatMap((outcome) => {
        const { delivery, people } = outcome.claimed
        const measurable = isMeasurable(delivery.channel, asksFor(outcome), delivery.trackingMode ?? 'none')
        return people.map(({ contact }) => ({
          networkId: delivery.networkId,
          deliveryId: delivery.id,
          contactId: contact.id,
          channel: delivery.channel,
          profile: contact.profile,
          sentAt: outcome.adoptedFrom ?? now,
          isMeasurable: measurable,
        }))
      }),
  )
}

/** What the message asks for, by which silence can be told from a missing question. */
function asksFor({ claimed: { step, delivery } }: Outcome): EventType[] {
  const asked: EventType[] = []
  if (step.definition.asksAcknowledgement) asked.push('acknowledge')
  if (step.definition.asksReply) asked.push('reply')
  if (step.campaign.link) asked.push(delivery.channel === 'print' ? 'scan' : 'click')
  if (delivery.channel === 'intranet' || delivery.channel === 'screen') asked.push('read')
  return asked
}

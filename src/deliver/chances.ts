import type { Tx } from '../db/index.ts'
import { asksFor } from '../engagement/asks.ts'
import { isMeasurable } from '../engagement/measurable.ts'
import { expose } from '../engagement/record.ts'
import type { Outcome } from './outcome.ts'

/** Writes down the chances to act that a hand-over gave, one for each person it covers; a copy to be read gives none. */
export async function exposePeople(tx: Tx, accepted: readonly Outcome[], now: Date): Promise<void> {
  await expose(
    tx,
    accepted
      .filter(({ claimed }) => !claimed.delivery.isCompanion)
      .flatMap((outcome) => {
        const { delivery, people, step } = outcome.claimed
        const asked = asksFor(delivery.channel, { ...step.definition, hasLink: step.campaign.link !== undefined })
        const measurable = isMeasurable(delivery.channel, asked, delivery.trackingMode ?? 'none')
        return people.map(({ contact }) => ({
          networkId: delivery.networkId,
          deliveryId: delivery.id,
          contactId: contact.id,
          channel: delivery.channel,
          profile: contact.profile,
          siteId: contact.siteId,
          sentAt: outcome.adoptedFrom ?? now,
          isMeasurable: measurable,
        }))
      }),
  )
}

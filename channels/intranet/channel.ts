import type { Channel, Outgoing, Receipt, Simulation } from '../../src/channel.ts'
import { simulate } from '../preview/simulate.ts'
import { refuseWrongContent } from '../wrong-mode.ts'

/** A post on the network's own intranet: stored in the settling transaction, read by whom its level allows. */
export const intranetChannel = (simulation?: Simulation): Channel => ({
  name: 'intranet',
  provider: 'posts',
  serves: 'both',
  isLocal: true,
  perSend: 500,
  // Everyone who can sign in has the intranet: the contact itself is the address.
  address: (book) => ({ id: book.contactId, kind: 'post', value: book.contactId, isShared: false }),
  send: async (deliveries) => deliveries.map((delivery) => post(delivery, simulation)),
  // The row is appended by whoever settles: what was not settled is nowhere.
  lookup: async () => ({ refs: [] }),
})

function post(outgoing: Outgoing, simulation?: Simulation): Receipt {
  const { content, deliveryId, expiresAt } = outgoing
  if (content.channel !== 'intranet') return refuseWrongContent('intranet', outgoing)
  return {
    outcome: 'accepted',
    ref: `post:${deliveryId}`,
    row: {
      table: 'posts',
      title: content.title,
      body: content.html,
      accessLevel: content.accessLevel,
      closesAt: expiresAt,
    },
    echoes: outgoing.mode === 'sandbox' ? simulate(outgoing, simulation) : undefined,
  }
}

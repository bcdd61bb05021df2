import type { Channel, Outgoing, Receipt, Simulation } from '../../src/channel.ts'
import { simulate } from '../preview/simulate.ts'
import { refuseWrongContent } from '../wrong-mode.ts'

/** A message on the counter screens of a site: stored in the settling transaction, gone once read. */
export const screenChannel = (simulation?: Simulation): Channel => ({
  name: 'screen',
  provider: 'screens',
  serves: 'both',
  isLocal: true,
  perSend: 500,
  address: (book) => book.station,
  send: async (deliveries) => deliveries.map((delivery) => broadcast(delivery, simulation)),
  // The row is appended by whoever settles: what was not settled is nowhere.
  lookup: async () => ({ refs: [] }),
})

function broadcast(outgoing: Outgoing, simulation?: Simulation): Receipt {
  const { content, deliveryId, expiresAt, language } = outgoing
  if (content.channel !== 'screen') return refuseWrongContent('screen', outgoing)
  return {
    outcome: 'accepted',
    ref: `broadcast:${deliveryId}`,
    row: {
      table: 'broadcasts',
      title: content.title,
      body: content.text,
      endsAt: expiresAt,
      options: {
        asksAcknowledgement: content.asksAcknowledgement,
        language,
        ...(content.face ? { face: content.face } : {}),
      },
    },
    echoes: outgoing.mode === 'sandbox' ? simulate(outgoing, simulation) : undefined,
  }
}

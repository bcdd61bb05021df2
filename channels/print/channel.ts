import type { Channel, Outgoing, Receipt, Simulation } from '../../src/channel.ts'
import { simulate } from '../preview/simulate.ts'
import { refuseWrongContent } from '../wrong-mode.ts'
import { addressProblem, postalLines } from './address.ts'

/**
 * A letter waits as a piece, appended in the settling transaction; a batch is composed from the pieces by its own
 * job (`batch.ts`), so that a lease never waits for a print shop.
 */
export const printChannel = (simulation?: Simulation): Channel => ({
  name: 'print',
  provider: 'pdf',
  serves: 'both',
  isLocal: true,
  perSend: 500,
  address: (book) => book.postal,
  send: async (deliveries) => deliveries.map((delivery) => piece(delivery, simulation)),
  // The row is appended by whoever settles: what was not settled is nowhere.
  lookup: async () => ({ refs: [] }),
})

function piece(outgoing: Outgoing, simulation?: Simulation): Receipt {
  const { content, deliveryId } = outgoing
  if (content.channel !== 'print') return refuseWrongContent('print', outgoing)
  const addressLines = postalLines(content.addressLines)
  const problem = addressProblem(addressLines, content.postcode, content.country)
  if (problem) return { outcome: 'refused', permanent: true, ...problem }
  return {
    outcome: 'accepted',
    ref: `piece:${deliveryId}`,
    row: { table: 'pieces', addressLines, postcode: content.postcode.trim(), country: content.country },
    echoes: outgoing.mode === 'sandbox' ? simulate(outgoing, simulation) : undefined,
  }
}

import type { AddressBook, Channel, Outgoing, Receipt, Simulation } from '../../src/channel.ts'
import { refuseWrongContent, refuseWrongMode } from '../wrong-mode.ts'
import { previewRef, simulate } from './simulate.ts'

/** Nothing leaves this process, so many go at once. */
const PER_SEND = 500

/** SMS of a sandbox network: accepted here, answered by the simulated carrier and person. */
export const previewSms = (simulation?: Simulation): Channel => preview('sms', (book) => book.mobile, simulation)

/** E-mail of a sandbox network, likewise. */
export const previewEmail = (simulation?: Simulation): Channel => preview('email', (book) => book.email, simulation)

function preview(
  name: 'sms' | 'email',
  address: (book: AddressBook) => Outgoing['to'] | undefined,
  simulation?: Simulation,
): Channel {
  const receipt = (outgoing: Outgoing): Receipt => {
    const wrong = refuseWrongMode('sandbox', outgoing)
    if (wrong) return wrong
    if (outgoing.content.channel !== name) return refuseWrongContent(name, outgoing)
    const parts = outgoing.content.channel === 'sms' ? outgoing.content.parts : 1
    return { outcome: 'accepted', ref: previewRef(outgoing), parts, echoes: simulate(outgoing, simulation) }
  }
  return {
    name,
    provider: 'preview',
    serves: 'sandbox',
    isLocal: true,
    perSend: PER_SEND,
    address,
    send: async (deliveries) => deliveries.map(receipt),
    // What was not settled never was: the preview's only memory is the database that settles.
    lookup: async () => ({ refs: [] }),
  }
}

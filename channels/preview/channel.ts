import type { AddressBook, Channel, Outgoing, Receipt } from '../../src/channel.ts'
import { refuseWrongContent, refuseWrongMode } from '../wrong-mode.ts'
import { previewRef, simulate } from './simulate.ts'

/** Nothing leaves this process, so many go at once. */
const PER_SEND = 500

/** SMS of a sandbox network: accepted here, answered by the simulated carrier and person. */
export const previewSms = (): Channel => preview('sms', (book) => book.mobile)

/** E-mail of a sandbox network, likewise. */
export const previewEmail = (): Channel => preview('email', (book) => book.email)

function preview(name: 'sms' | 'email', address: (book: AddressBook) => Outgoing['to'] | undefined): Channel {
  const receipt = (outgoing: Outgoing): Receipt => {
    const wrong = refuseWrongMode('sandbox', outgoing)
    if (wrong) return wrong
    if (outgoing.content.channel !== name) return refuseWrongContent(name, outgoing)
    const parts = outgoing.content.channel === 'sms' ? outgoing.content.parts : 1
    return { outcome: 'accepted', ref: previewRef(outgoing), parts, echoes: simulate(outgoing) }
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
    lookup: async () => ({ found: false }),
  }
}

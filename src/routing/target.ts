import type { ChannelName } from '../words.ts'
import { isPersonal } from './classes.ts'
import type { RoutableAddress, RoutableContact, RoutableMessage } from './types.ts'

export interface Target {
  /** `contact:…`, or `site:…` where one delivery covers the outlet. */
  recipientKey: string
  /** Absent where the channel is our own sink, or the contact has no such address. */
  address?: RoutableAddress
  /** The only mailbox there is, read by everyone at the outlet. */
  isSharedMailbox: boolean
}

/** Channels that need an address outside Relais. */
export const addressed = (channel: ChannelName): channel is 'sms' | 'email' | 'print' =>
  channel === 'sms' || channel === 'email' || channel === 'print'

/**
 * For whom a channel would take a message, and at which address. A screen belongs to the outlet; a letter and a
 * shared mailbox serve the whole outlet once, unless the words speak to one person.
 */
export function targetOf(
  contact: RoutableContact,
  message: Pick<RoutableMessage, 'class' | 'intent' | 'isPersonal'>,
  channel: ChannelName,
): Target {
  const contactKey = `contact:${contact.id}`
  const siteKey = `site:${contact.siteId}`
  switch (channel) {
    case 'sms':
      return { recipientKey: contactKey, address: contact.mobile, isSharedMailbox: false }
    case 'email': {
      const isShared = contact.email?.isShared ?? false
      return { recipientKey: isShared ? siteKey : contactKey, address: contact.email, isSharedMailbox: isShared }
    }
    case 'print':
      return {
        recipientKey: isPersonal(message) ? contactKey : siteKey,
        address: contact.postal,
        isSharedMailbox: false,
      }
    case 'screen':
      return { recipientKey: siteKey, isSharedMailbox: false }
    case 'intranet':
      return { recipientKey: contactKey, isSharedMailbox: false }
  }
}

import type { ChannelName, MessageClass, SuppressionScope } from '../words.ts'
import { messageClasses } from '../words.ts'
import type { Exclusion, ExclusionCode } from './codes.ts'
import { addressed, type Target } from './target.ts'
import type { RoutableContact, RoutableMessage } from './types.ts'

type Suppression = RoutableContact['suppressions'][number]

const all = (...closed: MessageClass[]): Record<MessageClass, boolean> =>
  Object.fromEntries(messageClasses.map((name) => [name, closed.includes(name)])) as Record<MessageClass, boolean>

/**
 * Which classes each scope closes. A dead address takes nothing. A STOP binds the sender for every class, since
 * the operator blocks it too (Twilio error 21610). Leaving a topic or all marketing closes what is commercial;
 * notices of service and of contract stay open.
 */
export const suppressionTable: Record<SuppressionScope, Record<MessageClass, boolean>> = {
  address: all(...messageClasses),
  channel_sender: all(...messageClasses),
  topic: all('relational', 'marketing'),
  marketing: all('relational', 'marketing'),
}

const codes: Record<SuppressionScope, ExclusionCode> = {
  address: 'suppressed_address',
  channel_sender: 'suppressed_sender',
  topic: 'suppressed_topic',
  marketing: 'suppressed_marketing',
}

/** The suppression that stops this message here, if one does. */
export function suppressionGate(
  contact: RoutableContact,
  message: Pick<RoutableMessage, 'class' | 'topic'>,
  channel: ChannelName,
  target: Target,
  senderId: string | undefined,
): Exclusion | undefined {
  for (const suppression of contact.suppressions) {
    if (!suppressionTable[suppression.scope][message.class]) continue
    if (!reaches(suppression, contact, message, channel, target, senderId)) continue
    return { code: codes[suppression.scope], params: { channel, reason: suppression.reason } }
  }
  return undefined
}

function reaches(
  suppression: Suppression,
  contact: RoutableContact,
  message: Pick<RoutableMessage, 'topic'>,
  channel: ChannelName,
  target: Target,
  senderId: string | undefined,
): boolean {
  const isThisAddress = target.address?.hash === suppression.addressHash
  switch (suppression.scope) {
    case 'address':
      return isThisAddress
    case 'channel_sender':
      return (
        isThisAddress &&
        (suppression.channel === '' || suppression.channel === channel) &&
        (suppression.senderId === '' || suppression.senderId === senderId)
      )
    case 'topic':
      return suppression.topic === message.topic && reachesPerson(suppression, contact, channel, isThisAddress)
    case 'marketing':
      return reachesPerson(suppression, contact, channel, isThisAddress)
  }
}

/**
 * "Stop everything" said without a channel holds for the person on every channel that leaves Relais; said from a
 * mailbox that others share it speaks for that mailbox only. What is merely kept to be read (intranet, screen)
 * closes when it is named.
 */
function reachesPerson(
  suppression: Suppression,
  contact: RoutableContact,
  channel: ChannelName,
  isThisAddress: boolean,
): boolean {
  if (suppression.channel !== '') return suppression.channel === channel && (isThisAddress || !addressed(channel))
  if (!addressed(channel)) return false
  return isThisAddress || !isShared(contact, suppression.addressHash)
}

/** A letterbox and a shared mailbox belong to the whole outlet. */
const isShared = (contact: RoutableContact, hash: string): boolean =>
  contact.postal?.hash === hash || (contact.email?.hash === hash && contact.email.isShared)

import type { ChannelName } from '../words.ts'
import type { Exclusion } from './codes.ts'
import type { Target } from './target.ts'
import type { RoutableMessage, RoutableSender } from './types.ts'

/**
 * Who writes: the default sender of the channel when it fits, otherwise the first that does. An alphanumeric SMS
 * sender is one-way, so a message that asks for a reply needs a number. Own sinks and letters need no sender.
 */
export function senderFor(
  senders: readonly RoutableSender[],
  message: Pick<RoutableMessage, 'asksReply'>,
  channel: ChannelName,
  target: Target,
): { sender?: RoutableSender } | Exclusion {
  const own = senders.filter((sender) => sender.channel === channel)
  if (channel !== 'sms' && channel !== 'email') return { sender: preferDefault(own) }
  if (own.length === 0) return { code: 'no_sender', params: { channel } }
  const country = target.address?.country
  const serving = channel === 'sms' && country ? own.filter((sender) => serves(sender, country)) : own
  if (serving.length === 0) return { code: 'sender_country', params: { channel, country: country ?? null } }
  const answering = channel === 'sms' && message.asksReply ? serving.filter((sender) => sender.isTwoWay) : serving
  if (answering.length === 0) return { code: 'sender_one_way', params: { channel } }
  return { sender: preferDefault(answering) }
}

const serves = (sender: RoutableSender, country: string) =>
  sender.countries.length === 0 || sender.countries.includes(country)

const preferDefault = (senders: readonly RoutableSender[]): RoutableSender | undefined =>
  senders.find((sender) => sender.isDefault) ?? senders[0]

import type { ChannelName, EventType } from '../words.ts'

/** What an author asks of readers, as far as an answer would reach us. */
export interface Asked {
  asksAcknowledgement?: boolean
  asksReply?: boolean
  asksRegistration?: boolean
  /** The campaign has a link of its own. */
  hasLink: boolean
}

/** The acts a message hopes for on a channel; without one, silence after it says nothing (see `isMeasurable`). */
export function asksFor(
  channel: ChannelName,
  { asksAcknowledgement, asksReply, asksRegistration, hasLink }: Asked,
): EventType[] {
  const asked: EventType[] = []
  if (asksAcknowledgement) asked.push('acknowledge')
  if (asksReply) asked.push('reply')
  if (asksRegistration) asked.push('register')
  if (hasLink) asked.push(channel === 'print' ? 'scan' : 'click')
  if (channel === 'intranet' || channel === 'screen') asked.push('read')
  return asked
}

import type { ChannelName, EventType, TrackingMode } from '../words.ts'

/**
 * Whether silence after this delivery says anything. A message that asks for nothing is no chance to act, and
 * a click can be told apart only in `individual` tracking; a reply, a scan, an acknowledgement, a
 * registration or a reading on the intranet reaches us as the person's own act, whatever the tracking.
 */
export function isMeasurable(channel: ChannelName, asksFor: readonly EventType[], trackingMode: TrackingMode): boolean {
  return asksFor.some((act) => {
    if (act === 'click') return (channel === 'email' || channel === 'sms') && trackingMode === 'individual'
    return ['reply', 'scan', 'acknowledge', 'register', 'read'].includes(act)
  })
}

import type { ChannelName } from '../words.ts'
import type { PolicyValues } from './types.ts'

/**
 * Thousandths of a minor unit for one delivery. An SMS is paid by its parts and by the country of the number, the
 * rest by the piece. Sums are rounded once, at the end.
 */
export function costMillis(
  channel: ChannelName,
  parts: number,
  values: Pick<PolicyValues, 'costs' | 'smsCosts'>,
  country?: string | null,
): number {
  if (channel !== 'sms') return values.costs.value[channel]
  const price = country ? values.smsCosts?.value[country] : undefined
  return (price ?? values.costs.value.sms) * parts
}

import type { Channel } from '../channel.ts'
import type { Network } from '../context.ts'
import type { ChannelName } from '../words.ts'

/**
 * The adapter a network's deliveries on a channel leave by. A sandbox network is served by previews and own
 * sinks only, a live one never by previews: the network's mode decides, not the presence of credentials.
 */
export function chooseChannel(
  channels: readonly Channel[],
  network: Pick<Network, 'mode'>,
  name: ChannelName,
  provider?: string,
): Channel | undefined {
  const serving = channels.filter(
    (channel) => channel.name === name && (channel.serves === 'both' || channel.serves === network.mode),
  )
  return serving.find((channel) => channel.provider === provider) ?? serving[0]
}

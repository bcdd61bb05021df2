import type { ChannelName } from '../words.ts'
import { isUrgent } from './classes.ts'
import type { Option } from './gates.ts'
import { reachOfTwo } from './score.ts'
import type { Fallback, RoutingInput } from './types.ts'

/** How many are expected to act once the second channel has asked as well; shares from 0 to 1, to six places. */
export interface Reach {
  second: ChannelName
  cautious: number
  independent: number
  [name: string]: string | number
}

/** What the second try adds; undefined where there is none, or where nothing is believed of one of the two. */
export function reachWith(input: RoutingInput, { belief }: Option, fallbacks: readonly Fallback[]): Reach | undefined {
  const next = isUrgent(input.message) ? undefined : fallbacks.find(({ when }) => when === 'not_acted')
  const second = next && input.beliefs[next.channel]
  if (!next || !belief || !second) return undefined
  const { cautious, independent } = reachOfTwo(belief.mean, second.mean)
  return { second: next.channel, cautious: rounded(cautious), independent: rounded(independent) }
}

const rounded = (share: number): number => Math.round(share * 1e6) / 1e6

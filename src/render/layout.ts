/** The form words take, kept with them: a content version must render alike after the layout file has changed. */
import type { ChannelName } from '../words.ts'
import { type Dress, splitDress } from './dress.ts'

/** Layouts by file name, such as `email.mjml`. */
export type Layouts = Record<string, string>

const fence = '\n\u001elayout '

/** The layout file of a channel, for those that have one. */
export const layoutFile: Partial<Record<ChannelName, string>> = {
  email: 'email.mjml',
  print: 'letter.md',
  intranet: 'post.md',
}

/** The words followed by their layout, as `splitLayout` takes them apart; line numbers of the words stay the same. */
export function withLayout(words: string, channel: ChannelName, layouts: Layouts): string {
  const name = layoutFile[channel]
  const layout = name === undefined ? undefined : layouts[name]
  return layout === undefined ? words : `${words}${fence}${name}\n${layout}`
}

/**
 * The words, the layout and the dress that travel with them; without a layout of their own, the channel's of `layouts`.
 */
export function splitLayout(
  source: string,
  channel: ChannelName,
  layouts: Layouts = {},
): { words: string; layout?: string; dress?: Dress } {
  const { bare, dress } = splitDress(source)
  const at = bare.indexOf(fence)
  if (at < 0) return { words: bare, layout: layouts[layoutFile[channel] ?? ''], dress }
  const from = bare.indexOf('\n', at + 1) + 1
  return { words: bare.slice(0, at), layout: bare.slice(from), dress }
}

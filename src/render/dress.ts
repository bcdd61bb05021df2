/**
 * What a message wears: its network's look, and the library's pictures that the words name. It travels with the words
 * as their layout does, so that a content version renders alike whatever the brand becomes.
 */
import type { ChannelName, Language } from '../words.ts'
import type { Colour } from './contrast.ts'

/** A picture of the library, as messages need it: where it is and how large, never its bytes. */
export interface Picture {
  /** The last part of its public address, such as 1-9f86d081884c7d65.png. */
  file: string
  /** Pixels. */
  width: number
  height: number
  /** What it shows, for those who do not see it. */
  alt: Partial<Record<Language, string>>
}

/** How a network looks in what it sends. */
export interface Look {
  main: Colour
  accent: Colour
  logo?: Picture
  /** The lines under the network's name at the head of letters and at the foot of e-mails. */
  address?: string[]
  /** Who signs, under the words. */
  signature?: string[]
  /** What the law wants said at the foot: legal form, capital, register. */
  legal?: string
}

export interface Dress {
  look?: Look
  /** Those the words name, by that name. A name that is missing here is in no library. */
  pictures: Record<string, Picture>
}

const fence = '\n\u001edress\n'

const worn: Partial<Record<ChannelName, readonly (keyof Look)[]>> = {
  email: ['main', 'accent', 'logo', 'address', 'signature', 'legal'],
  print: ['logo', 'address', 'signature', 'legal'],
  intranet: ['main', 'accent', 'logo'],
  screen: ['main', 'accent', 'logo'],
}

/** What of a dress shows on a channel: a change of the rest must not make another content version there. */
function onChannel({ look, pictures }: Dress, channel: ChannelName): Dress | undefined {
  const parts = look && worn[channel]?.flatMap((part) => (look[part] === undefined ? [] : [[part, look[part]]]))
  const shown = parts && parts.length > 0 ? (Object.fromEntries(parts) as unknown as Look) : undefined
  if (!shown && Object.keys(pictures).length === 0) return undefined
  return shown ? { look: shown, pictures } : { pictures }
}

/** The same words in a dress; words that show nothing of it come back as they were. */
export function withDress(source: string, channel: ChannelName, dress: Dress): string {
  const shown = onChannel(dress, channel)
  const names = picturesIn(source)
  const pictures = Object.fromEntries(
    names.flatMap((name) => (dress.pictures[name] ? [[name, dress.pictures[name]]] : [])),
  )
  if (!shown?.look && names.length === 0) return source
  return `${source}${fence}${JSON.stringify(shown?.look ? { look: shown.look, pictures } : { pictures })}`
}

/** The words and layout without their dress, and the dress; undefined where they never got one. */
export function splitDress(source: string): { bare: string; dress?: Dress } {
  const at = source.indexOf(fence)
  if (at < 0) return { bare: source }
  return { bare: source.slice(0, at), dress: JSON.parse(source.slice(at + fence.length)) as Dress }
}

/** How a name of the library is written in words. */
export const pictureName = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** The pictures that words ask for, each once: `![The team](library:team-2027)`. */
export const picturesIn = (source: string): string[] => [
  ...new Set([...source.matchAll(/!\[[^\]\n]*\]\(\s*<?library:([^)\s>]*)/g)].map(([, name]) => name!)),
]

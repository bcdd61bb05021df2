/** Pictures in words: `![The team](library:team-2027)`, in a paragraph of its own. Nothing else can be shown. */
import type { Language } from '../words.ts'
import type { TemplateProblem } from './check.ts'
import { type Dress, type Picture, pictureName } from './dress.ts'
import { journeyAddress, journeyAlt } from './journey.ts'
import { altOf } from './look.ts'
import type { MarkdownToken } from './markdown.ts'
import { RenderProblem } from './problem.ts'
import { type Protected, standInPattern } from './protect.ts'

const scheme = 'library:'

const explain = {
  foreign: (address: string) =>
    `The picture "${address.slice(0, 60)}" is not one of the library: upload it there, and write library: and its name.`,
  name: (name: string) =>
    `"${name.slice(0, 60)}" names no picture: a name is lower-case letters, digits and hyphens, such as library:team-2027.`,
  unknown: (name: string) =>
    `The library has no picture "${name}": upload it in the console under Library, or write the name of one that is there.`,
  place: 'A picture stands in a paragraph of its own: leave an empty line before and after it.',
  channel: 'This channel shows no pictures: take the picture out, or say it in words.',
}

const problem = (code: keyof typeof explain, message: string) => new RenderProblem({ code: `picture.${code}`, message })

/** A picture as its paragraph shows it; what it says is as written, with stand-ins, else its own in that language. */
export type PlacedPicture = { alt: string } & (
  | {
      picture: Picture
      name: string
    }
  | { isJourney: true }
)

/**
 * The pictures of a paragraph that is nothing but pictures; undefined for any other.
 * @throws RenderProblem for a picture among words, and for one that the library does not have
 */
export function picturesOf(
  inline: MarkdownToken,
  isParagraph: boolean,
  dress: Dress | undefined,
  kept: Protected,
  language: Language,
): PlacedPicture[] | undefined {
  const children = inline.children ?? []
  if (!children.some((child) => child.type === 'image')) return undefined
  const isBlank = (child: MarkdownToken) =>
    child.type === 'softbreak' || child.type === 'hardbreak' || (child.type === 'text' && child.content.trim() === '')
  if (!isParagraph || children.some((child) => child.type !== 'image' && !isBlank(child)))
    throw problem('place', explain.place)
  return children
    .filter((child) => child.type === 'image')
    .map((child) => {
      const address = String(child.attrGet('src') ?? '')
      if (address === journeyAddress) return { isJourney: true, alt: child.content.trim() || journeyAlt(kept) }
      const shown = address.replace(standInPattern(kept.mark), '{{ … }}')
      if (!address.startsWith(scheme)) throw problem('foreign', explain.foreign(shown))
      const name = address.slice(scheme.length)
      if (!pictureName.test(name) || name !== shown.slice(scheme.length)) throw problem('name', explain.name(shown))
      const picture = dress && Object.hasOwn(dress.pictures, name) ? dress.pictures[name] : undefined
      if (!picture) throw problem('unknown', explain.unknown(name))
      return { picture, name, alt: child.content.trim() || altOf(picture, language) }
    })
}

const written = /!\[[^\]\n]*\]\(\s*<?([^)\s>]*)/g

/** Where pictures are written, so that nothing else takes their addresses for links. */
export const pictureSpans = (words: string): [from: number, to: number][] =>
  [...words.matchAll(written)].map((found) => [found.index, found.index + found[0].length])

/** What is wrong with the pictures of a template; which names exist is known only once it wears its network's dress. */
export function pictureProblems(
  words: string,
  dress: Dress | undefined,
  takesPictures: boolean,
  at: (text: string, index: number) => { line: number; column: number },
): TemplateProblem[] {
  return [...words.matchAll(written)].flatMap((found): TemplateProblem[] => {
    const address = found[1]!
    const fault = (code: keyof typeof explain, message: string): TemplateProblem[] => [
      { severity: 'error', code: `picture.${code}`, ...at(words, found.index), message },
    ]
    const isJourney = address === journeyAddress
    if (!takesPictures) return address.startsWith(scheme) || isJourney ? fault('channel', explain.channel) : []
    if (isJourney) return []
    if (!address.startsWith(scheme)) return fault('foreign', explain.foreign(address))
    const name = address.slice(scheme.length)
    if (!pictureName.test(name)) return fault('name', explain.name(address))
    return dress && !Object.hasOwn(dress.pictures, name) ? fault('unknown', explain.unknown(name)) : []
  })
}

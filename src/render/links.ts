/** Where links lead: written-out addresses can be tracked one by one, personal ones are checked as they come. */
import { frontMatterBlock } from './front-matter.ts'
import { splitLayout } from './layout.ts'
import { safeUrl } from './liquid.ts'
import { RenderProblem } from './problem.ts'
import { addPiece, type Protected, standInPattern } from './protect.ts'
import type { RenderUrls } from './urls.ts'

const writtenOut = /https?:\/\/[^\s<>"'`{}[\]\\]+/g

/** The written-out http and https addresses of a template's words, each once: those that may become tracked links. */
export function linksIn(source: string): string[] {
  const { words } = splitLayout(source, 'sms')
  return [...new Set(addressesIn(words.replace(frontMatterBlock, '')).map(({ address }) => address))]
}

/** Addresses in running text with their places; one that goes on into Liquid is personal and left out. */
export function addressesIn(text: string): { address: string; at: number }[] {
  const found: { address: string; at: number }[] = []
  for (const match of text.matchAll(writtenOut)) {
    if (text[match.index + match[0].length] === '{') continue
    const address = trimmed(match[0])
    if (safeUrl(address)) found.push({ address, at: match.index })
  }
  return found
}

/** Without the punctuation of the sentence, and without the bracket Markdown closes the link with. */
function trimmed(address: string): string {
  const bare = address.replace(/[.,;:!?]+$/, '')
  const closes = bare.indexOf(')')
  return closes >= 0 && !bare.slice(0, closes).includes('(') ? bare.slice(0, closes) : bare
}

/** The written-out destinations of one compiled template, in the order their index has in `hrefs`. */
export type Destinations = string[]

/** The tracked address of each destination, or itself where nothing is tracked. */
export const hrefsFor = (destinations: readonly string[], urls: RenderUrls): string[] =>
  destinations.map((destination) => urls.click[destination] ?? destination)

/**
 * A link's address as it must stand in a compiled template: Liquid that looks the tracked address up, or checks a
 * personal one.
 * @throws RenderProblem for anything but http, https, mailto and tel, and for an address that begins in one value
 * and goes on in another
 */
export function compileHref(href: string, kept: Protected, destinations: Destinations): string {
  const stand = [...href.matchAll(standInPattern(kept.mark))]
  if (stand.length === 0) return compileWrittenOut(href, kept, destinations)
  const [only] = stand
  if (stand.length === 1 && only![0] === href && kept.pieces[Number(only![1])]!.startsWith('{{')) {
    return addPiece(kept, withFilter(kept.pieces[Number(only![1])]!, 'url'))
  }
  if (
    !/^https?:\/\/[^/?#]+[/?#]/.test(href.slice(0, stand[0]!.index)) ||
    stand.some((part) => part[0].includes(`${kept.mark}t`))
  ) {
    throw new RenderProblem({
      code: 'link.mixed',
      message: `The address ${shown(href, kept)} is put together from values: begin it with https://host/, or give it as one value.`,
    })
  }
  return href.replace(standInPattern(kept.mark), (_, index: string) =>
    addPiece(kept, withFilter(kept.pieces[Number(index)]!, 'url_encode')),
  )
}

function compileWrittenOut(href: string, kept: Protected, destinations: Destinations): string {
  if (safeUrl(href) === undefined) {
    throw new RenderProblem({
      code: 'link.unsafe',
      message: `The address "${href.slice(0, 60)}" is refused: a link begins with https://, http://, mailto: or tel:.`,
    })
  }
  if (!/^https?:/i.test(href)) return href
  let index = destinations.indexOf(href)
  if (index < 0) index = destinations.push(href) - 1
  return addPiece(kept, `{{ hrefs[${index}] }}`)
}

const withFilter = (piece: string, filter: string) => piece.replace(/\s*-?\}\}$/, ` | ${filter} }}`)

const shown = (href: string, kept: Protected) =>
  href.replace(standInPattern(kept.mark), (_, index: string) => kept.pieces[Number(index)] ?? '').slice(0, 80)

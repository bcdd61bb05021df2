/**
 * A letter is Markdown whose words differ by person. Its shape travels through Liquid as control characters, which
 * no value can hold (they are stripped when a value is written out), so a name can never open a heading.
 */
import type { LetterBlock, PrintPicture } from '../channel.ts'
import type { Language } from '../words.ts'
import type { Dress, Picture } from './dress.ts'
import { journeyMark, printedJourney } from './journey.ts'
import { compileHref, type Destinations } from './links.ts'
import { hrefOf, isTagsOnly, type MarkdownToken } from './markdown.ts'
import { picturesOf } from './pictures.ts'
import type { Protected } from './protect.ts'

type Runs = { text: string; bold?: boolean; italic?: boolean }[]

const mark = {
  block: '\u0001',
  kind: '\u0002',
  boldOn: '\u0003',
  boldOff: '\u0004',
  italicOn: '\u0005',
  italicOff: '\u0006',
}

const inlineMarks: Record<string, string> = {
  strong_open: mark.boldOn,
  strong_close: mark.boldOff,
  em_open: mark.italicOn,
  em_close: mark.italicOff,
  softbreak: '\n',
  hardbreak: '\n',
}

/** Markdown tokens as marked text with stand-ins; links are written out beside their words. */
export function markedText(
  tokens: readonly MarkdownToken[],
  kept: Protected,
  destinations: Destinations,
  dress: Dress | undefined,
  language: Language,
): string {
  let text = ''
  let inList = 0
  for (const [index, token] of tokens.entries()) {
    if (/_list_open$/.test(token.type) && inList++ === 0) text += `${mark.block}l${mark.kind}`
    else if (/_list_close$/.test(token.type)) inList--
    else if (token.type === 'list_item_open') text += `${mark.block}i${mark.kind}`
    else if (token.type === 'inline') {
      const before = tokens[index - 1]!
      const pictures = picturesOf(token, before.type === 'paragraph_open' && inList === 0, dress, kept, language)
      if (pictures) {
        for (const placed of pictures)
          text +=
            'isJourney' in placed
              ? `${mark.block}j${mark.kind}${journeyMark(kept, language)}\n${placed.alt}`
              : `${mark.block}g${mark.kind}${placed.name}\n${placed.alt}`
        continue
      }
      const kind = before.type === 'heading_open' ? 'h' : 'p'
      if (inList === 0 && !isTagsOnly(token, kept.mark)) text += `${mark.block}${kind}${mark.kind}`
      text += markedInline(token.children ?? [], kept, destinations)
    }
  }
  return text
}

function markedInline(children: readonly MarkdownToken[], kept: Protected, destinations: Destinations): string {
  let text = ''
  let href = ''
  for (const child of children) {
    if (child.type === 'link_open') href = compileHref(hrefOf(child), kept, destinations)
    else if (child.type === 'link_close') text += ` (${href})`
    else text += inlineMarks[child.type] ?? child.content
  }
  return text
}

/** A picture as the composer finds it again. */
export const printed = ({ file, width, height }: Picture, alt: string): PrintPicture => ({ file, width, height, alt })

/** Marked text, its Liquid rendered, as the blocks of a letter; blocks left empty by a condition are gone. */
export function letterBlocks(marked: string, dress?: Dress): LetterBlock[] {
  const blocks: LetterBlock[] = []
  for (const part of marked.split(mark.block)) {
    const [kind, content = ''] = part.split(mark.kind) as [string, string?]
    if (kind === 'g' || kind === 'j') {
      const [name = '', alt = ''] = content.split('\n')
      const picture = dress?.pictures[name]
      const shown = kind === 'j' ? printedJourney(name, alt.trim()) : picture && printed(picture, alt.trim())
      if (shown) blocks.push({ type: 'picture', picture: shown })
      continue
    }
    const runs = runsOf(content)
    const list = blocks.at(-1)
    if (kind === 'l') blocks.push({ type: 'list', items: [] })
    else if (runs.length === 0) continue
    else if (kind === 'i' && list?.type === 'list') list.items.push(runs)
    else if (kind === 'h') blocks.push({ type: 'heading', text: runs.map((run) => run.text).join('') })
    else blocks.push({ type: 'paragraph', runs })
  }
  return blocks.filter((block) => block.type !== 'list' || block.items.length > 0)
}

function runsOf(content: string): Runs {
  const runs: Runs = []
  let bold = false
  let italic = false
  for (const piece of content.split(/([\u0003-\u0006])/)) {
    if (piece === mark.boldOn || piece === mark.boldOff) bold = piece === mark.boldOn
    else if (piece === mark.italicOn || piece === mark.italicOff) italic = piece === mark.italicOn
    else if (piece !== '') runs.push({ text: piece, ...(bold ? { bold } : {}), ...(italic ? { italic } : {}) })
  }
  return trimmed(runs)
}

function trimmed(runs: Runs): Runs {
  const first = runs[0]
  const last = runs.at(-1)
  if (first) first.text = first.text.replace(/^[ \n\t]+/, '')
  if (last) last.text = last.text.replace(/[ \n\t]+$/, '')
  return runs.filter((run) => run.text !== '')
}

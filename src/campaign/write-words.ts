/** Words of a step as an author writes them: the lines at their head, each by its name, and the text below. Pure. */
import { frontMatterKeys } from '../render/check.ts'
import { frontMatter } from '../render/front-matter.ts'
import { splitLayout } from '../render/layout.ts'
import { RenderProblem } from '../render/problem.ts'
import type { ChannelName } from '../words.ts'

/** The parts of words, as a form has a field for each. */
export interface WordParts {
  /** Such as subject and preheader, by the names a template file gives them. */
  head: Record<string, string>
  text: string
}

/** Takes words apart; a head that cannot be read stays part of the text, where its author sees it. */
export function partsOf(source: string, channel: ChannelName): WordParts {
  const { words } = splitLayout(source, channel)
  try {
    const { fields, body } = frontMatter(words, frontMatterKeys[channel])
    return { head: fields, text: body.replace(/\n$/, '') }
  } catch (error) {
    if (!(error instanceof RenderProblem)) throw error
    return { head: {}, text: words }
  }
}

/** Puts words together as a template file has them; a line at the head that says nothing is left out. */
export function sourceOf({ head, text }: WordParts): string {
  const lines = Object.entries(head)
    .map(([key, value]) => [key, value.replace(/\s+/g, ' ').trim()] as const)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  const body = `${text.replaceAll('\r\n', '\n').replace(/\s+$/, '')}\n`
  return lines.length === 0 ? body : `---\n${lines.join('\n')}\n---\n${body}`
}

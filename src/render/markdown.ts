import MarkdownIt, { type Token } from 'markdown-it'
import type { Language } from '../words.ts'
import { typeset } from './typography.ts'

export type MarkdownToken = Token

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: true })
// Code and tables are no part of a message; what looks like them stays text.
parser.disable(['code', 'fence', 'html_block', 'html_inline', 'table', 'reference', 'backticks', 'autolink'])
// Addresses are judged in links.ts, with a message; markdown-it would silently show the brackets instead.
parser.validateLink = () => true
parser.normalizeLink = (address) => address

/**
 * Markdown to tokens: HTML in it is text, never markup. Words are set in the language's typography, and a line that
 * holds only Liquid tags stands as a block of its own.
 */
export function parseMarkdown(text: string, mark: string, language: Language): MarkdownToken[] {
  const tagLine = new RegExp(`^[ \\t]*(?:${mark}t\\d+z[ \\t]*)+$`, 'gm')
  const tokens = parser.parse(
    text.replace(tagLine, (line) => `\n${line.trim()}\n`),
    {},
  )
  for (const token of tokens) {
    for (const child of token.children ?? []) {
      if (child.type === 'text') child.content = typeset(child.content, language)
    }
  }
  return tokens
}

/** The address of a link as written. */
export const hrefOf = (link: MarkdownToken): string => String(link.attrGet('href') ?? '')

/** A paragraph that is only a bold link, `**[Take part]({{ link }})**`, is a button. */
export function buttonOf(inline: MarkdownToken): { href: string; label: MarkdownToken[] } | undefined {
  const parts = (inline.children ?? []).filter((child) => child.type !== 'text' || child.content !== '')
  const [open, link] = parts
  if (open?.type !== 'strong_open' || link?.type !== 'link_open') return undefined
  if (parts.at(-1)?.type !== 'strong_close' || parts.at(-2)?.type !== 'link_close') return undefined
  const label = parts.slice(2, -2)
  return label.some((part) => part.type === 'link_close') ? undefined : { href: hrefOf(link), label }
}

/** True when a paragraph holds nothing but stand-ins of Liquid tags: it is no paragraph then. */
export const isTagsOnly = (inline: MarkdownToken, mark: string): boolean =>
  new RegExp(`^(?:${mark}t\\d+z\\s*)+$`).test(inline.content)

import { compileHref, type Destinations } from './links.ts'
import { buttonOf, hrefOf, isTagsOnly, type MarkdownToken } from './markdown.ts'
import type { Protected } from './protect.ts'

/** Markdown tokens as running text with stand-ins: the same words and the same links as the HTML. */
export function plainTextOf(tokens: readonly MarkdownToken[], kept: Protected, destinations: Destinations): string {
  const inline = (children: readonly MarkdownToken[]): string => {
    let text = ''
    let href: string | undefined
    for (const child of children) {
      if (child.type === 'link_open') href = compileHref(hrefOf(child), kept, destinations)
      else if (child.type === 'link_close') text += ` (${href})`
      else if (child.type === 'image') text += child.content.trim() === '' ? '' : `[${child.content.trim()}]`
      else if (child.type === 'softbreak' || child.type === 'hardbreak') text += '\n'
      else text += child.content
    }
    return text
  }
  let text = ''
  const numbers: (number | undefined)[] = []
  let bullet = ''
  for (const [index, token] of tokens.entries()) {
    switch (token.type) {
      case 'bullet_list_open':
        numbers.push(undefined)
        break
      case 'ordered_list_open':
        numbers.push(Number(token.attrGet('start') ?? 1))
        break
      case 'bullet_list_close':
      case 'ordered_list_close':
        numbers.pop()
        text += '\n'
        break
      case 'list_item_open': {
        const number = numbers.at(-1)
        bullet = number === undefined ? '- ' : `${number}. `
        if (number !== undefined) numbers[numbers.length - 1] = number + 1
        break
      }
      case 'hr':
        text += '---\n\n'
        break
      case 'inline': {
        const before = tokens[index - 1]!
        const button = before.type === 'paragraph_open' ? buttonOf(token) : undefined
        if (button) text += `${inline(button.label)} :\n${compileHref(button.href, kept, destinations)}\n\n`
        else if (isTagsOnly(token, kept.mark)) text += inline(token.children ?? [])
        else if (numbers.length > 0)
          text += `${'  '.repeat(numbers.length - 1)}${bullet}${inline(token.children ?? [])}\n`
        else text += `${inline(token.children ?? [])}\n\n`
        bullet = ''
      }
    }
  }
  return text
}

/** Blank lines in a row, left behind by conditions that did not apply, become one. */
export const tidyText = (text: string): string =>
  `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`

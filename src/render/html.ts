import type { Language } from '../words.ts'
import type { Dress } from './dress.ts'
import { journeyTag } from './journey.ts'
import { compileHref, type Destinations } from './links.ts'
import { fitted } from './look.ts'
import { buttonOf, hrefOf, isTagsOnly, type MarkdownToken } from './markdown.ts'
import { type PlacedPicture, picturesOf } from './pictures.ts'
import { addPiece, type Protected } from './protect.ts'

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!)

const blocks: Record<string, string> = {
  bullet_list_open: '<ul>',
  bullet_list_close: '</ul>\n',
  ordered_list_open: '<ol>',
  ordered_list_close: '</ol>\n',
  list_item_open: '<li>',
  list_item_close: '</li>',
  blockquote_open: '<blockquote>',
  blockquote_close: '</blockquote>\n',
  hr: '<hr />\n',
}

const inlines: Record<string, string> = {
  strong_open: '<strong>',
  strong_close: '</strong>',
  em_open: '<em>',
  em_close: '</em>',
  link_close: '</a>',
  softbreak: '<br />\n',
  hardbreak: '<br />\n',
}

/** A button that Outlook also draws: a table cell with a background, and a link that fills it (44 px to tap). */
const emailButton = (href: string, label: string) =>
  `<table class="button" role="presentation" border="0" cellpadding="0" cellspacing="0"><tr><td class="button-cell" align="center"><a class="button-link" href="${href}">${label}</a></td></tr></table>\n`

const plainButton = (href: string, label: string) => `<p><a class="button" href="${href}">${label}</a></p>\n`

/** Within the card of an e-mail; a page leaves a picture its own size. */
const room = { email: { width: 552, height: 800 }, page: { width: 1_200, height: 1_200 } }

/** Width and height are said as attributes: Outlook heeds nothing else, and a page keeps the place free meanwhile. */
function pictureTag(placed: PlacedPicture, kept: Protected, form: 'email' | 'page'): string {
  if ('isJourney' in placed) return journeyTag(escapeHtml(placed.alt), kept, form)
  const { picture, alt } = placed
  const { width, height } = fitted(picture, room[form])
  const src = `${addPiece(kept, '{{ urls.site | url }}')}/i/${picture.file}`
  return `<p class="picture"><img src="${src}" width="${width}" height="${height}" alt="${escapeHtml(alt)}" style="display:block;max-width:100%;height:auto;border:0" /></p>\n`
}

export interface HtmlForm {
  form: 'email' | 'page'
  language: Language
  dress?: Dress
}

/** Markdown tokens as HTML with stand-ins; only the elements above can occur, whatever was written. */
export function htmlOf(
  tokens: readonly MarkdownToken[],
  kept: Protected,
  destinations: Destinations,
  { form, language, dress }: HtmlForm,
): string {
  const inline = (children: readonly MarkdownToken[]): string =>
    children
      .map((child) => {
        if (child.type !== 'link_open') return inlines[child.type] ?? escapeHtml(child.content)
        return `<a href="${escapeHtml(compileHref(hrefOf(child), kept, destinations))}">`
      })
      .join('')
  let html = ''
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'inline') {
      const before = tokens[index - 1]!
      const isParagraph = before.type === 'paragraph_open' && !before.hidden
      const pictures = picturesOf(token, isParagraph, dress, kept, language)
      const button = before.type === 'paragraph_open' ? buttonOf(token) : undefined
      if (pictures) html += pictures.map((picture) => pictureTag(picture, kept, form)).join('')
      else if (button) {
        const href = escapeHtml(compileHref(button.href, kept, destinations))
        html += (form === 'email' ? emailButton : plainButton)(href, inline(button.label))
      } else if (before.type === 'heading_open')
        html += `<${before.tag}>${inline(token.children ?? [])}</${before.tag}>\n`
      else if (before.hidden || isTagsOnly(token, kept.mark)) html += inline(token.children ?? [])
      else html += `<p>${inline(token.children ?? [])}</p>\n`
    } else html += blocks[token.type] ?? ''
  }
  return html
}

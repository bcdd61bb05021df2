const named: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  agrave: 'à',
  acirc: 'â',
  ccedil: 'ç',
  ugrave: 'ù',
  ucirc: 'û',
  icirc: 'î',
  iuml: 'ï',
  ocirc: 'ô',
  rsquo: '’',
  laquo: '«',
  raquo: '»',
  euro: '€',
  hellip: '…',
  ndash: '–',
  mdash: '—',
}

const decoded = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return named[entity.toLowerCase()] ?? whole
    const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1))
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : ''
  })

/**
 * The words of an HTML mail as plain text, a line to a block, quoted blocks with `> ` before their lines. Nothing of
 * it is ever shown as HTML. Linear in its length.
 */
export function htmlWords(html: string): string {
  let depth = 0
  let hidden = ''
  let text = ''
  const add = (words: string) => {
    if (!hidden) text += words
  }
  const line = () => {
    if (!hidden && !text.endsWith('\n')) text += '\n'
  }
  for (const [, tag, words] of html.matchAll(/<([^<>]{0,5000})>|([^<>]+|[<>])/g)) {
    if (words !== undefined) {
      const flat = decoded(words.replace(/\s+/g, ' '))
      if (depth > 0 && text.endsWith('\n') && flat.trim() !== '') add('> ')
      add(text.endsWith('\n') || text.endsWith('> ') ? flat.trimStart() : flat)
      continue
    }
    const [, closing, name] = /^(\/?)\s*([a-z0-9!]+)/i.exec(tag ?? '') ?? []
    const element = name?.toLowerCase() ?? ''
    if (hidden) {
      if (closing && element === hidden) hidden = ''
    } else if (!closing && /^(style|script|title)$/.test(element) && !tag?.endsWith('/')) hidden = element
    else if (element === 'blockquote') {
      line()
      depth = Math.max(0, depth + (closing ? -1 : 1))
    } else if (element === 'br') add('\n')
    else if (/^(p|div|tr|li|h[1-6]|table|ul|ol|hr|pre|section|article)$/.test(element)) line()
  }
  return text
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** A mail of more than a megabyte of HTML is nobody's answer. */
const longestHtml = 1_000_000

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
  const pieces: string[] = []
  let isLineStart = true
  let isAfterSpace = true
  let depth = 0
  let hidden = ''
  const add = (words: string) => {
    if (words === '') return
    pieces.push(words)
    isLineStart = words.endsWith('\n')
    isAfterSpace = isLineStart || words.endsWith(' ')
  }
  const line = () => {
    if (!isLineStart) add('\n')
  }
  const say = (words: string) => {
    const flat = decoded(words.replace(/\s+/g, ' '))
    if (depth > 0 && isLineStart && flat.trim() !== '') add('> ')
    add(isAfterSpace ? flat.trimStart() : flat)
  }
  for (const [, tag, words] of html.slice(0, longestHtml).matchAll(/<([^<>]{0,5000})>|([^<>]+|[<>])/g)) {
    if (words !== undefined) {
      if (!hidden) say(words)
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
  return pieces
    .join('')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

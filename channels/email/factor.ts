/** The parts of a mail that SendGrid substitutes in. */
export interface Parts {
  subject: string
  html: string
  text: string
}

export interface Factored {
  /** What all have in common, with a tag wherever they differ. */
  common: Parts
  /** For each mail, in order, what its tags stand for. */
  substitutions: Record<string, string>[]
}

const partNames = ['subject', 'html', 'text'] as const

/**
 * A part in pieces: where mails made of one template may differ is between two tags, or within a line. By hand, since a
 * regular expression that looks at every place costs ten times as much.
 */
function piecesOf(name: keyof Parts, text: string): string[] {
  if (name === 'subject') return [text]
  const pieces: string[] = []
  let start = 0
  for (;;) {
    const end = name === 'html' ? text.indexOf('<', start + 1) : text.indexOf('\n', start) + 1
    if (end <= start || end >= text.length) break
    pieces.push(text.slice(start, end))
    start = end
  }
  pieces.push(text.slice(start))
  return pieces
}

/** Mails that can be laid over one another have the same shape. */
export const shapeOf = (parts: Parts): string =>
  partNames.map((name) => (parts[name] === '' ? 0 : piecesOf(name, parts[name]).length)).join(' ')

/**
 * Splits mails of one shape into what they share and what is each one's own, so that putting the own pieces back gives
 * every mail byte for byte. A tag occurs in no mail and no tag can be formed across a seam: its signs stand nowhere
 * else. Pieces that are alike throughout (a link in the HTML and in the text) share a tag.
 */
export function factor(mails: readonly Parts[]): Factored {
  const mark = markFor(mails)
  const tags = new Map<string, string>()
  const substitutions: Record<string, string>[] = mails.map(() => ({}))
  const tagOf = (pieces: readonly string[]): string => {
    const key = JSON.stringify(pieces)
    const known = tags.get(key)
    if (known !== undefined) return known
    const tag = `${mark}${tags.size}]`
    tags.set(key, tag)
    for (const [index, piece] of pieces.entries()) substitutions[index]![tag] = piece
    return tag
  }
  const overlaid = (name: keyof Parts): string => {
    const rows = mails.map((mail) => piecesOf(name, mail[name]))
    const [first = []] = rows
    let common = ''
    for (let at = 0; at < first.length; ) {
      let end = at
      while (end < first.length && rows.some((row) => row[end] !== first[end])) end++
      if (end > at) {
        const run = trimmed(rows.map((row) => row.slice(at, end).join('')))
        common += run.before + tagOf(run.pieces) + run.after
        at = end
      } else common += first[at++]!
    }
    return common
  }
  return {
    common: { subject: overlaid('subject'), html: overlaid('html'), text: overlaid('text') },
    substitutions,
  }
}

/** A tag's beginning, `[rl0-` or the first like it that stands in none of the mails. */
function markFor(mails: readonly Parts[]): string {
  for (let n = 0; ; n++) {
    const mark = `[rl${n}-`
    if (mails.every((mail) => partNames.every((name) => !mail[name].includes(mark)))) return mark
  }
}

/** What all begin and end with is no piece of anyone's own. Never cuts between the halves of a surrogate pair. */
function trimmed(pieces: readonly string[]): { before: string; pieces: string[]; after: string } {
  const [first = ''] = pieces
  const shortest = Math.min(...pieces.map((piece) => piece.length))
  let head = 0
  while (head < shortest && pieces.every((piece) => piece[head] === first[head])) head++
  if (isHigh(first, head - 1)) head--
  let tail = 0
  while (
    tail < shortest - head &&
    pieces.every((piece) => piece[piece.length - 1 - tail] === first[first.length - 1 - tail])
  )
    tail++
  if (tail > 0 && isLow(first, first.length - tail)) tail--
  return {
    before: first.slice(0, head),
    pieces: pieces.map((piece) => piece.slice(head, piece.length - tail)),
    after: first.slice(first.length - tail),
  }
}

const isHigh = (text: string, at: number): boolean => /[\ud800-\udbff]/.test(text[at] ?? '')
const isLow = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text[at] ?? '')

/**
 * Keeps Liquid out of sight of Markdown and MJML: each `{{ … }}` and `{% … %}` becomes a plain word while these
 * two work, and comes back after. A word survives in running text, in a link's address and in an attribute.
 */
export interface Protected {
  text: string
  /** The Liquid behind each stand-in, in order. */
  pieces: string[]
  mark: string
}

const liquid = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g

/** Replaces all Liquid by stand-ins. `pieces` may be those of a text protected before, to share one table. */
export function protect(source: string, before?: Protected): Protected {
  const mark = before?.mark ?? unusedMark(source)
  const pieces = before?.pieces ?? []
  const text = source.replace(liquid, (piece) => {
    pieces.push(piece)
    return standIn(mark, pieces.length - 1, piece.startsWith('{%'))
  })
  return { text, pieces, mark }
}

/** Adds a piece of Liquid of our own and gives its stand-in. */
export function addPiece(kept: Protected, piece: string): string {
  kept.pieces.push(piece)
  return standIn(kept.mark, kept.pieces.length - 1, piece.startsWith('{%'))
}

/** Puts the Liquid back. */
export const restore = (text: string, { pieces, mark }: Protected): string =>
  text.replace(new RegExp(`${mark}[ot](\\d+)z`, 'g'), (_, index: string) => pieces[Number(index)] ?? '')

/** Matches one stand-in: `t` is a tag, `o` an output; the group is its index. */
export const standInPattern = (mark: string, kind: 'o' | 't' | '[ot]' = '[ot]'): RegExp =>
  new RegExp(`${mark}${kind}(\\d+)z`, 'g')

const standIn = (mark: string, index: number, isTag: boolean) => `${mark}${isTag ? 't' : 'o'}${index}z`

/** Letters that occur nowhere in the source; lower case, since addresses are case-folded in their host part. */
function unusedMark(source: string): string {
  let mark = 'lqd'
  while (source.includes(mark)) mark += 'q'
  return mark
}

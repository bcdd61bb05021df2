const length = 140

/** The beginning of a message on one line, for lists; cut at a word where there is one. */
export function excerptOf(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  if (line.length <= length) return line
  const cut = line.slice(0, length)
  const at = cut.lastIndexOf(' ')
  return `${(at > length / 2 ? cut.slice(0, at) : cut).replace(/[\uD800-\uDBFF]$/, '')}…`
}

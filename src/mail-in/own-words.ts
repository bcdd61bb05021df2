/**
 * The line a mail program writes above what it quotes. Each must be told from a sentence somebody wrote: it names a
 * time or a mailbox, and ends as such lines do.
 */
const introductions = [
  /^(>?\s*)?le\s.{4,200}(a écrit|a ecrit)\s*:?$/i,
  /^(>?\s*)?on\s.{4,200}\swrote\s*:?$/i,
  /^(>?\s*)?am\s.{4,200}\sschrieb\b.{0,100}:?$/i,
  /^(>?\s*)?(el|il giorno|em)\s.{4,200}(escribió|ha scritto|escreveu)\s*:?$/i,
  /^.{0,100}<[^<>\s]+@[^<>\s]+>\s*(a écrit|wrote)\s*:$/i,
]
/** A line between an answer and what it answers. */
const separators = [
  /^-{2,}\s*(message d['’]origine|message original|original message|message transféré|forwarded message|mensaje original|ursprüngliche nachricht)\s*-{2,}$/i,
  /^(début du message transféré|begin forwarded message)\s*:$/i,
  /^_{20,}$/,
]
/** Outlook quotes by a block of headers: one alone is no proof, two that follow each other are. */
const headerLine = /^\*?(de|from|envoyé|envoyé le|sent|date|à|to|cc|objet|subject|répondre à|reply-to)\*?\s?:\*?\s+\S/i
const fromLine = /^\*?(de|from|von)\*?\s?:\*?\s+\S/i
/** RFC 3676, 4.3: a signature follows this line. */
const signatureLine = /^-- ?$/
/** What programs add below by themselves. */
const addedLines = [
  /^(envoyé|sent) (depuis|de|à partir de|from|avec|with) (mon|ma|my|l['’]|le|yahoo|outlook|gmail|courrier|mail for)\b.{0,60}$/i,
  /^(télécharger|obtenir|get) outlook (pour|for) .{1,40}$/i,
]

const isQuoted = (line: string) => /^\s*>/.test(line)

/** Where what is quoted begins, as an index of a line; the number of lines where nothing is. */
function quoteStart(lines: readonly string[]): number {
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    if (line === '') continue
    // Long ones are folded onto a second line by the programs that write them.
    const joined = `${line} ${lines[index + 1]?.trim() ?? ''}`.trim()
    if (line.length < 400 && introductions.some((pattern) => pattern.test(line))) return index
    if (joined.length < 400 && /^(le|on|am)\s/i.test(line) && introductions.some((pattern) => pattern.test(joined)))
      return index
    if (separators.some((pattern) => pattern.test(line))) return index
    if (fromLine.test(line) && followingHeaders(lines, index) >= 2) return index
  }
  return lines.length
}

/** How many header-like lines follow in the next few that are not empty. */
const followingHeaders = (lines: readonly string[], index: number): number =>
  lines
    .slice(index + 1, index + 8)
    .map((line) => line.trim())
    .filter((line) => line.length < 500 && headerLine.test(line)).length

/**
 * What the writer of a mail wrote: without what the program quoted, the signature behind `-- `, and lines such as
 * "Envoyé de mon iPhone". Where answers stand between quoted lines, only the quoted lines are left out. Where nothing
 * would be left, everything is kept: better too much than a person's words lost.
 */
export function ownWords(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  const start = quoteStart(lines)
  const above = kept(lines.slice(0, start))
  if (above !== '') return above
  // Written below the quotation, or between its lines.
  const below = kept(lines.slice(start + 1).filter((line) => !headerLine.test(line.trim())))
  return lines.slice(start).some(isQuoted) && below !== '' ? below : text.trim()
}

function kept(lines: readonly string[]): string {
  const signature = lines.findIndex((line) => signatureLine.test(line))
  // A signature of somebody who wrote nothing else is all they wrote.
  const body = signature > 0 && lines.slice(0, signature).some((line) => line.trim() !== '' && !isQuoted(line))
  return (body ? lines.slice(0, signature) : lines)
    .filter((line) => !isQuoted(line) && !addedLines.some((pattern) => pattern.test(line.trim())))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

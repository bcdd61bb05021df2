/** A fenced block of a Markdown file; `start` and `end` are the offsets of its text. */
export interface Fence {
  language: string
  text: string
  start: number
  end: number
}

export const fencesOf = (markdown: string): Fence[] =>
  [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((found) => {
    const [whole, language, text] = found as unknown as [string, string, string]
    const start = found.index + whole.indexOf('\n') + 1
    return { language, text, start, end: start + text.length }
  })

/** The commands of a `sh` block, one a line, parts joined by && apart. */
export const commandsIn = ({ text }: Fence): string[] =>
  text
    .split('\n')
    .flatMap((line) => line.replace(/\s+#.*$/, '').split('&&'))
    .map((command) => command.trim())
    .filter((command) => command !== '')

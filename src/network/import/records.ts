/** One row of a text table, perhaps over several lines of the file where a quoted cell holds line breaks. */
export interface TextRecord {
  line: number
  text: string
  /** The quotes do not pair; the text is then to be read with quotes as plain characters. */
  brokenQuote?: 'unclosed' | 'stray'
}

const mostLines = 100
const mostCharacters = 64 * 1024

interface Scan {
  state: 'closed' | 'open' | 'stray'
  delimiters: number
}

/** Reads one line's quotes by RFC 4180: they open at the start of a cell, double inside it, and close before a delimiter. */
function scan(line: string, delimiter: string, startsInside: boolean): Scan {
  let at = 0
  let inside = startsInside
  let delimiters = 0
  for (;;) {
    if (inside) {
      const quote = line.indexOf('"', at)
      if (quote === -1) return { state: 'open', delimiters }
      const next = line[quote + 1]
      if (next === '"') at = quote + 2
      else if (next === undefined) return { state: 'closed', delimiters }
      else if (next !== delimiter) return { state: 'stray', delimiters }
      else {
        delimiters++
        inside = false
        at = quote + 2
      }
    } else if (line[at] === '"') {
      inside = true
      at++
    } else {
      const end = line.indexOf(delimiter, at)
      if (end === -1) return { state: 'closed', delimiters }
      delimiters++
      at = end + 1
    }
  }
}

/**
 * Puts lines together into records. A quote that never closes must not swallow the rest of the file: when a record
 * grows past 100 lines or 64 kB, ends the file open, or closes into the wrong number of cells, its first line is
 * given up as broken and reading goes on at the next line.
 */
export function recordAssembler(delimiter: string, emit: (record: TextRecord) => void) {
  let columns: number | undefined
  let held: { line: number; text: string }[] = []
  let heldCharacters = 0

  const giveUpFirst = () => {
    const [first, ...rest] = held
    held = []
    heldCharacters = 0
    if (first) emit({ ...first, brokenQuote: 'unclosed' })
    for (const line of rest) push(line.text, line.line)
  }

  const push = (text: string, line: number) => {
    if (held.length === 0) {
      if (!text.includes('"')) return emit({ line, text })
      const { state } = scan(text, delimiter, false)
      if (state === 'closed') return emit({ line, text })
      if (state === 'stray') return emit({ line, text, brokenQuote: 'stray' })
      held.push({ line, text })
      heldCharacters = text.length
      return
    }
    held.push({ line, text })
    heldCharacters += text.length
    const { state } = scan(text, delimiter, true)
    if (state === 'open') {
      if (held.length > mostLines || heldCharacters > mostCharacters) giveUpFirst()
      return
    }
    const joined = held.map((part) => part.text).join('\n')
    if (state === 'stray' || (columns !== undefined && scan(joined, delimiter, false).delimiters + 1 !== columns))
      return giveUpFirst()
    const record = { line: held[0]!.line, text: joined }
    held = []
    heldCharacters = 0
    emit(record)
  }

  return {
    push,
    /** Once the header is read. */
    expectColumns: (count: number) => {
      columns = count
    },
    end: () => {
      while (held.length > 0) giveUpFirst()
    },
  }
}

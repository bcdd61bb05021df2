import { parseDocument } from 'yaml'
import { RenderProblem } from './problem.ts'

export interface FrontMatter {
  fields: Record<string, string>
  body: string
  /** Lines before the body, so that a place in the body can be given in the file. */
  linesBefore: number
}

/** Matches the block and the line end after it. */
export const frontMatterBlock = /^---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/

/**
 * The `---` block at the head of a template and the words after it. Values are text, Liquid included.
 * @throws RenderProblem naming the line when the block is not simple `key: text`, or has a key not in `known`
 */
export function frontMatter(source: string, known: readonly string[], file?: string): FrontMatter {
  const text = source.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
  const found = frontMatterBlock.exec(text)
  if (!found) return { fields: {}, body: text, linesBefore: 0 }
  const fields: Record<string, string> = {}
  const lines = found[1]!.split('\n')
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const pair = /^([A-Za-z]+):(?:\s+(.*))?$/.exec(line)
    const key = pair?.[1]
    if (key === undefined || !known.includes(key)) {
      throw new RenderProblem({
        code: 'frontMatter',
        message: `Expected one of ${known.map((name) => `${name}:`).join(' ')} here, followed by its text on the same line.`,
        template: file,
        line: index + 2,
        column: 1,
      })
    }
    fields[key] = unquoted(pair?.[2]?.trim() ?? '')
  }
  return { fields, body: text.slice(found[0].length), linesBefore: lines.length + 2 }
}

/** Quotes are YAML's; bare text is taken as it is, since Liquid and French colons are not YAML. */
function unquoted(value: string): string {
  if (!/^(?:"[^"]*(?:\\.[^"]*)*"|'(?:[^']|'')*')$/.test(value)) return value
  const parsed: unknown = parseDocument(value).toJS()
  return typeof parsed === 'string' ? parsed : value
}

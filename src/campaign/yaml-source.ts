import { type Document, isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import type { CampaignProblem } from './problems.ts'

export interface YamlSource {
  /** The plain value, or undefined when the syntax is broken. */
  value: unknown
  syntax: CampaignProblem[]
  /** The place of a value; of the nearest thing around it when it is missing. */
  place(path: readonly PropertyKey[]): { line: number; column: number }
  /** The place of a key rather than of its value. */
  keyPlace(path: readonly PropertyKey[]): { line: number; column: number }
}

/** A marketer's campaign is a few kB; what is larger is not one. */
const maxLength = 512_000

/** Reads YAML with the place of everything in it. Anchors and aliases are expanded up to a bound ("billion laughs"). */
export function readYaml(source: string, file: string): YamlSource {
  const start = { line: 1, column: 1 }
  const broken = (syntax: CampaignProblem[]): YamlSource => ({
    value: undefined,
    syntax,
    place: () => start,
    keyPlace: () => start,
  })
  if (source.length > maxLength) {
    return broken([
      {
        file,
        ...start,
        path: '',
        message: `The file is ${Math.round(source.length / 1_000)} kB; a campaign file has at most 512 kB.`,
      },
    ])
  }
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number | undefined) => {
    if (offset === undefined) return start
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const syntax = document.errors.map((error) => ({
    file,
    ...at(error.pos[0]),
    path: '',
    message: wording(error.code, error.message),
  }))
  if (document.errors.some((error) => error.code !== 'DUPLICATE_KEY')) return broken(syntax)
  const place = (path: readonly PropertyKey[]) => at(nearest(document, path)?.range?.[0])
  return {
    syntax,
    place,
    keyPlace: (path) => at(keyOffset(document, path)) ?? place(path),
    value: plainValue(document, (message) => syntax.push({ file, ...start, path: '', message })),
  }
}

function plainValue(document: Document.Parsed, report: (message: string) => void): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 })
  } catch (error) {
    report(`The file refers to itself too often: ${error instanceof Error ? error.message : String(error)}.`)
    return undefined
  }
}

function wording(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'This key is written twice; keep one.'
    case 'TAB_AS_INDENT':
      return 'Indent with spaces: YAML does not take tabs.'
    default:
      return `This is not YAML: ${message}.`.replace(/\.\.$/, '.')
  }
}

function nearest(document: Document.Parsed, path: readonly PropertyKey[]): Node | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (typeof node === 'object' && node !== null && 'range' in node) return node as Node
  }
  return undefined
}

function keyOffset(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return nearest(document, path)?.range?.[0]
  for (const pair of parent.items) {
    if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(path.at(-1))) return pair.key.range?.[0]
  }
  return parent.range?.[0]
}

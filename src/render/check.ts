/** What a template gets wrong, found without rendering it: every fault at once, with line and column. */
import type { ChannelName, MessageClass } from '../words.ts'
import { frontMatter } from './front-matter.ts'
import { splitLayout } from './layout.ts'
import { parseLiquid, safeUrl } from './liquid.ts'
import { pictureProblems, pictureSpans } from './pictures.ts'
import { RenderProblem } from './problem.ts'
import { unguardedNames, unknownVariables } from './variables.ts'

export interface TemplateProblem {
  /** A warning can be sent; an error cannot. */
  severity: 'error' | 'warning'
  code: string
  /** From 1. */
  line: number
  /** From 1. */
  column: number
  message: string
  suggestion?: string
}

/** The keys a template's `---` block may have. */
export const frontMatterKeys: Record<ChannelName, readonly string[]> = {
  email: ['subject', 'preheader'],
  sms: ['transliterate'],
  print: ['title', 'qr'],
  intranet: ['title', 'access'],
  screen: ['title'],
}

/** Gmail clips at 102 kB; the layout and the markup need their share. */
const maxWords = 60_000

/**
 * Everything wrong with a template's words for a channel. `fields` are the dotted names it may use (`baseFields`
 * and the campaign's own); `messageClass` decides whether a way out is owed, or forbidden.
 */
export function checkTemplate(
  source: string,
  channel: ChannelName,
  fields: readonly string[],
  messageClass?: MessageClass,
): TemplateProblem[] {
  const { words, layout, dress } = splitLayout(source, channel)
  const found: TemplateProblem[] = [
    ...frontMatterProblems(words, channel),
    ...liquidProblems(words),
    ...linkProblems(words),
    ...pictureProblems(words, dress, channel !== 'sms' && channel !== 'screen', at),
    ...wayOutProblems(words, layout, channel, messageClass),
  ]
  if (words.length > maxWords) {
    found.push({ ...at(words, maxWords), severity: 'warning', code: 'tooBig', message: tooBig(words.length) })
  }
  if (channel === 'sms') found.push(...entityProblems(words))
  if (
    !found.some(
      (problem) =>
        problem.severity === 'error' && problem.code !== 'link.unsafe' && !problem.code.startsWith('picture.'),
    )
  ) {
    found.push(...unknownVariables(words, fields), ...unguardedNames(words))
  }
  return found.sort((a, b) => a.line - b.line || a.column - b.column)
}

const tooBig = (size: number) =>
  `The words take ${Math.round(size / 1_000)} kB; Gmail cuts an e-mail off at 102 kB and hides the way out. Shorten them.`

/** Line and column of a place in a text, both from 1. */
export function at(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index)
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}

function frontMatterProblems(words: string, channel: ChannelName): TemplateProblem[] {
  try {
    const { fields } = frontMatter(words, frontMatterKeys[channel])
    if (channel !== 'email' || fields.subject) return []
    const message = 'An e-mail needs a subject: write "subject: …" between --- lines at the top.'
    return [{ severity: 'error', code: 'subject.missing', line: 1, column: 1, message }]
  } catch (error) {
    return [problemOf(error, 1, 1)]
  }
}

/** Each output alone, so that one fault does not hide the next; then the whole, for tags never closed. */
function liquidProblems(words: string): TemplateProblem[] {
  const found: TemplateProblem[] = []
  for (const output of words.matchAll(/\{\{(?:(?!\{\{)[\s\S])*?\}\}/g)) {
    const { line, column } = at(words, output.index)
    const problem = faultOf(output[0])
    if (problem) found.push(placed(problem, line, column))
  }
  for (const tag of words.matchAll(/\{%-?\s*(include|render|layout|block|raw|echo|liquid|capture)\b[^%]*%\}/g)) {
    const { line, column } = at(words, tag.index)
    const problem = faultOf(tag[0])
    if (problem) found.push(placed(problem, line, column))
  }
  const whole = faultOf(words)
  if (whole && !found.some(({ code, line }) => code === whole.code && line === (whole.line ?? 1))) {
    found.push(problemOf(whole, whole.line ?? 1, whole.column ?? 1))
  }
  return found
}

function faultOf(source: string): RenderProblem | undefined {
  try {
    parseLiquid(source, 'text')
    return undefined
  } catch (error) {
    if (error instanceof RenderProblem) return error
    throw error
  }
}

const placed = ({ code, message }: RenderProblem, line: number, column: number): TemplateProblem => ({
  severity: 'error',
  code,
  line,
  column,
  message,
})

function problemOf(error: unknown, line: number, column: number): TemplateProblem {
  if (!(error instanceof RenderProblem)) throw error
  return {
    severity: 'error',
    code: error.code,
    line: error.line ?? line,
    column: error.column ?? column,
    message: error.message,
  }
}

function linkProblems(words: string): TemplateProblem[] {
  const found: TemplateProblem[] = []
  const pictures = pictureSpans(words)
  for (const link of words.matchAll(/\]\(\s*<?([^)\s>{]*)/g)) {
    const address = link[1]!
    if (pictures.some(([from, to]) => link.index >= from && link.index < to)) continue
    if (address === '' || safeUrl(address.endsWith('://') ? `${address}x` : address) !== undefined) continue
    found.push({
      severity: 'error',
      code: 'link.unsafe',
      ...at(words, link.index + link[0].length - address.length),
      message: `The address "${address.slice(0, 60)}" is refused: a link begins with https://, http://, mailto: or tel:.`,
    })
  }
  return found
}

function wayOutProblems(
  words: string,
  layout: string | undefined,
  channel: ChannelName,
  messageClass: MessageClass | undefined,
): TemplateProblem[] {
  const owed = messageClass === 'marketing' || messageClass === 'relational'
  if (channel === 'email' && owed && !`${words}${layout ?? ''}`.includes('urls.unsubscribe')) {
    const message = `A ${messageClass} e-mail needs an unsubscribe link: add [Se désinscrire]({{ urls.unsubscribe }}) to the words or their layout.`
    return [{ severity: 'error', code: 'unsubscribe.missing', line: 1, column: 1, message }]
  }
  const stop = channel === 'sms' && messageClass && !owed ? /\bSTOP\b/.exec(words) : null
  if (!stop) return []
  const message = `A text message of class ${messageClass} must not say STOP: providers would treat it as marketing and hold it back.`
  return [{ severity: 'error', code: 'sms.stop', ...at(words, stop.index), message }]
}

function entityProblems(words: string): TemplateProblem[] {
  return [...words.matchAll(/&(?:#\d+|#x[0-9a-f]+|[a-z]+);/gi)].map((entity) => ({
    severity: 'error',
    code: 'sms.entity',
    ...at(words, entity.index),
    message: `"${entity[0]}" is HTML and would be read as it stands in a text message: write the character itself.`,
  }))
}

import type { CampaignProblems } from '../../../campaign/problems.ts'
import { CampaignProblems as Problems } from '../../../campaign/problems.ts'
import { parseSegments } from '../../../segment/parse.ts'
import type { SegmentRule } from '../../../segment/rule.ts'
import type { View } from '../../view.ts'

/** Above the rule in the file that is read: its name, its title, `rule:`. */
const linesAbove = 3
const indent = '    '

/** Reads a rule typed as YAML as it would stand in a file; what is wrong with it, in the reader's words. */
export function typedRule(
  view: View,
  text: string,
  existing: readonly string[],
): { rule: SegmentRule } | { problem: string } {
  const body = text
    .split('\n')
    .map((line) => indent + line)
    .join('\n')
  const source = `typed:\n  title: { fr: t, en: t }\n  rule:\n${body}\n`
  try {
    const { typed } = parseSegments(source, 'segment', existing)
    if (typed) return { rule: typed.rule }
    return { problem: view.t('segments.problems.none') }
  } catch (error) {
    if (!(error instanceof Problems)) throw error
    return { problem: textOf(view, error) }
  }
}

const textOf = ({ t }: View, { problems }: CampaignProblems): string =>
  problems
    .map(({ line, column, message, suggestion }) => {
      const place = { line: Math.max(1, line - linesAbove), column: Math.max(1, column - indent.length) }
      const said = t('segments.problems.text', { ...place, message })
      return suggestion ? `${said} ${t('segments.problems.suggestion', { word: suggestion })}` : said
    })
    .join(' ')

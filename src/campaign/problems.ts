/** One thing wrong with a campaign file: where it is, what it is, and what was probably meant. */
export interface CampaignProblem {
  file: string
  /** From 1. */
  line: number
  /** From 1. */
  column: number
  /** `steps.2.template`; empty for the file as a whole. */
  path: string
  message: string
  suggestion?: string
}

/** Everything wrong with a campaign file at once, one line each. */
export class CampaignProblems extends Error {
  override name = 'CampaignProblems'
  readonly problems: CampaignProblem[]

  constructor(problems: CampaignProblem[]) {
    const inOrder = [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
    super(inOrder.map(describeProblem).join('\n'))
    this.problems = inOrder
  }
}

const describeProblem = ({ file, line, column, message, suggestion }: CampaignProblem): string =>
  `${file}:${line}:${column} ${message}${suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`}`

/** Words that cannot be rendered: what, in which template, where, and how to mend it. */
export class RenderProblem extends Error {
  override name = 'RenderProblem'
  readonly code: string
  readonly template?: string
  readonly line?: number
  readonly column?: number

  constructor(problem: { code: string; message: string; template?: string; line?: number; column?: number }) {
    super(problem.message)
    this.code = problem.code
    this.template = problem.template
    this.line = problem.line
    this.column = problem.column
  }
}

/** Why something on the way to a launch was not done; the code is what pages and programs read. */
export type RefusalCode =
  | 'unknown'
  | 'moved'
  | 'problems'
  | 'proof_missing'
  | 'not_asked'
  | 'not_named'
  | 'own_campaign'
  | 'decided'
  | 'changed'
  | 'comment_missing'
  | 'no_seed'
  | 'halted'

export class ApprovalRefused extends Error {
  override name = 'ApprovalRefused'
  readonly code: RefusalCode

  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

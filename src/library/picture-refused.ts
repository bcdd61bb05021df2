/** Why a file cannot be a picture of the library; the page says it in the reader's language and how to mend it. */
export const refusals = [
  'empty',
  'tooHeavy',
  'svg',
  'heic',
  'pdf',
  'otherFormat',
  'damaged',
  'tooWide',
  'tooManyPixels',
  'bomb',
] as const
export type Refusal = (typeof refusals)[number]

export class PictureRefused extends Error {
  override name = 'PictureRefused'
  readonly code: Refusal
  /** What was measured, for the sentence. */
  readonly measured: Record<string, number>

  constructor(code: Refusal, measured: Record<string, number> = {}) {
    super(`The picture is refused: ${code}.`)
    this.code = code
    this.measured = measured
  }
}

export const exclusionReasons = ['ADDRESS_INVALID', 'OVERFLOW', 'MISSING_GLYPH', 'MISSING_PICTURE'] as const
export type ExclusionReason = (typeof exclusionReasons)[number]

/** This piece cannot be printed as it is. The batch goes on without it, and counts it. */
export class PieceExcluded extends Error {
  override name = 'PieceExcluded'
  readonly reason: ExclusionReason

  constructor(reason: ExclusionReason, detail: string) {
    super(detail)
    this.reason = reason
  }
}

export type ImportProblemCode =
  | 'file_missing'
  | 'file_is_folder'
  | 'file_unreadable'
  | 'file_not_a_table'
  | 'workbook_old'
  | 'workbook_encrypted'
  | 'workbook_macros'
  | 'workbook_too_big'
  | 'workbook_broken'
  | 'header_twice'
  | 'header_reserved'
  | 'header_unknown'
  | 'target_unknown'
  | 'target_twice'
  | 'site_column_missing'
  | 'basis_unknown'
  | 'interrupted'

/** The file as a whole cannot be imported; nothing was changed. The message says what, where and how to mend it. */
export class ImportProblem extends Error {
  override name = 'ImportProblem'
  readonly code: ImportProblemCode
  constructor(code: ImportProblemCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

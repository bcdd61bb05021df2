import { inEnglish, type Said, type SaidParams, type SentenceCode } from './sentences/index.ts'

export type ImportProblemCode = Extract<
  SentenceCode,
  | 'file_missing'
  | 'file_is_folder'
  | 'file_unreadable'
  | 'file_not_a_table'
  | 'file_kind_unknown'
  | 'file_too_big'
  | 'file_gone'
  | 'empty_upload'
  | 'too_many_columns'
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
>

/**
 * The file as a whole cannot be imported; nothing was changed. The message says what, where and how to mend it, in
 * English; code and parameters say it in any language.
 */
export class ImportProblem extends Error {
  override name = 'ImportProblem'
  readonly code: ImportProblemCode
  readonly params: SaidParams
  constructor(code: ImportProblemCode, params: SaidParams = {}, options?: { cause?: unknown }) {
    super(inEnglish(code, params), options)
    this.code = code
    this.params = params
  }
}

/** A problem with an uploaded file, which its owner can only upload again when it is not there any more. */
export const problemOf = ({ code, params }: ImportProblem, file: string): Said =>
  code === 'file_missing' ? { code: 'file_gone', params: { file } } : { code, params }

/** Why something that was entered cannot be, by field; what each code says is in the words of the console. */
export type EditProblemCode =
  | 'required'
  | 'name_required'
  | 'too_long'
  | 'unknown'
  | 'same'
  | 'spreadsheet_number'
  | 'not_a_number'
  | 'number_short'
  | 'number_long'
  | 'not_in_use'
  | 'is_landline'
  | 'is_mobile'
  | 'no_mailbox'
  | 'incomplete'
  | 'belongs_to_erased'
  | 'erased'
  | 'exists'
  | 'code_taken'
  | 'postcode'
  | 'hours'
  | 'timezone'
  | 'country'

/** What was entered cannot be: nothing was changed. */
export class EditProblems extends Error {
  override name = 'EditProblems'
  /** The first problem of each field; `form` concerns it as a whole. */
  readonly problems: Readonly<Record<string, EditProblemCode>>
  /** The one who is there already, for `exists` and `code_taken`. */
  readonly existingId: string | undefined
  constructor(problems: Readonly<Record<string, EditProblemCode>>, existingId?: string) {
    super(
      `Not saved: ${Object.entries(problems)
        .map(([field, code]) => `${field} (${code})`)
        .join(', ')}.`,
    )
    this.problems = problems
    this.existingId = existingId
  }
}

/** Longer texts come from a paste gone wrong, and break every list. */
export const longestText = 200

/** Trimmed, without control characters; null when nothing is left. */
export function enteredText(value: string | undefined): string | null {
  const text = (value ?? '').replace(/[\u0000-\u001f\u007f]+/g, ' ').trim()
  return text === '' ? null : text
}

export type SaidParams = Readonly<Record<string, string | number>>

/** A sentence as code and parameters; the words are chosen when it is read. */
export interface Said {
  code: string
  params?: SaidParams
}

export const sentenceCodes = [
  'file_missing',
  'file_is_folder',
  'file_unreadable',
  'file_not_a_table',
  'file_kind_unknown',
  'file_too_big',
  'file_gone',
  'workbook_old',
  'workbook_encrypted',
  'workbook_macros',
  'workbook_too_big',
  'workbook_broken',
  'header_twice',
  'header_reserved',
  'header_unknown',
  'target_unknown',
  'target_twice',
  'site_column_missing',
  'basis_unknown',
  'interrupted',
  'site_missing',
  'unclosed_quote',
  'stray_quote',
  'ragged_row',
  'postcode_unknown',
  'postcode_mended',
  'postcode_missing',
  'country_unknown',
  'site_mailbox_invalid',
  'site_mailbox_mended',
  'opening_hours_unread',
  'profile_unknown',
  'email_invalid',
  'email_mended',
  'mobile_rounded',
  'mobile_invalid',
  'mobile_is_landline',
  'phone_invalid',
  'language_unknown',
  'channel_unknown',
  'answer_unknown',
  'date_invalid',
  'consent_unclear',
  'siret_invalid',
  'control_characters',
  'name_missing',
  'site_conflict',
  'previously_erased',
  'same_person_twice',
  'merged_before',
  'opted_out_before',
  'nobody_deactivated',
  'no_rows',
  'empty_file',
  'windows_1252',
  'sms_unstated',
] as const
export type SentenceCode = (typeof sentenceCodes)[number]

export type Sentences = Readonly<Record<SentenceCode, (params: SaidParams) => string>>

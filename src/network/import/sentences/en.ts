import type { Sentences } from './said.ts'

const advice = 'export the sheet as CSV, which has no limit'
const ignoredCell = 'leave the cell empty when there is none'

const mends: Record<string, string> = {
  at: '" at " was read as @',
  trailing: 'a trailing comma was dropped',
  leading: 'a leading mark was dropped',
  spaces: 'spaces were dropped',
  comma: 'a comma was read as a dot',
}
const mended = (list: unknown) =>
  String(list)
    .split(',')
    .map((mend) => mends[mend] ?? mend)
    .join(' and ')

const mailbox = ({ detail, domain }: Record<string, unknown>): string =>
  ({
    no_mailbox: 'this says there is no mailbox: leave the cell empty instead',
    no_at: 'an e-mail address needs an @',
    no_local_part: 'the part before the @ is missing',
    no_domain_ending: `the domain "${domain}" lacks its ending, such as .fr or .com`,
  })[String(detail)] ?? 'this is not an e-mail address, such as prenom.nom@example.com'

const phone = ({ detail, digits }: Record<string, unknown>): string =>
  ({
    spreadsheet_number:
      'the spreadsheet has rounded the number and its digits are lost: format the column as text, type the number again and export once more',
    not_a_number: `this is not a phone number: ${ignoredCell}`,
    too_short: `a phone number has more than ${digits} digits`,
    too_long: `no phone number has ${digits} digits`,
  })[String(detail)] ?? 'no such number is in use: check its digits and its country code'

const near = (word: unknown, otherwise: string) => (word ? `; did you mean "${word}"?` : otherwise)

export const en: Sentences = {
  // The file as a whole.
  file_missing: ({ file }) => `There is no file ${file}: check its name and folder.`,
  file_is_folder: ({ file }) => `${file} is a folder: name the CSV or XLSX file in it.`,
  file_unreadable: ({ file, detail }) => `${file} cannot be read (${detail}): check its permissions.`,
  file_not_a_table: ({ file }) => `${file} has a line of more than 1 MB: it is not a CSV file.`,
  file_kind_unknown: ({ file }) => `${file} is no table: give a CSV, TSV or XLSX file.`,
  file_too_big: ({ file, megabytes }) => `${file} is larger than ${megabytes} MB: split it into several files.`,
  file_gone: ({ file }) => `${file} is no longer in the data folder: upload it again.`,
  empty_upload: ({ file }) => `${file} is empty: choose a file with a header and rows.`,
  too_many_columns: ({ file, most }) => `${file} has more than ${most} columns: remove those that are of no use.`,
  workbook_old: ({ file }) =>
    `${file} is in the old Excel format (.xls), whatever its name: save it as .xlsx or export it as CSV.`,
  workbook_encrypted: ({ file }) =>
    `${file} is protected by a password: remove it in Excel (File, Info), or export the sheet as CSV.`,
  workbook_macros: ({ file }) => `${file} contains macros (.xlsm): save it as .xlsx, or ${advice}.`,
  workbook_too_big: ({ file, megabytes, entries }) =>
    entries
      ? `${file} holds more than ${entries} parts, which no list of contacts needs: ${advice}.`
      : `${file} unpacks to more than ${megabytes} MB: ${advice}.`,
  workbook_broken: ({ file, detail }) =>
    detail === 'unreadable'
      ? `${file} cannot be read as a workbook: open it in Excel and save it again, or ${advice}.`
      : `${file} is not a sound .xlsx workbook: open it in Excel and save it again, or ${advice}.`,
  header_twice: ({ first, second }) =>
    `${columnName(first)} and ${columnName(second)} bear the same header: rename or delete one of them, so that no cell is lost.`,
  header_reserved: ({ column, instead }) =>
    `${columnName(column)} bears a reserved name: rename the column, for instance "${instead}".`,
  header_unknown: ({ header, near: word, headers }) =>
    `The mapping names a column "${header}" that the file does not have${near(word, `: its columns are ${headers}.`)}`,
  target_unknown: ({ header, target, near: word, targets }) =>
    `The mapping reads column "${header}" as "${target}", which does not exist${near(word, `: choose among ${targets}, site.attributes.NAME, contact.attributes.NAME.`)}`,
  target_twice: ({ first, second, target }) =>
    `${columnName(first)} and ${columnName(second)} are both read as ${target}: map one of them to something else, or to ignore.`,
  site_column_missing: ({ headers }) =>
    `No column says which site a contact belongs to (found: ${headers}): name one "Code site" or "Raison sociale", or give --map with its header and site.code.`,
  basis_unknown: ({ basis, bases }) => `"${basis}" is no basis: choose among ${bases}.`,
  interrupted: () => 'The import was interrupted too often: start it again.',

  // Rows that are not imported.
  site_missing: () => 'the row names no site: fill in its code',
  unclosed_quote: () => 'a quote opens a cell and never closes it: close it or remove it',
  stray_quote: () => 'a quote inside a quoted cell is not doubled: write it twice',
  ragged_row: ({ cells, columns }) =>
    Number(cells) > Number(columns)
      ? `the row has ${cells} cells for ${columns} columns: put quotes around a cell that holds the delimiter`
      : `the row has ${cells} cells for ${columns} columns: a cell or a line break is lost`,

  // Rows that are imported all the same.
  postcode_unknown: () =>
    'no French department has this postcode: another row of the site may give it, letters need it',
  postcode_mended: ({ postcode }) => `read as ${postcode}: the spreadsheet dropped the leading zero`,
  postcode_missing: () => 'no postcode: another row of the site may give it, letters need it',
  country_unknown: () => 'no such country: write its name in French or English, or its two-letter code',
  site_mailbox_invalid: (params) => mailbox(params),
  site_mailbox_mended: ({ mailbox, mends }) => `read as ${mailbox}: ${mended(mends)}`,
  opening_hours_unread: () => 'not understood: write for instance "Lu-Ve 8h-12h 13h30-18h; Sa 9h-12h"',
  profile_unknown: () =>
    'profiles are Terrain, Comptoir, Itinérant, Dirigeant, Bureau; derived from the function instead',
  email_invalid: (params) => `${mailbox(params)}; imported without e-mail`,
  email_mended: ({ mailbox, mends }) => `read as ${mailbox}: ${mended(mends)}`,
  mobile_rounded: (params) => `${phone(params)}; imported without mobile`,
  mobile_invalid: (params) => `${phone(params)}; imported without mobile`,
  mobile_is_landline: () => 'this is a landline, which receives no SMS: kept as phone',
  phone_invalid: (params) => `${phone(params)}; imported without this number`,
  language_unknown: () => 'Relais writes French (fr) and English (en); the network’s language is used',
  channel_unknown: () => 'channels are SMS, e-mail, courrier, intranet, écran; left without preference',
  answer_unknown: () => 'write oui or non',
  date_invalid: () => 'no such day: write day/month/year, such as 31/01/2026',
  consent_unclear: () => 'neither yes nor no: kept as not asked',
  siret_invalid: () => 'the check digit does not match: compare with the company’s papers',
  control_characters: () => 'invisible control characters were removed',
  name_missing: () => 'neither first nor last name: imported under the site, letters are addressed to the company',
  site_conflict: ({ site, field }) => `an earlier row gives site ${site} another ${field}: the first is kept`,
  previously_erased: () => 'this person asked to be erased and stays so',
  same_person_twice: () => 'an earlier row is the same person: this one only fills what that one left empty',
  merged_before: () => 'this person was merged into another: the row only fills what that one leaves empty',
  opted_out_before: ({ channels }) =>
    `previously opted out of ${String(channels).split(',').join(' and ')}: a file cannot opt them in again`,

  // What the operator should know of the whole.
  nobody_deactivated: () =>
    'Nobody was deactivated: with rejected or without any rows, who is absent is not known. Mend the rejects and import the whole file again.',
  no_rows: () => '0 contacts: the file has a header and no rows; nothing changed.',
  empty_file: () => '0 contacts: the file is empty; nothing changed.',
  windows_1252: () => 'The file is not UTF-8 and was read as Windows-1252: check that accents look right.',
  sms_unstated: ({ count }) =>
    `${count} contacts say yes to SMS in the file; without --basis this is kept as "unstated" and marketing SMS stays closed to them. If they gave consent and you can show it, import again with --basis consent.`,
  sms_basis_closed: ({ count, basis, countries }) =>
    `${count} contacts say yes to SMS in the file on the basis "${basis}": that opens no marketing SMS in ${countries}, where the person's own consent is asked for; service messages are not concerned. If they gave consent and you can show it, import again with --basis consent.`,
}

/** `3|Prénom` as people name it. */
function columnName(column: unknown): string {
  const [number, header] = String(column).split(/\|(.*)/s)
  return `column ${number}${header ? ` ("${header}")` : ' (no header)'}`
}

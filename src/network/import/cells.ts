const needsWork = /[^\x20-\x7e]| {2}|^[' ]| $/
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u200b\ufeff]/
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u200b\ufeff]/g

/** Characters nobody typed on purpose: C0 and C1 controls but tab and line breaks, zero-width space, byte order mark. */
export const hasControlCharacters = (cell: string): boolean => control.test(cell)

/**
 * A cell as it is kept: NFC, no control characters, every run of white space one space, none at the ends. The
 * apostrophe that makes a spreadsheet treat a number or a formula as text is taken off.
 */
export function cleanCell(cell: string): string {
  if (!needsWork.test(cell)) return cell
  return cell
    .normalize('NFC')
    .replace(controls, '')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim()
    .replace(/^'(?=[=+\-@\d])/, '')
}

/** What a spreadsheet takes for the beginning of a formula, its full-width twins, and what hides one. */
const formula = /^[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/

/** An international phone number (ITU-T E.164) and nothing else: digits cannot be a call. */
const phone = /^\+[1-9]\d{6,14}$/

/**
 * A text that a spreadsheet shows rather than computes: one that begins like a formula gets an apostrophe in front
 * (OWASP, CSV Injection). Space and quotes before the sign do not hide it: some programs trim them. In a column of
 * phones, a number in E.164 stays as it is, so that it can be dialled and imported again.
 */
export function safeCell(text: string, kind: 'text' | 'phone' = 'text'): string {
  if (kind === 'phone' && phone.test(text)) return text
  return formula.test(text) || formula.test(text.replace(/^[\s"'\u00a0\ufeff\u200b]+/, '')) ? `'${text}` : text
}

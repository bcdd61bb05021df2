/**
 * How many parts a text message takes. GSM 03.38 (3GPP TS 23.038): 160 septets alone, 153 in each part of several;
 * characters of the extension table take two and are never cut in half. Anything else makes the whole message
 * UCS-2: 70 code units alone, 67 in each part, a surrogate pair never cut.
 */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const extension = new Set('\f^{}\\[~]|€')

export interface SmsSize {
  encoding: 'GSM-7' | 'UCS-2'
  /** Septets, or UTF-16 code units. */
  length: number
  parts: number
}

export const isGsm7 = (character: string): boolean => basic.has(character) || extension.has(character)

/** The size of a text as it will travel; 0 parts for an empty one. */
export function smsSize(text: string): SmsSize {
  const widths: number[] = []
  for (const character of text) {
    if (!isGsm7(character))
      return sized(
        'UCS-2',
        [...text].map((other) => other.length),
        70,
        67,
      )
    widths.push(extension.has(character) ? 2 : 1)
  }
  return sized('GSM-7', widths, 160, 153)
}

function sized(encoding: SmsSize['encoding'], widths: readonly number[], alone: number, each: number): SmsSize {
  const length = widths.reduce((sum, width) => sum + width, 0)
  if (length <= alone) return { encoding, length, parts: length === 0 ? 0 : 1 }
  let parts = 1
  let used = 0
  for (const width of widths) {
    if (used + width > each) {
      parts++
      used = 0
    }
    used += width
  }
  return { encoding, length, parts }
}

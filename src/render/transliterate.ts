import { isGsm7 } from './sms-parts.ts'

/** What French writing needs outside GSM-7, in the characters it has; é è à ù and the like stay. */
const replacements: Record<string, string> = {
  '«': '"',
  '»': '"',
  '“': '"',
  '”': '"',
  '„': '"',
  '‘': "'",
  '’': "'",
  '‚': "'",
  ʼ: "'",
  '`': "'",
  '…': '...',
  '–': '-',
  '—': '-',
  '‑': '-',
  '−': '-',
  '•': '-',
  '·': '-',
  '°': 'o',
  º: 'o',
  ª: 'a',
  '×': 'x',
  œ: 'oe',
  Œ: 'OE',
  '™': '',
  '®': '',
  '©': '(c)',
  '²': '2',
  '³': '3',
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
  '\t': ' ',
  '\u200b': '',
  '\u2060': '',
  '\ufeff': '',
  '\u00ad': '',
}

/**
 * The text in NFC, and each character outside GSM-7 replaced where an accepted substitute exists: one "ê" would
 * otherwise make every part of the message cost twice. What has none (an emoji, Cyrillic) stays, and is counted
 * as UCS-2. Files from macOS and Excel hold decomposed accents, hence NFC first.
 */
export function transliterate(text: string): string {
  let out = ''
  for (const character of text.normalize('NFC')) out += isGsm7(character) ? character : substitute(character)
  return out
}

function substitute(character: string): string {
  const known = replacements[character]
  if (known !== undefined) return known
  if (/\p{Zs}/u.test(character)) return ' '
  const bare = character.normalize('NFD').replace(/\p{M}/gu, '')
  return bare !== '' && [...bare].every(isGsm7) ? bare : character
}

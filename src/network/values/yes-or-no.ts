const words: Record<string, boolean> = {}
for (const word of [
  'oui',
  'o',
  'vrai',
  'x',
  '1',
  'ok',
  'yes',
  'y',
  'true',
  'v',
  'd’accord',
  "d'accord",
  'accepte',
  'opt-in',
  'optin',
  '✓',
  '✔',
])
  words[word] = true
for (const word of [
  'non',
  'n',
  'faux',
  '0',
  'no',
  'false',
  '-',
  'refus',
  'refuse',
  'opt-out',
  'optout',
  '✗',
  '✘',
  'stop',
])
  words[word] = false

/** A French or English yes or no as spreadsheets hold it (oui, VRAI, x, 1 …); undefined when it is neither. */
export const readYesOrNo = (cell: string): boolean | undefined => {
  const word = cell.trim().toLowerCase().replaceAll('é', 'e')
  return Object.hasOwn(words, word) ? words[word] : undefined
}

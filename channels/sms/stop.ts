/**
 * Words that close SMS from a sender when they are the whole message: Twilio's own (docs: "Twilio support for opt-out
 * keywords") and those French senders must honour.
 */
const keywords = new Set([
  'STOP',
  'STOPALL',
  'STOP SMS',
  'STOP PUB',
  'STOP PUBLICITE',
  'UNSUBSCRIBE',
  'END',
  'QUIT',
  'REVOKE',
  'OPTOUT',
  'OPT OUT',
  'CANCEL',
  'ARRET',
  'ARRETEZ',
  'DESABO',
  'DESABONNER',
  'DESABONNEMENT',
  'DESINSCRIRE',
  'DESINSCRIPTION',
])

const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** The message is a stop word, whatever its accents, case and punctuation; "please stop" is not one. */
export const isStop = (text: string): boolean => keywords.has(folded(text))

/** A stop word stands in a message that is more than it: a person should read it. */
export const isNearStop = (text: string): boolean => {
  if (isStop(text)) return false
  return folded(text)
    .split(' ')
    .some((word) => /^(STOP|ARRET|ARRETE|ARRETER|ARRETEZ|DESABO\w*|DESINSCRI\w*|UNSUBSCRIBE)$/.test(word))
}

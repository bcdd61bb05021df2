/** What a keyword does to the number it comes from. */
export type KeywordAct = 'stop' | 'start'

/** A keyword as it is after folding: capitals, no accents, one space between words. */
export interface Keyword {
  word: string
  does: KeywordAct
  language: 'fr' | 'en' | 'both'
  /** Whose rule it is. */
  source: string
}

const twilio = 'twilio.com/docs: Twilio support for opt-out keywords (SMS STOP filtering)'
const charter = 'af2m.org: Business Messaging charter, STOP; usage of French senders'

const words = (does: KeywordAct, language: Keyword['language'], source: string, list: readonly string[]): Keyword[] =>
  list.map((word) => ({ word, does, language, source }))

/**
 * Keywords that act when they are the whole message. A START word re-opens what a STOP of the same number closed, and
 * is an answer like any other where nothing was closed: that is why yes and oui may stand among them.
 */
export const keywords: readonly Keyword[] = [
  ...words('stop', 'both', twilio, ['STOP', 'STOPALL', 'STOP ALL']),
  ...words('stop', 'en', twilio, ['UNSUBSCRIBE', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT', 'CANCEL']),
  ...words('stop', 'both', charter, ['STOP SMS', 'STOPSMS', 'STOP PUB', 'STOP PUBLICITE']),
  ...words('stop', 'fr', charter, ['ARRET', 'ARRETE', 'ARRETER', 'ARRETEZ', 'DESABO', 'DESABONNER', 'DESABONNEMENT']),
  ...words('stop', 'fr', charter, ['DESINSCRIRE', 'ME DESINSCRIRE', 'DESINSCRIPTION', 'DESINSCRIT', 'RESILIER']),
  ...words('start', 'en', twilio, ['START', 'UNSTOP', 'YES', 'RESUME', 'SUBSCRIBE', 'RESUBSCRIBE']),
  ...words('start', 'fr', charter, [
    'OUI',
    'REPRENDRE',
    'REPRISE',
    'REABONNER',
    'ME REABONNER',
    'REINSCRIRE',
    'ME REINSCRIRE',
  ]),
]

const acts: ReadonlyMap<string, KeywordAct> = new Map(keywords.map(({ word, does }) => [word, does]))

const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/**
 * What a text asks for, whatever its accents, case, punctuation and emoji: the message is the keyword. Undefined
 * when it is more than that, or another.
 */
export const keywordAct = (text: string): KeywordAct | undefined => acts.get(folded(text))

const stopRoots =
  /^(STOP+|STOPER|STOPPER|STOPALL|STPO|SOTP|ARRET|ARRETE|ARRETER|ARRETEZ|DESABO\w*|DESINSCRI\w*|UNSUBSCRIBE|OPTOUT)$/

/** A stop word stands in a message that is more than it, or nearly: a person should read it. */
export const isNearStop = (text: string): boolean =>
  keywordAct(text) !== 'stop' &&
  folded(text)
    .split(' ')
    .some((word) => stopRoots.test(word))

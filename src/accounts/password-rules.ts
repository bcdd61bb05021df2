import { fold } from '../network/folding.ts'

/** Characters a password has at least and at most (OWASP ASVS 5.0, 6.2.1, 6.2.9; CNIL 2022-100: 14 without rules). */
export const shortestPassword = 15
export const longestPassword = 128

/** What is left of a password beside words everyone tries first. */
const enoughLeft = 6

export type PasswordFault = 'short' | 'long' | 'common' | 'personal'

/**
 * The stems of the passwords that lists of stolen ones begin with, in French and in English
 * (haveibeenpwned.com top list; Nordpass “Top 200”, France), and the words of this place.
 */
const commonWords = [
  ...['password', 'passwort', 'passw0rd', 'motdepasse', 'azertyuiop', 'azerty', 'qwertyuiop', 'qwerty', 'qwertz'],
  ...['letmein', 'welcome', 'bienvenue', 'bonjour', 'iloveyou', 'jetaime', 'soleil', 'doudou', 'loulou', 'chouchou'],
  ...[
    'marseille',
    'football',
    'baseball',
    'princess',
    'princesse',
    'sunshine',
    'dragon',
    'monkey',
    'superman',
    'batman',
  ],
  ...['pokemon', 'starwars', 'computer', 'internet', 'ordinateur', 'administrateur', 'administrator', 'admin', 'root'],
  ...['changeme', 'changezmoi', 'secret', 'default', 'trustno1', 'master', 'shadow', 'michael', 'nicolas', 'camille'],
  ...['secure', 'securite', 'compte', 'account', 'login', 'user', 'utilisateur', 'guest', 'invite', 'test', 'temp'],
  ...['asdfghjkl', 'qsdfghjklm', 'zxcvbnm', 'wxcvbn', 'abcdefghijklmnopqrstuvwxyz', 'abcdef', 'abc123', 'aqwzsxedc'],
  ...['janvier', 'fevrier', 'mars', 'avril', 'juin', 'juillet', 'aout', 'septembre', 'octobre', 'novembre', 'decembre'],
  ...[
    'january',
    'february',
    'march',
    'april',
    'june',
    'july',
    'august',
    'september',
    'october',
    'november',
    'december',
  ],
  ...['spring', 'summer', 'autumn', 'winter', 'printemps', 'ete', 'automne', 'hiver', 'france', 'paris'],
  ...['relais', 'reseau', 'network', 'campagne', 'campaign', 'animation', 'marketing', 'challenge'],
]

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Years, runs of digits up or down, and anything said again at once. */
const sequences = /(19|20)\d\d|0?1234567890?|123456?7?8?9?0?|0?9876543210?|987654?3?2?1?0?/g

function leftOver(text: string, words: readonly string[]): string {
  const known = [...words].sort((a, b) => b.length - a.length).map(escaped)
  return text
    .replace(new RegExp(known.join('|'), 'g'), '')
    .replace(sequences, '')
    .replace(/(.+?)\1+/g, '$1')
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/**
 * What is wrong with a new password, if anything: its length, or that little is left beside common words, sequences,
 * repetitions and what belongs to its owner. No rule on kinds of characters, and no expiry (OWASP ASVS 5.0, 6.2.4,
 * 6.2.5, 6.2.10, 6.2.11).
 */
export function passwordFault(password: string, personal: readonly string[]): PasswordFault | undefined {
  const length = [...password].length
  if (length < shortestPassword) return 'short'
  if (length > longestPassword) return 'long'
  const text = fold(password)
  if (leftOver(text, commonWords).length < enoughLeft) return 'common'
  const own = personal.flatMap((words) => fold(words).split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= 3)
  return leftOver(text, [...commonWords, ...own]).length < enoughLeft ? 'personal' : undefined
}

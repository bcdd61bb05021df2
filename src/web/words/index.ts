import { type Language, languages } from '../../words.ts'
import { en } from './en.ts'
import { fr, type Words } from './fr.ts'
import { spaced } from './spaced.ts'

export type { Words } from './fr.ts'

const dictionaries: Record<Language, Words> = { fr: spaced(fr), en }

export const wordsIn = (language: Language): Words => dictionaries[language]

const known = (text: string | undefined): Language | undefined => languages.find((language) => language === text)

/** What `Accept-Language` (RFC 9110 §12.5.4) prefers among the languages we speak. */
export function acceptedLanguage(header: string | undefined): Language | undefined {
  const wanted = (header ?? '')
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const q = parameters
        .map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1])
        .find((value) => value !== undefined)
      return { language: known(tag.slice(0, 2)), weight: q === undefined ? 1 : Number(q) || 0 }
    })
    .filter((choice) => choice.language !== undefined && choice.weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return wanted[0]?.language
}

/** The page's language: asked for in the address, chosen before, the user's own, the browser's, else French. */
export const chooseLanguage = (given: {
  asked?: string | undefined
  remembered?: string | undefined
  user?: Language | undefined
  accept?: string | undefined
}): Language => known(given.asked) ?? known(given.remembered) ?? given.user ?? acceptedLanguage(given.accept) ?? 'fr'

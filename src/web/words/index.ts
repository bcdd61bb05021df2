import { createInstance } from 'i18next'
import { type Language, languages } from '../../words.ts'
import { en } from './en/index.ts'
import { fr } from './fr/index.ts'
import { spaced } from './spaced.ts'

/** The same keys, whatever the texts. */
export type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

type Leaves<T> = {
  [K in keyof T & string]: T[K] extends string
    ? K extends `${infer Stem}_${'one' | 'other'}`
      ? Stem
      : K
    : `${K}.${Leaves<T[K]>}`
}[keyof T & string]

/** The key of a text, such as `home.sites`; a text with a plural is asked for without its ending. */
export type Key = Leaves<typeof fr>

/** Says a text: `t('home.sites', { count: 3 })`. A key that no file has does not compile. */
export type Translate = (key: Key, given?: Record<string, string | number>) => string

/** French and English have a plural for millions or none: it is said as the others are. */
const pluralForm = /_other$/

function withMany<T>(words: T): T {
  if (typeof words !== 'object' || words === null) return words
  const all = Object.entries(words).flatMap(([key, part]): [string, unknown][] => [
    [key, withMany(part)],
    ...(pluralForm.test(key) ? [[key.replace(pluralForm, '_many'), part] as [string, unknown]] : []),
  ])
  return Object.fromEntries(all) as T
}

const i18n = createInstance()
await i18n.init({
  lng: 'fr',
  supportedLngs: [...languages],
  fallbackLng: false,
  resources: { fr: { translation: withMany(spaced(fr)) }, en: { translation: en } },
  // Pages are JSX, which escapes what it shows.
  interpolation: { escapeValue: false },
})

const translators: Record<Language, Translate> = { fr: i18n.getFixedT('fr'), en: i18n.getFixedT('en') }

export const translatorFor = (language: Language): Translate => translators[language]

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

import type { ChannelName, Language } from '../words.ts'
import { exclusionRules, type HeadCode, headCodes, isReasonCode, type ReasonCode } from './codes.ts'
import { vocabularies } from './sentences.ts'
import type { Because } from './types.ts'

/**
 * The decision as one sentence a person can read: the outcome, its facts, then what was passed over and why, such
 * as « SMS : 3 réponses sur 4 envois récents (47 %), dans la plage 8 h–20 h, 0,07 € ; e-mail écarté : boîte
 * partagée ». A code of another stage, or of a newer version, is shown as it is.
 */
export function explain(because: readonly Because[], language: Language): string {
  const { excluded, colon, semicolon } = punctuation[language]
  const head = because.find(({ code }) => isHead(code))
  const facts = because.filter((reason) => reason !== head && !isExclusion(reason.code))
  const exclusions = because.filter((reason) => isExclusion(reason.code))
  const told = facts.map((fact) => tell(fact, language)).join(', ')
  const opening = [head && tell(head, language), told].filter(Boolean).join(colon)
  const rest = exclusions.map((exclusion) => {
    const channel = channelOf(exclusion, language)
    const reason = tell(exclusion, language)
    return head?.code === 'chosen' ? `${channel} ${excluded}${colon}${reason}` : `${channel}, ${reason}`
  })
  const separator = head?.code === 'unreachable' ? colon : semicolon
  return capitalised([opening, rest.join(semicolon)].filter(Boolean).join(separator), language)
}

/** French spaces before its colons and semicolons do not break the line. */
const punctuation: Record<Language, { excluded: string; colon: string; semicolon: string }> = {
  fr: { excluded: 'écarté', colon: '\u00a0: ', semicolon: '\u00a0; ' },
  en: { excluded: 'not used', colon: ': ', semicolon: '; ' },
}

const isHead = (code: string): code is HeadCode => (headCodes as readonly string[]).includes(code)
const isExclusion = (code: string): boolean => Object.hasOwn(exclusionRules, code)

function tell({ code, params }: Because, language: Language): string {
  return isReasonCode(code) ? sentence(code, params ?? {}, language) : code
}

const sentence = (code: ReasonCode, params: NonNullable<Because['params']>, language: Language): string =>
  vocabularies[language].sentences[code](params)

function channelOf({ params }: Because, language: Language): string {
  const channel = String(params?.channel ?? '')
  return vocabularies[language].channels[channel as ChannelName] ?? channel
}

const capitalised = (sentence: string, language: Language): string =>
  sentence.charAt(0).toLocaleUpperCase(language) + sentence.slice(1)

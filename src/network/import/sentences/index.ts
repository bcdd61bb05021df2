import type { Language } from '../../../words.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'
import type { Said, SaidParams, SentenceCode, Sentences } from './said.ts'

export type { Said, SaidParams, SentenceCode } from './said.ts'

const tables: Record<Language, Sentences> = { fr, en }
const noParams: SaidParams = {}

/** What an import has to say, in the reader's language. A code that no table has is said as it is. */
export function sentence(language: Language, { code, params = noParams }: Said): string {
  const table: Partial<Record<string, (params: SaidParams) => string>> = tables[language]
  return table[code]?.(params) ?? code
}

/** As the command line says it, and what is kept beside the code. */
export const inEnglish = (code: SentenceCode, params: SaidParams = noParams): string => en[code](params)

import { and, asc, eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { newId, type Tx } from '../db/index.ts'
import { savedAnswers } from '../db/schema.ts'
import type { Language } from '../words.ts'

export type SavedAnswer = typeof savedAnswers.$inferSelect

export const longestName = 80
export const longestSaved = 1_000
/** A list that is looked through while somebody waits has to be short. */
export const mostSaved = 30

/** A network's saved answers, by name. */
export const savedAnswersOf = (tx: Tx, networkId: string): Promise<SavedAnswer[]> =>
  tx.select().from(savedAnswers).where(eq(savedAnswers.networkId, networkId)).orderBy(asc(savedAnswers.name))

export const savedAnswer = async (tx: Tx, networkId: string, id: string): Promise<SavedAnswer | undefined> =>
  (
    await tx
      .select()
      .from(savedAnswers)
      .where(and(eq(savedAnswers.networkId, networkId), eq(savedAnswers.id, id)))
  )[0]

export interface SavedAnswerChange {
  networkId: string
  /** Left out for a new one. */
  id?: string
  name: string
  text: Partial<Record<Language, string>>
  actor: string
  /** Wall time. */
  at: Date
}

/** Keeps an answer to be given again. The code of what is wrong otherwise; then nothing was changed. */
export async function saveAnswer(
  tx: Tx,
  { networkId, id, name, text, actor, at }: SavedAnswerChange,
): Promise<'name' | 'text' | 'taken' | 'tooMany' | undefined> {
  const called = name.trim()
  const words = Object.fromEntries(
    Object.entries(text).flatMap(([language, one]) => (one?.trim() ? [[language, one.trim()]] : [])),
  )
  if (called === '' || called.length > longestName) return 'name'
  if (Object.keys(words).length === 0 || Object.values(words).some((one) => one.length > longestSaved)) return 'text'
  const there = await savedAnswersOf(tx, networkId)
  if (there.some((one) => one.name === called && one.id !== id)) return 'taken'
  if (id === undefined && there.length >= mostSaved) return 'tooMany'
  const row = { networkId, id: id ?? newId(), name: called, text: words, updatedBy: actor, updatedAt: at }
  await tx
    .insert(savedAnswers)
    .values(row)
    .onConflictDoUpdate({ target: [savedAnswers.networkId, savedAnswers.id], set: row })
  await audit(tx, { networkId, actor, action: 'saved_answer.change', subject: row.id, at })
  return undefined
}

/** Removes a saved answer; what was answered with it stays. */
export async function removeSavedAnswer(
  tx: Tx,
  { networkId, id, actor, at }: Pick<SavedAnswerChange, 'networkId' | 'actor' | 'at'> & { id: string },
): Promise<void> {
  const gone = await tx
    .delete(savedAnswers)
    .where(and(eq(savedAnswers.networkId, networkId), eq(savedAnswers.id, id)))
    .returning({ id: savedAnswers.id })
  if (gone.length > 0) await audit(tx, { networkId, actor, action: 'saved_answer.change', subject: id, at })
}

/** A saved answer for somebody: in their language where it was written, with their first name where it is known. */
export function filledIn(
  saved: Pick<SavedAnswer, 'text'>,
  person: { language: Language; firstName: string | null } | undefined,
  otherwise: Language,
): string {
  const text = saved.text[person?.language ?? otherwise] ?? Object.values(saved.text)[0] ?? ''
  return text
    .replace(/\{\s*(?:prénom|prenom|firstName|first name)\s*\}/gi, person?.firstName?.trim() ?? '')
    .replace(/[ \t]+([,.])/g, '$1')
    .replace(/[ \t]{2,}/g, ' ')
}

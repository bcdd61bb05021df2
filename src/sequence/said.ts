/** Whether what was said, or told, is what a condition means. Pure. */
import type { DataTest } from './condition.ts'

const fold = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[.!?…]+$/, '')
    .trim()

/**
 * Whether an answer is the one waited for. Case, accents, the spaces between words and a final stop are no difference;
 * `*` stands for any words, so that `VENTE *` takes "vente 3". Of a mail only the first line is compared.
 */
export function saysSo(pattern: string, text: string): boolean {
  const said = fold(text.trim().split('\n', 1)[0] ?? '')
  const parts = pattern.split('*').map(fold)
  if (parts.length === 1) return said === parts[0]
  const [first = '', ...rest] = parts
  const last = rest.pop() ?? ''
  if (!said.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = said.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return said.length - last.length >= at && said.endsWith(last)
}

/** Whether an event's data says what a condition asks of it. */
export const dataHolds = (test: DataTest | undefined, data: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(test ?? {}).every(([name, wanted]) => {
    const value = Object.hasOwn(data, name) ? data[name] : undefined
    if (value === undefined || value === null || typeof value === 'object') return false
    return [wanted].flat().some((one) => fold(String(one)) === fold(String(value)))
  })

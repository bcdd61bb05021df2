import { HTTPException } from 'hono/http-exception'
import type { PageContext } from '../../../http/page-env.ts'

/** The texts of a form as they were typed, without blanks around them; a field that comes twice is its last. */
export async function fieldsOf(c: PageContext): Promise<Record<string, string>> {
  const form = new URLSearchParams(await c.req.text())
  return Object.fromEntries([...form].map(([name, text]) => [name, text.trim()]))
}

/** Back to a page of this network, which says what has been done. */
export function backTo(c: PageContext, path: string, done?: string) {
  const query = new URLSearchParams({ network: c.get('network').name, ...(done ? { done } : {}) })
  return c.redirect(`${path}?${query}`, 303)
}

/** What a route's name stands for, or a 404. */
export function orNotFound<T>(found: T | undefined): T {
  if (found === undefined) throw new HTTPException(404)
  return found
}

/** An amount as people type it (1,25 or 1.25) in thousandths of a minor unit; undefined when it is none. */
export function millisOf(text: string): number | undefined {
  const amount = /^\d{1,6}([.,]\d{1,5})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN
  return Number.isFinite(amount) ? Math.round(amount * 100_000) : undefined
}

/** The same back, as it is typed. */
export const amountText = (millis: number, language: 'fr' | 'en'): string => {
  const text = (millis / 100_000).toFixed(5).replace(/0{1,3}$/, '')
  return language === 'fr' ? text.replace('.', ',') : text
}

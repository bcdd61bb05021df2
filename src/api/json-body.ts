import { limited } from '../http/body.ts'
import type { PageContext } from '../http/page-env.ts'
import type { ApiMiddleware } from './guard.ts'
import { badBody, wrongType } from './problems.ts'

const megabyte = 1024 * 1024
/** Deeper than anything the API takes; a parser asked to go on would run out of stack. */
export const deepest = 32

/** How deep the brackets of a JSON text go, without parsing it. */
export function depthOf(text: string): number {
  let depth = 0
  let most = 0
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (isInString) {
      if (char === '\\') at += 1
      else if (char === '"') isInString = false
    } else if (char === '"') isInString = true
    else if (char === '[' || char === '{') most = Math.max(most, ++depth)
    else if (char === ']' || char === '}') depth -= 1
  }
  return most
}

/** Half a character or a NUL cannot be stored everywhere, and means that something broke on the way. */
const holdsBrokenText = (value: unknown): boolean => {
  if (typeof value === 'string') return /[\ud800-\udfff\u0000]/u.test(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => holdsBrokenText(key) || holdsBrokenText(inner))
}

/**
 * On the line of an API route that takes JSON, after its guard: at most 1 MB, UTF-8, no deeper than 32, and said where
 * it is broken (400), when it is too large (413) or something else (415).
 */
export function jsonBody(): ApiMiddleware {
  const limit = limited(megabyte)
  return async function jsonBody(c, next) {
    const type = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
    if (type !== 'application/json') throw wrongType()
    return limit(c as unknown as PageContext, async () => {
      checkJson(new Uint8Array(await c.req.arrayBuffer()))
      await next()
    })
  }
}

function checkJson(bytes: Uint8Array): void {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badBody('The body is not UTF-8.')
  }
  if (depthOf(text) > deepest) throw badBody(`The body is nested more than ${deepest} deep.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw badBody(`The body is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  if (holdsBrokenText(value)) throw badBody('The body holds half a character (a lone surrogate) or a NUL.')
}

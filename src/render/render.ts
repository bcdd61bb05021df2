/**
 * The words for one person on one channel. Pure: no database, no files, no clock; the same source, values and
 * addresses give the same bytes, which is what lets a retry repeat a message instead of writing another.
 */
import { createHash } from 'node:crypto'
import type { ChannelName, Language } from '../words.ts'
import type { CompiledTemplate } from './compiled.ts'
import { compileEmail } from './email.ts'
import { compileIntranet } from './intranet.ts'
import { type Layouts, splitLayout } from './layout.ts'
import { parseLiquid } from './liquid.ts'
import { compilePrint } from './print.ts'
import { compileScreen } from './screen.ts'
import { compileSms } from './sms.ts'
import type { Words } from './words.ts'

export { checkTemplate } from './check.ts'
export type { CompiledTemplate } from './compiled.ts'
export type { Layouts } from './layout.ts'
export { linksIn } from './links.ts'
export { RenderProblem } from './problem.ts'
export type { RenderUrls } from './urls.ts'
export type { MergeValues } from './values.ts'

/** Raised whenever the same words would come out as other bytes; kept with every delivery. */
export const rendererVersion = '2'

const compilers: Record<ChannelName, (words: Words) => CompiledTemplate | Promise<CompiledTemplate>> = {
  email: compileEmail,
  sms: compileSms,
  print: compilePrint,
  intranet: compileIntranet,
  screen: compileScreen,
}

/** Enough for every template of several running campaigns; a compiled e-mail is some 100 kB. */
const kept = 256
const cache = new Map<string, Promise<CompiledTemplate>>()

/**
 * Makes words ready to render. Compiling an e-mail takes some 20 ms, so results are kept by content: asking again
 * for the same words answers at once. A layout inside `source` (see `withLayout`) goes before `layouts`.
 * @throws RenderProblem with the place in the template
 */
export function compile(
  source: string,
  channel: ChannelName,
  language: Language,
  layouts: Layouts = {},
): Promise<CompiledTemplate> {
  const { words, layout, dress } = splitLayout(source, channel, layouts)
  const key = createHash('sha256')
    .update(JSON.stringify([channel, language, words, layout, dress]))
    .digest('base64')
  const known = cache.get(key)
  if (known !== undefined) {
    cache.delete(key)
    cache.set(key, known)
    return known
  }
  const compiled = compileFresh({ words, layout, dress, language }, channel)
  cache.set(key, compiled)
  compiled.catch(() => cache.delete(key))
  for (const oldest of cache.keys()) {
    if (cache.size <= kept) break
    cache.delete(oldest)
  }
  return compiled
}

async function compileFresh(words: Words, channel: ChannelName): Promise<CompiledTemplate> {
  // First as written: a fault then has its line and column in the file rather than in what was made of it.
  parseLiquid(words.words, 'text')
  return compilers[channel](words)
}

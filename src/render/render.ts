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
 * The same by channel and language and then by the text as it was given, so that a batch need not take it apart and
 * hash it for every message: a text's own hash is remembered with it.
 */
const given = new Map<string, Map<string, Given>>()

interface Given {
  layouts: Layouts
  compiled: Promise<CompiledTemplate>
}

const noLayouts: Layouts = {}

/** Remembers it as the last used; the one used longest ago goes. */
function remember<T>(map: Map<string, T>, key: string, value: T): T {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= kept) break
    map.delete(oldest)
  }
  return value
}

/**
 * Makes words ready to render. Compiling an e-mail takes some 20 ms, so results are kept by content: asking again
 * for the same words answers at once. A layout inside `source` (see `withLayout`) goes before `layouts`.
 * @throws RenderProblem with the place in the template
 */
export function compile(
  source: string,
  channel: ChannelName,
  language: Language,
  layouts: Layouts = noLayouts,
): Promise<CompiledTemplate> {
  const name = `${channel} ${language}`
  const texts = given.get(name) ?? remember(given, name, new Map<string, Given>())
  const known = texts.get(source)
  if (known?.layouts === layouts) return remember(texts, source, known).compiled
  const compiled = compileOnce(source, channel, language, layouts)
  compiled.catch(() => texts.delete(source))
  return remember(texts, source, { layouts, compiled }).compiled
}

function compileOnce(
  source: string,
  channel: ChannelName,
  language: Language,
  layouts: Layouts,
): Promise<CompiledTemplate> {
  const { words, layout, dress } = splitLayout(source, channel, layouts)
  const key = createHash('sha256')
    .update(JSON.stringify([channel, language, words, layout, dress]))
    .digest('base64')
  const known = cache.get(key)
  if (known !== undefined) return remember(cache, key, known)
  const compiled = compileFresh({ words, layout, dress, language }, channel)
  compiled.catch(() => cache.delete(key))
  return remember(cache, key, compiled)
}

async function compileFresh(words: Words, channel: ChannelName): Promise<CompiledTemplate> {
  // First as written: a fault then has its line and column in the file rather than in what was made of it.
  parseLiquid(words.words, 'text')
  return compilers[channel](words)
}

import type { TemplateCatalog } from '../campaign/templates.ts'
import { type CompiledTemplate, compile, RenderProblem } from '../render/render.ts'
import { type ChannelName, channelNames, type Language, languages } from '../words.ts'

/** Words ready to render, or the code of what keeps them from it. */
export type Found = {
  language: Language
  /** As they were written, with their layout. */
  source: string
} & ({ template: CompiledTemplate } | { problem: string })

/** The words of one template, compiled for every channel and language it is written in. */
export interface Contents {
  /** In the language asked for, or in the other one when it was not written. */
  find(channel: ChannelName, language: Language): Found | undefined
}

/** Words that do not compile close their own channel and no other. */
export async function loadContents(catalog: TemplateCatalog, template: string): Promise<Contents> {
  const known = new Map<string, Found>()
  for (const channel of channelNames)
    for (const language of languages) {
      const found = catalog.find(template, channel, language)
      if (!found) continue
      known.set(`${channel} ${language}`, await read(found.source, channel, language, catalog))
    }
  return {
    find: (channel, language) => {
      for (const candidate of [language, ...languages.filter((other) => other !== language)]) {
        const found = known.get(`${channel} ${candidate}`)
        if (found) return found
      }
      return undefined
    },
  }
}

async function read(
  source: string,
  channel: ChannelName,
  language: Language,
  { layouts }: TemplateCatalog,
): Promise<Found> {
  try {
    return { language, source, template: await compile(source, channel, language, layouts) }
  } catch (error) {
    if (!(error instanceof RenderProblem)) throw error
    return { language, source, problem: error.code }
  }
}

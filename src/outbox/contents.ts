import type { TemplateCatalog } from '../campaign/templates.ts'
import { type CompiledTemplate, compile } from '../render/render.ts'
import { type ChannelName, channelNames, type Language, languages } from '../words.ts'

/** The words of one template, compiled for every channel and language it is written in. */
export interface Contents {
  /** In the language asked for, or in the other one when it was not written. */
  find(channel: ChannelName, language: Language): { language: Language; template: CompiledTemplate } | undefined
}

export async function loadContents(catalog: TemplateCatalog, template: string): Promise<Contents> {
  const compiled = new Map<string, CompiledTemplate>()
  for (const channel of channelNames)
    for (const language of languages) {
      const found = catalog.find(template, channel, language)
      if (found) compiled.set(`${channel} ${language}`, await compile(found.source, channel, language, catalog.layouts))
    }
  return {
    find: (channel, language) => {
      for (const candidate of [language, ...languages.filter((other) => other !== language)]) {
        const template = compiled.get(`${channel} ${candidate}`)
        if (template) return { language: candidate, template }
      }
      return undefined
    },
  }
}

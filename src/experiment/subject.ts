import type { LocalisedText } from '../campaign/definition.ts'
import type { TemplateCatalog } from '../campaign/templates.ts'

const subjectLine = /^subject:.*$/m

/** A text of an e-mail with another subject line. Quoted as JSON, which YAML reads: what an author writes stays one line. */
export const subjectPut = (source: string, subject: string): string =>
  source.replace(subjectLine, () => `subject: ${JSON.stringify(subject)}`)

/** The same words with another subject line in their e-mails, in the languages it is written in. */
export const withSubject = (catalog: TemplateCatalog, subject: LocalisedText): TemplateCatalog => ({
  ...catalog,
  find: (template, channel, language) => {
    const found = catalog.find(template, channel, language)
    const written = channel === 'email' ? subject[language] : undefined
    if (!found || written === undefined) return found
    return { ...found, source: subjectPut(found.source, written) }
  },
})

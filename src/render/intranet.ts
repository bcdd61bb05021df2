import type { IntranetContent } from '../channel.ts'
import type { CompiledTemplate } from './compiled.ts'
import { frontMatter } from './front-matter.ts'
import { htmlOf } from './html.ts'
import type { Destinations } from './links.ts'
import { faceOf } from './look.ts'
import { parseMarkdown } from './markdown.ts'
import { RenderProblem } from './problem.ts'
import { protect, restore } from './protect.ts'
import { readyTexts } from './ready.ts'
import { typeset } from './typography.ts'
import { inLayout, oneLine, type Words } from './words.ts'

const accessLevels: readonly IntranetContent['accessLevel'][] = ['owner', 'correspondent', 'member']

/**
 * A post. Front matter: `title`, and `access`, the least someone must be to read it (member when not said).
 * @throws RenderProblem when the words cannot be compiled
 */
export function compileIntranet({ words, layout, dress, language }: Words): CompiledTemplate {
  const { fields, body } = frontMatter(words, ['title', 'access'])
  const accessLevel = accessLevels.find((level) => level === (fields.access ?? 'member'))
  if (!accessLevel) {
    throw new RenderProblem({
      code: 'access',
      message: `"${fields.access}" is no access level: use ${accessLevels.join(', ')}.`,
      line: 2,
      column: 1,
    })
  }
  const kept = protect(inLayout(layout, body))
  const destinations: Destinations = []
  const tokens = parseMarkdown(kept.text, kept.mark, language)
  const texts = readyTexts(
    {
      body: {
        source: restore(htmlOf(tokens, kept, destinations, { form: 'page', language, dress }), kept),
        context: 'html',
      },
      title: { source: typeset(fields.title ?? '{{ campaign.title }}', language), context: 'text' },
    },
    { language, destinations, look: dress?.look },
  )

  return {
    measure: () => ({ parts: 1 }),
    render: (values, urls) => {
      const { pieces, scope } = texts(values, urls)
      return {
        channel: 'intranet',
        title: oneLine(pieces.title(scope)),
        html: pieces.body(scope).trim(),
        accessLevel,
        ...faceOf(dress?.look, urls.site, language),
      }
    },
  }
}

import type { IntranetContent } from '../channel.ts'
import type { CompiledTemplate } from './compiled.ts'
import { frontMatter } from './front-matter.ts'
import { htmlOf } from './html.ts'
import type { Destinations } from './links.ts'
import { parseLiquid, renderLiquid } from './liquid.ts'
import { faceOf } from './look.ts'
import { parseMarkdown } from './markdown.ts'
import { RenderProblem } from './problem.ts'
import { protect, restore } from './protect.ts'
import { scopeOf } from './scope.ts'
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
  const template = parseLiquid(
    restore(htmlOf(tokens, kept, destinations, { form: 'page', language, dress }), kept),
    'html',
  )
  const title = parseLiquid(typeset(fields.title ?? '{{ campaign.title }}', language), 'text')

  return {
    measure: () => ({ parts: 1 }),
    render: (values, urls) => {
      const scope = scopeOf(values, urls, language, destinations, dress?.look)
      return {
        channel: 'intranet',
        title: oneLine(renderLiquid(title, scope, 'text')),
        html: renderLiquid(template, scope, 'html').trim(),
        accessLevel,
        ...faceOf(dress?.look, urls.site, language),
      }
    },
  }
}

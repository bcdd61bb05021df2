import type { CompiledTemplate } from './compiled.ts'
import { frontMatter } from './front-matter.ts'
import { parseLiquid, renderLiquid } from './liquid.ts'
import { faceOf } from './look.ts'
import { RenderProblem } from './problem.ts'
import { scopeOf } from './scope.ts'
import { typeset } from './typography.ts'
import { oneLine, type Words } from './words.ts'

/** What can be read in passing, from behind a counter. */
const maxLength = 500

/**
 * A broadcast: front matter `title`, then text.
 * @throws RenderProblem when the words cannot be compiled
 */
export function compileScreen({ words, dress, language }: Words): CompiledTemplate {
  const { fields, body } = frontMatter(words, ['title'])
  const template = parseLiquid(typeset(body, language), 'text')
  const title = parseLiquid(typeset(fields.title ?? '{{ campaign.title }}', language), 'text')

  return {
    measure: () => ({ parts: 1 }),
    render: (values, urls) => {
      const scope = scopeOf(values, urls, language, [])
      const text = renderLiquid(template, scope, 'text')
        .normalize('NFC')
        .replace(/\n{3,}/g, '\n\n')
        .trim()
      if (text.length > maxLength) {
        throw new RenderProblem({
          code: 'screen.tooLong',
          message: `The text is ${text.length} characters; a screen shows at most ${maxLength}. Shorten it.`,
        })
      }
      return {
        channel: 'screen',
        title: oneLine(renderLiquid(title, scope, 'text')),
        text,
        asksAcknowledgement: values.step.asksAcknowledgement === true,
        ...faceOf(dress?.look, urls.site, language),
      }
    },
  }
}

import type { CompiledTemplate } from './compiled.ts'
import { frontMatter } from './front-matter.ts'
import { faceOf } from './look.ts'
import { RenderProblem } from './problem.ts'
import { readyTexts } from './ready.ts'
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
  const texts = readyTexts(
    {
      body: { source: typeset(body, language), context: 'text' },
      title: { source: typeset(fields.title ?? '{{ campaign.title }}', language), context: 'text' },
    },
    { language, destinations: [] },
  )

  return {
    measure: () => ({ parts: 1 }),
    render: (values, urls) => {
      const { pieces, scope } = texts(values, urls)
      const text = pieces
        .body(scope)
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
        title: oneLine(pieces.title(scope)),
        text,
        asksAcknowledgement: values.step.asksAcknowledgement === true,
        ...faceOf(dress?.look, urls.site, language),
      }
    },
  }
}

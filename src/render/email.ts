/**
 * E-mail: Markdown in an MJML layout, both compiled once; what is left for each person is Liquid in ready HTML.
 * The text part has the same words and the same links.
 */
import type { MessageClass } from '../words.ts'
import type { CompiledTemplate } from './compiled.ts'
import { frontMatter } from './front-matter.ts'
import { htmlOf } from './html.ts'
import { compileHref, type Destinations } from './links.ts'
import { painted, tonesOf } from './look.ts'
import { parseMarkdown } from './markdown.ts'
import { plainTextOf, tidyText } from './plain-text.ts'
import { RenderProblem } from './problem.ts'
import { type Protected, protect, restore } from './protect.ts'
import { readyTexts } from './ready.ts'
import { typeset } from './typography.ts'
import type { RenderUrls } from './urls.ts'
import type { MergeValues } from './values.ts'
import { aroundContent, oneLine, type Words } from './words.ts'

/** Gmail clips a message beyond 102 kB; the rest, the way out included, would be hidden. */
export const maxEmailBytes = 100_000

/** Classes whose every message must offer the way out. */
export const needsUnsubscribe = (messageClass: MessageClass): boolean =>
  messageClass === 'marketing' || messageClass === 'relational'

const offersUnsubscribe = (messageClass: MessageClass) =>
  messageClass !== 'urgent_service' && messageClass !== 'transactional'

const fallbackLayout =
  '<mjml><mj-body><mj-section><mj-column><mj-text>\n{{ content }}\n</mj-text></mj-column></mj-section></mj-body></mjml>'

const pixel =
  '{% if urls.open %}<img src="{{ urls.open | url }}" width="1" height="1" alt="" style="border:0;width:1px;height:1px" />{% endif %}'

const textSignature =
  '{% if brand.signature %}{{ brand.signature.first }}\n{{ brand.signature.second }}\n{{ brand.signature.third }}\n\n{% endif %}'
const textLegal =
  '{% if brand.address %}{{ brand.address }}\n{% endif %}{% if brand.legal %}{{ brand.legal }}\n{% endif %}'

const textFooter = {
  fr: '{% if urls.unsubscribe %}Se désinscrire : {{ urls.unsubscribe }}\n{% endif %}{% if urls.tracking %}Gérer le suivi : {{ urls.tracking }}\n{% endif %}',
  en: '{% if urls.unsubscribe %}Unsubscribe: {{ urls.unsubscribe }}\n{% endif %}{% if urls.tracking %}Manage tracking: {{ urls.tracking }}\n{% endif %}',
}

/** @throws RenderProblem when the words or the layout cannot be compiled */
export async function compileEmail({
  words,
  layout = fallbackLayout,
  dress,
  language,
}: Words): Promise<CompiledTemplate> {
  const { fields, body } = frontMatter(words, ['subject', 'preheader'])
  if (!fields.subject) {
    throw new RenderProblem({
      code: 'subject.missing',
      message: 'An e-mail needs a subject: write "subject: …" between --- lines at the top.',
      line: 1,
      column: 1,
    })
  }
  const kept = protect(body)
  const destinations: Destinations = []
  const tokens = parseMarkdown(kept.text, kept.mark, language)
  const content = htmlOf(tokens, kept, destinations, { form: 'email', language, dress })
  const html = await compileHtml(content, painted(layout, tonesOf(dress?.look)), kept, destinations)
  const text = restore(plainTextOf(tokens, kept, destinations), kept)
  const texts = readyTexts(
    {
      subject: { source: typeset(fields.subject, language), context: 'text' },
      preheader: { source: typeset(fields.preheader ?? '', language), context: 'text' },
      html: { source: html, context: 'html' },
      text: {
        source: `${text.trimEnd()}\n\n${textSignature}--\n{{ sender.name }}\n${textLegal}${textFooter[language]}`,
        context: 'text',
      },
    },
    { language, destinations, look: dress?.look },
  )
  const usesLink = /\{\{-?\s*link\b/.test(body)

  return {
    measure: (values, urls) => ({ parts: 1, problem: obstacle(values.campaign, urls, usesLink) }),
    render: (values, urls) => {
      const problem = obstacle(values.campaign, urls, usesLink)
      if (problem) throw new RenderProblem({ code: problem, message: explanations[problem] })
      const { pieces, scope } = texts(values, urls)
      const subject = oneLine(pieces.subject(scope))
      if (subject === '') throw new RenderProblem({ code: 'subject.empty', message: explanations['subject.empty'] })
      // A preheader may name the subject, and the layout both.
      scope.subject = subject
      const preheader = oneLine(pieces.preheader(scope))
      scope.preheader = preheader
      const rendered = pieces.html(scope)
      if (rendered.length > maxEmailBytes / 3 && Buffer.byteLength(rendered) > maxEmailBytes) {
        throw new RenderProblem({ code: 'email.tooBig', message: explanations['email.tooBig'] })
      }
      return {
        channel: 'email',
        subject,
        preheader,
        html: rendered,
        text: tidyText(pieces.text(scope)),
        headers: { ...headersOf(values.campaign.class, urls), ...threadOf(values.answers) },
      }
    },
  }
}

type EmailObstacle = 'unsubscribe.missing' | 'link.missing'

const explanations = {
  'unsubscribe.missing': 'A marketing e-mail must offer a way out: there is no unsubscribe address for this delivery.',
  'link.missing': 'The words use {{ link }}, but the campaign has no link: add link: https://… to the campaign.',
  'subject.empty': 'The subject is empty for this person: give its fields a default.',
  'email.tooBig': 'The e-mail is larger than 100 kB; Gmail would cut it off, and hide the way out. Shorten it.',
} as const

function obstacle(
  campaign: { class: MessageClass; link?: string },
  urls: RenderUrls,
  usesLink: boolean,
): EmailObstacle | undefined {
  if (needsUnsubscribe(campaign.class) && !urls.unsubscribe) return 'unsubscribe.missing'
  return usesLink && !(urls.action ?? campaign.link) ? 'link.missing' : undefined
}

/** One-click unsubscribe: both fields, and nothing a template could write (RFC 2369, RFC 8058). */
function headersOf(messageClass: MessageClass, urls: RenderUrls): Record<string, string> {
  const way = urls.unsubscribe
  if (!way || !offersUnsubscribe(messageClass) || !/^https?:\/\/[^\s<>]+$/.test(way)) return {}
  return { 'List-Unsubscribe': `<${way}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}

/** Where a mail stands in its thread (RFC 5322, 3.6.4). A Message-ID is another's word: what is none is left out. */
function threadOf(answers: MergeValues['answers']): Record<string, string> {
  if (!answers || !isMailId(answers.mailId)) return {}
  const before = answers.references.filter((id) => isMailId(id) && id !== answers.mailId)
  // The first names the thread; of the rest the latest are enough, and a line has its length.
  const some = before.length > 10 ? [before[0]!, ...before.slice(-9)] : before
  return {
    'In-Reply-To': `<${answers.mailId}>`,
    References: [...some, answers.mailId].map((id) => `<${id}>`).join(' '),
  }
}

const isMailId = (text: string): boolean => text.length <= 250 && /^[!-;=?-~]+@[!-;=?-~]+$/.test(text)

/** The words set in the layout as HTML with Liquid in it. MJML works on stand-ins and never sees a tag. */
async function compileHtml(
  content: string,
  layout: string,
  kept: Protected,
  destinations: Destinations,
): Promise<string> {
  const around = aroundContent(layout)
  if (!around)
    throw new RenderProblem({ code: 'layout', message: 'The layout has no line {{ content }} for the words.' })
  const [before, after] = around.map((half) =>
    protect(half, kept).text.replace(
      /href="([^"]*)"/g,
      (_, href: string) =>
        `href="${compileHref(href.replaceAll('&amp;', '&'), kept, destinations).replaceAll('&', '&amp;')}"`,
    ),
  ) as [string, string]
  // Loaded with the first e-mail: it takes a third of a second, and most commands write none.
  const { default: mjml2html } = await import('mjml')
  const { html, errors } = await mjml2html(`${before}\n${content}\n${after}`, {
    validationLevel: 'soft',
    ignoreIncludes: true,
    keepComments: false,
  })
  if (errors.length > 0) {
    throw new RenderProblem({
      code: 'layout',
      message: `The layout is not valid MJML: ${errors.map((error) => error.message).join('; ')}`,
    })
  }
  return restore(html.replace('</body>', `${pixel}</body>`), kept)
}

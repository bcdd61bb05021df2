import { layered } from '../campaign/network-templates.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/index.ts'
import type { Words } from '../deliver/content-version.ts'
import { dressedCatalog } from '../library/dress.ts'
import type { Language } from '../words.ts'
import { answerTemplate } from './answer-step.ts'
import type { AnsweredChannel } from './whose.ts'

/**
 * What was typed is a value and never a template: it is escaped where it stands, and goes with the person, while
 * these words are the same for all.
 */
const sources: Record<AnsweredChannel, string> = {
  sms: '{{ campaign.text }}\n',
  email: [
    '---',
    'subject: "{{ campaign.subject }}"',
    '---',
    '{% assign lines = campaign.text | split: campaign.newline %}',
    '',
    '{% for line in lines %}{% if line != "" %}',
    '',
    '{{ line }}',
    '',
    '{% endif %}{% endfor %}',
    '',
  ].join('\n'),
}

/** The fields of an answer as its words name them. */
export const answerFields = (text: string, subject: string) => ({
  text: text.replace(/\r\n?/g, '\n').trim(),
  subject,
  newline: '\n',
})

/** The words of an answer with what the network wears. */
export async function answerWords(
  tx: Tx,
  { templates }: Pick<Context, 'templates'>,
  networkId: string,
  channel: AnsweredChannel,
  language: Language,
): Promise<Words> {
  const own = { template: answerTemplate, channel, language, source: sources[channel] }
  const catalog = await dressedCatalog(tx, networkId, layered(templates, [own]), [answerTemplate])
  return { ...own, source: catalog.find(answerTemplate, channel, language)!.source }
}

import type { MessageClass } from '../words.ts'
import type { CompiledTemplate } from './compiled.ts'
import { frontMatter } from './front-matter.ts'
import { addressesIn } from './links.ts'
import { RenderProblem } from './problem.ts'
import { readyTexts } from './ready.ts'
import { smsSize } from './sms-parts.ts'
import { transliterate } from './transliterate.ts'
import type { Words } from './words.ts'

/** Twilio refuses a longer body (Messages API, `Body`). */
const maxLength = 1_600

/**
 * Classes whose text messages end with the way out. An urgent or service message must not carry it: providers then
 * treat it as marketing and hold it until the next allowed hour (Brevo, "Send a transactional SMS").
 */
const endsWithStop = new Set<MessageClass>(['marketing', 'relational'])

/** Front matter `transliterate: off` keeps every character as written, for texts where a name must stay exact. */
export function compileSms({ words, language }: Words): CompiledTemplate {
  const { fields, body } = frontMatter(words, ['transliterate'])
  const keepsCharacters = fields.transliterate === 'off'
  const destinations = [...new Set(addressesIn(body).map(({ address }) => address))]
  const texts = readyTexts({ body: { source: body, context: 'text' } }, { language, destinations: [] })

  const compose: (...args: Parameters<CompiledTemplate['measure']>) => { text: string; problem?: string } = (
    values,
    urls,
  ) => {
    const { pieces, scope } = texts(values, urls)
    let text = pieces.body(scope)
    for (const destination of destinations) {
      const tracked = urls.click[destination]
      if (tracked) text = text.replaceAll(destination, tracked)
    }
    text = text.normalize('NFC').replace(/\s+/gu, ' ').trim()
    if (!keepsCharacters) text = transliterate(text)
    if (text === '') return { text, problem: 'sms.empty' }
    if (endsWithStop.has(values.campaign.class)) {
      const { stopText } = values.sender
      if (stopText === undefined) return { text, problem: 'sms.noStop' }
      if (stopText !== '') text = `${text} ${stopText}`
    }
    return { text, problem: text.length > maxLength ? 'sms.tooLong' : undefined }
  }

  return {
    measure: (values, urls) => {
      const { text, problem } = compose(values, urls)
      return { parts: smsSize(text).parts, problem }
    },
    render: (values, urls) => {
      const { text, problem } = compose(values, urls)
      if (problem) throw new RenderProblem({ code: problem, message: explanations[problem]! })
      return { channel: 'sms', text, parts: smsSize(text).parts }
    },
  }
}

const explanations: Record<string, string> = {
  'sms.empty': 'The text message is empty for this person: give its fields a default.',
  'sms.noStop': 'A marketing text message must say how to stop: set the network’s STOP number.',
  'sms.tooLong': `The text message is longer than ${maxLength} characters, which no provider takes: shorten it.`,
}

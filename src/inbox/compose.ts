import type { Person } from '../audience/people.ts'
import type { Content } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import type { MessageDetails } from '../db/schema/inbox.ts'
import type { Words } from '../deliver/content-version.ts'
import { senderNamesOf } from '../library/dress.ts'
import { mergeValues } from '../outbox/merge-values.ts'
import { compile, RenderProblem } from '../render/render.ts'
import type { MergeValues } from '../render/values.ts'
import { costMillis } from '../routing/cost.ts'
import { answerFields, answerWords } from './answer-words.ts'
import type { Answerable } from './answerable.ts'
import type { AnsweredChannel } from './whose.ts'

/** Longest answer that is taken, in characters: a long text message, or a page of mail. */
export const longestAnswer = { sms: 1_000, email: 10_000 } as const

/** An answer put into words, as it will leave. */
export interface Composed {
  words: Words
  values: MergeValues
  content: Content
  parts: number
  /** Thousandths of a minor unit. */
  costMillis: number
  currency: string
}

/** What an answer says, and what it answers. */
export interface Answer {
  text: string
  /** Of the mail that is answered, without Re:. */
  subject?: string
  answers?: Pick<MessageDetails, 'mailId' | 'references'>
}

/** Puts an answer into words for the first of the people at the address. The code of what is wrong with it otherwise. */
export async function composeAnswer(
  tx: Tx,
  context: Context,
  network: Network,
  { people: [person], sender, step }: Extract<Answerable, { can: true }>,
  { text, subject = '', answers }: Answer,
  now: Date,
): Promise<Composed | { problem: string }> {
  const channel = sender.channel as AnsweredChannel
  if (text.trim() === '') return { problem: 'empty' }
  if (text.length > longestAnswer[channel]) return { problem: 'tooLong' }
  const { language } = person.contact
  const words = await answerWords(tx, context, network.id, channel, language)
  const values = mergeValues({
    ...{ network, campaign: step.campaign, step: step.definition, person, channel, language, sender, now },
    senderNames: await senderNamesOf(tx, network.id),
    isShared: false,
  })
  values.campaign.values = answerFields(text, reSubject(subject, network.title))
  if (channel === 'email' && answers?.mailId)
    values.answers = { mailId: answers.mailId, references: [...(answers.references ?? [])] }
  try {
    const template = await compile(words.source, channel, language, context.templates.layouts)
    const content = template.render(values, { click: {}, site: context.publicUrl })
    const parts = content.channel === 'sms' ? content.parts : 1
    const { currency } = step.policy.values
    return {
      ...{ words, values, content, parts, currency },
      costMillis: costMillis(channel, parts, step.policy.values, countryOf(person, channel)),
    }
  } catch (error) {
    if (error instanceof RenderProblem) return { problem: error.code }
    throw error
  }
}

const countryOf = ({ routable }: Person, channel: AnsweredChannel) =>
  (channel === 'sms' ? routable.mobile : routable.email)?.country

/** A subject as an answer bears it: one Re: however often the mail went to and fro (RFC 5322, 3.6.5). */
export function reSubject(subject: string, otherwise: string): string {
  const bare = subject
    .replace(/[\r\n]+/g, ' ')
    .replace(/^(\s*(re|ré|rép|aw|sv|tr|fwd?)\s*(\[\d+\])?\s*:\s*)+/i, '')
    .trim()
  return `Re: ${bare === '' ? otherwise : bare}`.slice(0, 250)
}

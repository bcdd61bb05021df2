import { stringify } from 'yaml'
import { checkTemplate } from '../render/check.ts'
import { frontMatter } from '../render/front-matter.ts'
import {
  type ChannelName,
  channelNames,
  type Language,
  languages,
  type MessageClass,
  type UrgentReason,
} from '../words.ts'
import { fieldsOf } from './merge.ts'
import type { NetworkWords } from './network-templates.ts'

/** One message without ceremony: the same words on each channel, as each channel takes them. */
export interface OneOff {
  to: { segment: string } | { site: string } | { contact: string }
  class: MessageClass
  /** Of an urgent one. */
  reason?: UrgentReason
  /** Left out, the policy decides. */
  channels?: readonly ChannelName[]
  /** `now`, or a local time such as 2027-01-11T09:00. */
  at: string
  words: Partial<Record<Language, OneOffWords>>
}

export interface OneOffWords {
  subject: string
  /** Markdown, with fields such as {{ contact.firstName }}. */
  text: string
  /** For a phone; left out, the text without its marks. */
  sms?: string
}

/** What a screen shows at most; longer words are not for it. */
const screenLength = 500

/** A name for its campaign: message- and the subject, in the letters names are made of. */
export function messageName(subject: string): string {
  const slug = subject
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '')
  return slug === '' ? 'message' : `message-${slug}`
}

/** The message as a campaign file of one step. */
export function oneOffText(message: OneOff, name: string, template: string): string {
  const title = Object.fromEntries(
    languages.flatMap((language) => {
      const words = message.words[language]
      return words ? [[language, titleOf(words.subject)]] : []
    }),
  )
  const isUrgent = message.class === 'urgent_service'
  return stringify(
    {
      name,
      title,
      class: message.class,
      ...(message.reason ? { reason: message.reason } : {}),
      audience: message.to,
      anchor: { launch: message.at },
      steps: [
        {
          name: 'message',
          at: 'launch',
          intent: isUrgent ? 'notice' : 'relationship',
          urgency: isUrgent ? 'immediate' : 'normal',
          ...(message.channels ? { channels: [...message.channels] } : {}),
          template,
        },
      ],
    },
    { lineWidth: 0 },
  )
}

/** A campaign's title is read by people: what a template would fill in is left out. */
const titleOf = (subject: string): string =>
  subject
    .replace(/\{[{%].*?[}%]\}/g, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s,;:–-]+|[\s,;:–-]+$/g, '') || 'Message'

/** The words for every channel that can take them. A text too long for a screen is not shown on one. */
export function oneOffWords(words: OneOff['words'], template: string): NetworkWords[] {
  return languages.flatMap((language) => {
    const written = words[language]
    if (!written) return []
    return channelNames.flatMap((channel): NetworkWords[] => {
      const source = wordsFor(channel, written)
      return source === undefined ? [] : [{ template, channel, language, source }]
    })
  })
}

function wordsFor(channel: ChannelName, { subject, text, sms }: OneOffWords): string | undefined {
  const headed = (key: string, body: string) => `---\n${key}: ${JSON.stringify(oneLine(subject))}\n---\n${body}\n`
  switch (channel) {
    case 'email':
      return headed('subject', text)
    case 'intranet':
      return headed('title', text)
    case 'print':
      return headed('title', `# ${oneLine(subject)}\n\n${text}`)
    case 'screen': {
      const plain = plainWords(text)
      return plain.length > screenLength ? undefined : headed('title', plain)
    }
    case 'sms':
      return `${sms ?? oneLine(plainWords(text))}\n`
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Words without their Markdown: what a text message and a screen can show. */
export const plainWords = (text: string): string =>
  text
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\(([^)\s]+)\)/g, (_, label: string, address: string) =>
      label === address ? address : `${label} : ${address}`,
    )
    .replace(/^#{1,6}[ \t]+/gm, '')
    .replace(/^>[ \t]?/gm, '')
    .replace(/(\*\*|__)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replace(/(^|[\s(«“"'’])[*_](?=\S)([^*_\n]*?[^\s*_])[*_](?=$|[\s).,;:!?»”"'’])/gm, '$1$2')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** The form a message was written in, read back from the words kept; undefined when they are not of its making. */
export function writtenWords(kept: readonly NetworkWords[]): OneOff['words'] {
  const words: OneOff['words'] = {}
  for (const language of languages) {
    const of = (channel: ChannelName) =>
      kept.find((one) => one.channel === channel && one.language === language)?.source
    const email = of('email')
    if (email === undefined) continue
    const { fields, body } = frontMatter(email, ['subject', 'preheader'])
    const text = body.replace(/\n$/, '')
    const sms = of('sms')?.trim()
    words[language] = {
      subject: fields.subject ?? '',
      text,
      ...(sms === undefined || sms === oneLine(plainWords(text)) ? {} : { sms }),
    }
  }
  return words
}

export interface WordsProblem {
  language: Language
  field: 'subject' | 'text' | 'sms'
  message: string
}

/** What would keep the words from going out, at the field where it can be mended. */
export function wordsProblems(words: OneOff['words'], messageClass: MessageClass, template: string): WordsProblem[] {
  const found: WordsProblem[] = []
  for (const { channel, language, source } of oneOffWords(words, template)) {
    const own = words[language]
    if (!own) continue
    for (const problem of checkTemplate(source, channel, fieldsOf([]), messageClass)) {
      // The layouts owe the way out, and they have it.
      if (problem.severity === 'warning' || problem.code === 'unsubscribe.missing') continue
      const field =
        channel === 'sms' && own.sms !== undefined
          ? 'sms'
          : problem.line <= 3 && channel === 'email'
            ? 'subject'
            : 'text'
      if (!found.some((one) => one.language === language && one.message === problem.message))
        found.push({ language, field, message: problem.message })
    }
  }
  return found
}

import type { Carried } from '../in-calls.ts'
import { type Factored, factor, type Parts, shapeOf } from './factor.ts'
import { headersOf, type Mailbox, oneLine, senderOf } from './sender.ts'

type Mail = Carried<'email'>

/** Recipients of one call: SendGrid takes 1,000, but a doubt about a call is a doubt about all of them. */
export const mostInCall = 100
/** SendGrid's limit on the substitutions of one personalization, in bytes (tsg_mail_v3.json). */
const MOST_SUBSTITUTED = 10_000
/** SendGrid's limit on a call, its form taken off (docs: total message size 30 MB). */
const LARGEST_CALL = 29 * 1024 * 1024

/** One call's body as SendGrid's v3 mail/send takes it. */
export interface MailSend {
  personalizations: {
    to: { email: string }[]
    subject: string
    headers?: Record<string, string>
    substitutions?: Record<string, string>
    custom_args: Record<string, string>
  }[]
  from: Mailbox
  reply_to?: { email: string }
  subject: string
  content: { type: string; value: string }[]
  tracking_settings: Record<string, { enable: boolean; enable_text?: boolean }>
}

/**
 * Puts mails into calls. A call holds mails of one message by one sender whose words lie over one another, no mailbox
 * twice, and no more than SendGrid takes; what fits nowhere goes alone. The same mails always make the same calls, and
 * the mails of a call put in again make that call again.
 */
export function intoCalls(mails: readonly Mail[], mailFrom: string | undefined): Mail[][] {
  const alike = new Map<string, Mail[][]>()
  for (const mail of mails) {
    const sender = senderOf(mail.outgoing, mailFrom)
    const { messageId, networkId, mode } = mail.outgoing
    const key = JSON.stringify([networkId, mode, messageId, sender?.email, sender?.name, shapeOf(partsOf(mail))])
    const calls = alike.get(key) ?? []
    alike.set(key, calls)
    const to = mailboxOf(mail)
    const open = calls.find((call) => call.length < mostInCall && !call.some((one) => mailboxOf(one) === to))
    if (open) open.push(mail)
    else calls.push([mail])
  }
  return [...alike.values()].flat().flatMap(thatFit)
}

/** Halved until it fits: one odd mail then costs few of the others their company. */
function thatFit(mails: Mail[]): Mail[][] {
  if (mails.length === 1 || fits(factor(mails.map(partsOf)), mails)) return [mails]
  const half = Math.ceil(mails.length / 2)
  return [...thatFit(mails.slice(0, half)), ...thatFit(mails.slice(half))]
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

function fits({ common, substitutions }: Factored, mails: readonly Mail[]): boolean {
  // Beside the words, the address for answers is substituted.
  const sizes = substitutions.map((own) => bytes(own) + 100)
  const headers = mails.reduce((sum, { content }) => sum + bytes([content.headers, content.subject]) + 1_000, 0)
  const whole = bytes(common) + sizes.reduce((sum, size) => sum + size, 0) + headers
  return Math.max(...sizes) <= MOST_SUBSTITUTED && whole <= LARGEST_CALL
}

const mailboxOf = ({ outgoing }: Mail): string => outgoing.to.value.toLowerCase()

const partsOf = ({ content }: Mail): Parts => ({
  subject: oneLine(content.subject),
  html: content.html,
  text: content.text,
})

/**
 * Where answers go. SendGrid takes one address for a call, and substitutes in it as in the words (docs, "Mail Send",
 * `substitutions`): what is each mail's own stands before the `@`.
 */
function repliesOf(mails: readonly Mail[]): { email: string; substitutions: Record<string, string>[] } | undefined {
  const addresses = mails.flatMap(({ outgoing }) => outgoing.returnTo?.reply ?? [])
  const [first] = addresses
  if (first === undefined || addresses.length < mails.length) return undefined
  if (mails.length === 1) return { email: first, substitutions: [] }
  const domain = first.slice(first.lastIndexOf('@'))
  const words = mails.map(({ content }) => `${content.subject}${content.html}${content.text}`)
  let tag = 'xx-reply-xx'
  while (words.some((text) => text.includes(tag))) tag += 'x'
  return {
    email: `${tag}${domain}`,
    substitutions: addresses.map((address) => ({ [tag]: address.slice(0, -domain.length) })),
  }
}

/**
 * The body of a call. Subject and headers are each person's own; `custom_args` too, where SendGrid types them as an
 * object (a message's are typed as text). They are kept by SendGrid for long and cannot be redacted: opaque ids only.
 */
export function mailSendOf(mails: readonly Mail[], from: Mailbox): MailSend {
  const { common, substitutions } = factor(mails.map(partsOf))
  const replies = repliesOf(mails)
  return {
    personalizations: mails.map(({ outgoing, content }, index) => {
      const headers = headersOf(content.headers, outgoing.returnTo?.leave)
      const own = { ...substitutions[index], ...replies?.substitutions[index] }
      return {
        to: [{ email: outgoing.to.value }],
        subject: oneLine(content.subject),
        ...(Object.keys(headers).length > 0 ? { headers } : {}),
        ...(Object.keys(own).length > 0 ? { substitutions: own } : {}),
        custom_args: {
          network_id: outgoing.networkId,
          delivery_id: outgoing.deliveryId,
          attempt: String(outgoing.attempt),
          // Part of a call says nothing of the rest: halves of one that was refused leave without its name.
          ...(outgoing.call?.size === mails.length ? { call: outgoing.call.id } : {}),
        },
      }
    }),
    from,
    ...(replies && { reply_to: { email: replies.email } }),
    subject: common.subject,
    content: [
      { type: 'text/plain', value: common.text },
      { type: 'text/html', value: common.html },
    ].filter(({ value }) => value !== ''),
    // We track ourselves, as each person has chosen; SendGrid's own tracking would not ask.
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
      subscription_tracking: { enable: false },
      ganalytics: { enable: false },
    },
  }
}

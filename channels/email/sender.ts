import type { Outgoing, Receipt } from '../../src/channel.ts'

export interface Mailbox {
  email: string
  name?: string
}

/** `Relais <news@example.com>` or `news@example.com`, as MAIL_FROM may be written. */
export function parseMailbox(text: string): Mailbox {
  const match = /^\s*(?:"?([^"<]*?)"?\s*)<([^<>\s]+@[^<>\s]+)>\s*$/.exec(text)
  if (match?.[2]) return { email: match[2], name: match[1] === '' ? undefined : match[1] }
  return { email: text.trim() }
}

/** Who the mail is from: the delivery's sender, else the configured one; its name is the delivery's first. */
export function senderOf(outgoing: Outgoing, mailFrom: string | undefined): Mailbox | undefined {
  const text = outgoing.from ?? mailFrom
  if (text === undefined || !text.includes('@')) return undefined
  const mailbox = parseMailbox(text)
  return { email: mailbox.email, name: oneLine(outgoing.fromName ?? mailbox.name ?? '') || undefined }
}

/** The refusal where nobody is named: once somebody is, it can be sent. */
export const noSender: Receipt = {
  outcome: 'refused',
  code: 'sender_misconfigured',
  permanent: false,
  detail: 'Set MAIL_FROM to a mailbox, or name one as the sender.',
}

/** A header's value on one line: a line break in it would start another header (CWE-93). */
export const oneLine = (text: string): string => text.replace(/[\r\n\u0000]+/g, ' ').trim()

/**
 * The headers of a mail. Where mail comes in, programs that unsubscribe by mail only are given the address for it
 * behind the link (RFC 2369, 3.2; RFC 8058, 3.1 asks for the link).
 */
export const headersOf = (headers: Record<string, string>, leave?: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => /^[A-Za-z0-9-]+$/.test(name))
      .map(([name, value]) => [name, oneLine(withMailbox(name, value, leave))]),
  )

const withMailbox = (name: string, value: string, leave: string | undefined): string =>
  leave !== undefined && name.toLowerCase() === 'list-unsubscribe'
    ? `${value}, <mailto:${leave}?subject=unsubscribe>`
    : value

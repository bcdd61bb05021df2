/**
 * What the event of an answer holds in its `data`, by the event's channel. Events of type `reply` are written by
 * people; those of type `auto_reply` by their mail programs, and are no act of anybody. An answer whose delivery is
 * not known, though its network is, is an event without `deliveryId`, with `contactId` where the writer is a contact.
 */
export interface SmsReplyData {
  text: string
  messagingServiceSid?: string
  /** A stop word stands in a message that is more than it: a person should read it. */
  isNearStop?: boolean
  /** The whole message is a word that takes a STOP back. */
  isStart?: boolean
  /** Pictures and other files that came with it. */
  media?: number
}

/** A file that came with a mail. Its bytes are not kept. */
export interface MailAttachment {
  name: string
  type: string
  /** Bytes, decoded; left out where it was not said. */
  size?: number
}

export interface EmailReplyData {
  /** What the writer wrote, without what was quoted; never HTML. At most 20,000 characters. */
  text: string
  /** All of the text as it came, where that is more. At most 60,000 characters. */
  original?: string
  /** At most 300 characters; empty where there was none. */
  subject: string
  /** The mail's Message-ID without `<` and `>`: what an answer names in In-Reply-To and References. */
  mailId?: string
  /** What the mail itself names in References, oldest first, without `<` and `>`. */
  references?: string[]
  /** Who wrote, where that is not the mailbox the delivery went to: a colleague, a second mailbox. */
  writer?: { mailbox: string; name?: string }
  /** How the mail was recognised: by our own return address, by what it answers, or only by who wrote. */
  by: 'return_address' | 'references' | 'writer'
  attachments?: MailAttachment[]
  isNearStop?: boolean
}

export interface EmailAutoReplyData extends EmailReplyData {
  /** Nobody at the desk; a bounce or complaint that nothing proves to be about ours; any other answer of a program. */
  kind: 'out_of_office' | 'unproven_report' | 'automatic'
  /** The day named, of return or the last of the absence: `2026-08-24`. */
  backOn?: string
}

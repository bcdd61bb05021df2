import { createPublicKey, createVerify, type KeyObject } from 'node:crypto'
import busboy from 'busboy'
import { WebhookNotConfigured, WebhookRejected } from '../channel.ts'
import type { MailAttachment } from '../tracking/reply-data.ts'
import { headerFields, mailboxesIn } from './header-values.ts'
import { htmlWords } from './html-words.ts'
import type { IncomingMail, ReportPart } from './incoming-mail.ts'
import { type Envelope, mailOf, readMail, reportOf, shortName } from './read-mail.ts'

/** SendGrid passes on mails of at most 30 MB (docs, "Inbound Email Parse Webhook"); the form around them adds some. */
export const largestPost = 32 * 1024 * 1024
const largestField = 4 * 1024 * 1024
const largestReport = 64 * 1024
const mostAttachments = 50
const mostParts = 300

/** A call that is larger than any mail may be: 413. */
export class PostTooLarge extends Error {
  override name = 'PostTooLarge'
}

export interface InboundPost {
  contentType: string
  body: AsyncIterable<Uint8Array>
  /** Where it is signed. */
  check?: { publicKey: string; timestamp: string; signature: string; receivedAt: Date }
}

/**
 * SendGrid drops a mail it could not hand over for three days (docs, "Inbound Email Parse Webhook") and does not say
 * whether a retry signs anew. A mail told twice is known by its Message-ID.
 */
const oldestMs = 96 * 3_600_000

/**
 * Reads what Inbound Parse posts, as it comes in: the raw message where it was asked for, else SendGrid's own parts of
 * it. Attachments are counted and named, and their bytes let go. The signature (ECDSA P-256 over timestamp and raw
 * body, docs "Securing your Inbound Parse Webhooks") covers everything, so nothing is believed before the end. Throws
 * WebhookRejected, WebhookNotConfigured and PostTooLarge; undefined for a body that is no such form.
 */
export async function readInboundPost(post: InboundPost): Promise<IncomingMail | undefined> {
  const key = post.check && keyOf(post.check.publicKey)
  const verifier = post.check && createVerify('sha256').update(post.check.timestamp)
  const form = startForm(post.contentType)
  let size = 0
  for await (const chunk of post.body) {
    size += chunk.byteLength
    if (size > largestPost) throw new PostTooLarge(`The body is larger than ${largestPost} bytes.`)
    verifier?.update(chunk)
    await form?.write(chunk)
  }
  if (post.check && key && verifier) {
    let isGenuine = false
    try {
      isGenuine = verifier.verify(key, Buffer.from(post.check.signature, 'base64'))
    } catch {
      // A signature that is not even DER is a forged one.
    }
    if (!isGenuine) throw new WebhookRejected('The signature of Inbound Parse does not match the body.')
    const age = post.check.receivedAt.getTime() - Number(post.check.timestamp) * 1000
    if (!(Math.abs(age) <= oldestMs)) throw new WebhookRejected('The signed timestamp is more than four days away.')
  }
  const read = await form?.end()
  return read && mailOfForm(read)
}

function keyOf(publicKey: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  } catch {
    throw new WebhookNotConfigured('SENDGRID_INBOUND_PUBLIC_KEY is not a base64 public key as SendGrid shows it.')
  }
}

interface Form {
  /** The bytes of each field, one character a byte: each is in a character set of its own. */
  fields: Map<string, string>
  attachments: MailAttachment[]
  reports: ReportPart[]
}

interface OpenForm {
  write(chunk: Uint8Array): Promise<void>
  /** What was read; undefined when it broke off or was no form. */
  end(): Promise<Form | undefined>
}

/** Undefined where the body says that it is no form. */
function startForm(contentType: string): OpenForm | undefined {
  const form: Form = { fields: new Map(), attachments: [], reports: [] }
  let parser: busboy.Busboy
  try {
    parser = busboy({
      headers: { 'content-type': contentType },
      defCharset: 'latin1',
      defParamCharset: 'utf8',
      limits: { fieldSize: largestPost, fieldNameSize: 100, parts: mostParts },
    })
  } catch {
    return undefined
  }
  let isBroken = false
  const closed = new Promise<void>((resolve) => {
    parser.on('close', resolve)
    parser.on('error', () => {
      isBroken = true
      resolve()
    })
  })
  parser.on('field', (name, value) => {
    form.fields.set(name, name === 'email' ? value : value.slice(0, largestField))
  })
  parser.on('file', (_name, stream, { filename, mimeType }) => {
    const type = mimeType.toLowerCase()
    const isReport = reportOf(type, '') !== undefined
    const kept: Buffer[] = []
    let size = 0
    stream.on('data', (chunk: Buffer) => {
      if (isReport && size < largestReport) kept.push(chunk)
      size += chunk.length
    })
    stream.on('error', () => undefined)
    stream.on('end', () => {
      const report = isReport ? reportOf(type, Buffer.concat(kept).toString('utf8')) : undefined
      if (report) form.reports.push(report)
      else if (form.attachments.length < mostAttachments)
        form.attachments.push({ name: shortName(filename ?? '') || type, type: shortName(type), size })
    })
  })
  return {
    write: async (chunk) => {
      if (isBroken || parser.destroyed || parser.write(chunk)) return
      await Promise.race([new Promise<void>((resolve) => parser.once('drain', resolve)), closed])
    },
    end: async () => {
      if (!isBroken && !parser.destroyed) parser.end()
      await closed
      return isBroken && form.fields.size === 0 ? undefined : form
    },
  }
}

function mailOfForm({ fields, attachments, reports }: Form): IncomingMail | Promise<IncomingMail> | undefined {
  const charsets = object(fields.get('charsets'))
  const field = (name: string): string => {
    const bytes = Buffer.from(fields.get(name) ?? '', 'latin1')
    return decoded(bytes, charsets[name])
  }
  const envelope = envelopeOf(object(field('envelope')))
  const raw = fields.get('email')
  if (raw !== undefined) return readMail(Buffer.from(raw, 'latin1'), envelope)
  if (!fields.has('headers') && !fields.has('from')) return undefined
  const from = field('from')
  const mailbox = mailboxesIn(/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from)[0]
  const name = shortName(from.replace(/<[^<>]*>\s*$/, '').replace(/^\s*"|"\s*$/g, ''))
  const text = field('text')
  return mailOf(headerFields(field('headers')), {
    envelope: envelope.to?.length ? envelope : { ...envelope, to: mailboxesIn(field('to')) },
    from: mailbox === undefined ? undefined : { mailbox, name: name && name !== mailbox ? name : undefined },
    subject: field('subject'),
    text: text.trim() === '' ? htmlWords(field('html')) : text,
    attachments,
    reports,
  })
}

function decoded(bytes: Uint8Array, charset: unknown): string {
  try {
    return new TextDecoder(typeof charset === 'string' ? charset : 'utf-8').decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

function object(text: string | undefined): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {}
  } catch {
    return {}
  }
}

const envelopeOf = ({ to, from }: Record<string, unknown>): Envelope => ({
  to: Array.isArray(to) ? to.filter((one) => typeof one === 'string') : undefined,
  from: typeof from === 'string' ? from : undefined,
})

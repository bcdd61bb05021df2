import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { SendMailOptions, Transporter } from 'nodemailer'
import type { Channel, EmailContent, Outgoing, Receipt } from '../../src/channel.ts'
import { oneByOne } from '../one-by-one.ts'
import { smtpPolicy } from './errors.ts'
import { headersOf, type Mailbox, noSender, oneLine, senderOf } from './sender.ts'

export interface SmtpSettings {
  /** `smtp://user:password@host:port` or `smtps://…`. */
  url: string
  /** Milliseconds for connecting, greeting and each silence on the line. */
  timeoutMs?: number
}

const TIMEOUT = 30_000
/** Connections kept open to the relay, and messages each carries before it is renewed. */
const CONNECTIONS = 5
const MESSAGES_PER_CONNECTION = 100

/** E-mail by a relay of one's own. A relay says "taken" and nothing more: there is no webhook and no look-up. */
export function smtpEmail(settings: SmtpSettings, mailFrom?: string): Channel {
  const { send, open, opened } = oneByOne(
    'email',
    () => connect(settings),
    async (transport, outgoing, content) => {
      const sender = senderOf(outgoing, mailFrom)
      if (!sender) return noSender
      const watch: Watch = {}
      try {
        const mail: SendMailOptions & { watch: Watch } = { ...mailOf(outgoing, content, sender), watch }
        const info = await transport.sendMail(mail)
        return { outcome: 'accepted', ref: info.messageId }
      } catch (error) {
        return receiptOf(error, watch)
      }
    },
  )

  return {
    name: 'email',
    provider: 'smtp',
    serves: 'live',
    perSend: 1,
    address: (book) => book.email,
    open,
    send,
    close: async () => {
      const transport = await opened()
      transport?.close()
    },
  }
}

/** Filled by the transport with the stream the message is read from. */
interface Watch {
  stream?: Readable
}

/** The same delivery and attempt give the same bytes: date, Message-ID and MIME boundary are all fixed by them. */
function mailOf(outgoing: Outgoing, content: EmailContent, sender: Mailbox) {
  const domain = sender.email.split('@').at(-1) ?? 'localhost'
  const id = `${outgoing.deliveryId}.${outgoing.attempt}`
  return {
    from: { name: sender.name ?? '', address: sender.email },
    to: { name: '', address: outgoing.to.value },
    subject: oneLine(content.subject),
    text: content.text,
    html: content.html,
    headers: headersOf(content.headers, outgoing.returnTo?.leave),
    ...(outgoing.returnTo && {
      replyTo: outgoing.returnTo.reply,
      // Reports of servers go to the envelope's sender (RFC 5321, 4.4).
      envelope: { from: outgoing.returnTo.bounce, to: outgoing.to.value },
    }),
    date: outgoing.now,
    messageId: `<${id}@${domain}>`,
    baseBoundary: createHash('sha256').update(id).digest('hex').slice(0, 16),
    xMailer: false as const,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/**
 * A definite reply of the server decides. Without one, what counts is whether a byte of the message was read for
 * the line: the DATA phase begins with that, and from then on the server may have the whole message.
 */
function receiptOf(error: unknown, watch: Watch): Receipt {
  const { code, responseCode, response, message } = error as {
    code?: string
    responseCode?: number
    response?: string
    message?: string
  }
  const detail = `SMTP ${response ?? message ?? error}`.slice(0, 300)
  const policy = responseCode === undefined ? undefined : smtpPolicy(responseCode, response ?? '')
  if (policy) return { outcome: 'refused', ...policy, detail }
  if (watch.stream?.readableDidRead) return { outcome: 'unknown', reason: `The line broke after DATA: ${message}` }
  if (code === 'EAUTH') return { outcome: 'refused', code: 'credentials', permanent: false, detail }
  // Refused by nodemailer itself: the envelope holds no usable address.
  if (code === 'EENVELOPE') return { outcome: 'refused', code: 'invalid_address', permanent: true, detail }
  return { outcome: 'refused', code: 'unreachable', permanent: false, detail }
}

export async function connect(settings: SmtpSettings): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  const timeout = settings.timeoutMs ?? TIMEOUT
  const transport = createTransport({
    url: settings.url,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: MESSAGES_PER_CONNECTION,
    // A message whose connection closed may have been taken: whether it goes again is not the pool's to decide.
    maxRequeues: 0,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
  })
  transport.use('stream', (mail, done) => {
    const { watch } = mail.data as { watch?: Watch }
    const open = mail.message.createReadStream.bind(mail.message)
    mail.message.createReadStream = (options) => {
      const stream = open(options)
      if (watch) watch.stream = stream
      return stream
    }
    done()
  })
  return transport
}

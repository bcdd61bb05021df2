import { createHash, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { WebhookNotConfigured, WebhookRejected } from '../channel.ts'
import { type InboundPost, PostTooLarge, readInboundPost } from './inbound-parse.ts'
import { type MailInDeps, type MailInSettings, takeInMail } from './take-in.ts'

/** `mailIn` is absent where no mail comes in at all: every call is answered 503 then. */
export type MailInRoutesDeps = Omit<MailInDeps, 'mailIn'> & { mailIn?: MailInSettings }

const signatureHeader = 'x-twilio-email-event-webhook-signature'
const timestampHeader = 'x-twilio-email-event-webhook-timestamp'
const path = 'sendgrid/inbound'

/**
 * What SendGrid's Inbound Parse calls: signed, at `/webhooks/sendgrid/inbound`; or, where no key is set, at that path
 * with the secret of the settings behind it. 204 once the mail is stored, dropped or unreadable, since a mail that is
 * refused only comes again; 403 for anybody else's call, 503 where it cannot be verified or stored (SendGrid tries
 * again for three days), 413 for more than a mail may hold.
 */
export function mailInRoutes(deps: MailInRoutesDeps): Hono {
  const app = new Hono()
  app.post(`/webhooks/${path}`, (c) => answer(c, deps, ''))
  app.post(`/webhooks/${path}/:token`, (c) => answer(c, deps, c.req.param('token')))
  return app
}

async function answer(c: Context, deps: MailInRoutesDeps, token: string): Promise<Response> {
  const { mailIn, wall, onRefused } = deps
  try {
    const check = allowed(c, mailIn, token, wall.now())
    const body = c.req.raw.body
    const mail = await readInboundPost({
      contentType: c.req.header('content-type') ?? '',
      body: body ? chunksOf(body) : nothing(),
      check,
    })
    if (mail && mailIn) await takeInMail({ ...deps, mailIn }, mail)
    else onRefused?.(path, 'The body is no form that Inbound Parse posts.')
    return c.body(null, 204)
  } catch (error) {
    onRefused?.(path, error instanceof Error ? error.message : String(error))
    if (error instanceof WebhookRejected) return c.body(null, 403)
    if (error instanceof PostTooLarge) return c.body(null, 413)
    if (error instanceof WebhookNotConfigured) return c.body(null, 503)
    return c.body(null, 503, { 'retry-after': '30' })
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** How the call proves itself; a secret is looked at before anything is read. */
function allowed(
  c: Context,
  mailIn: MailInSettings | undefined,
  token: string,
  receivedAt: Date,
): InboundPost['check'] {
  const { publicKey, pathToken } = mailIn ?? {}
  if (publicKey !== undefined)
    return {
      publicKey,
      timestamp: c.req.header(timestampHeader) ?? '',
      signature: c.req.header(signatureHeader) ?? '',
      receivedAt,
    }
  if (pathToken === undefined)
    throw new WebhookNotConfigured(
      'Neither SENDGRID_INBOUND_PUBLIC_KEY nor INBOUND_TOKEN is set: mail that comes in cannot be told from forged.',
    )
  if (!timingSafeEqual(digest(token), digest(pathToken)))
    throw new WebhookRejected('The address does not end with INBOUND_TOKEN.')
  return undefined
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.releaseLock()
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

import { z } from 'zod'
import type { ChannelName } from '../words.ts'

/** Providers a network may have an account of its own with. */
export const ownProviders = ['twilio', 'sendgrid', 'smtp'] as const
export type OwnProvider = (typeof ownProviders)[number]

/** The channel a provider's account serves; a network has one account of its own for a channel. */
export const channelOfProvider: Record<OwnProvider, Extract<ChannelName, 'sms' | 'email'>> = {
  twilio: 'sms',
  sendgrid: 'email',
  smtp: 'email',
}

/**
 * What is wrong with a field, as a code that pages and commands put into words: which sign identifies a value, how
 * long it is, what goes together.
 */
export const credentialProblems = [
  'accountSid',
  'authToken',
  'apiKey',
  'apiSecret',
  'keyPair',
  'messagingServiceSid',
  'smsFrom',
  'smsSender',
  'sendgridKey',
  'publicKey',
  'mailbox',
  'host',
  'port',
  'user',
] as const
export type CredentialProblem = (typeof credentialProblems)[number]

const matching = (pattern: RegExp, problem: CredentialProblem) => z.string().regex(pattern, { error: problem })
/** An empty field is no value. */
const maybe = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

/** Number, short code or alphanumeric sender ID of 1 to 11 characters with a letter (Twilio's glossary). */
export const smsFromPattern = /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11})$/
export const messagingServicePattern = /^MG[0-9a-fA-F]{32}$/
/** `news@example.com`, on one line: what is shown before it is the sender's name. */
export const mailboxPattern = /^[^\s@<>"(),:;\\[\]]{1,64}@[^\s@<>"(),:;\\[\]]+\.[^\s@<>"(),:;\\[\].]{2,}$/

const twilio = z
  .strictObject({
    provider: z.literal('twilio'),
    accountSid: matching(/^AC[0-9a-fA-F]{32}$/, 'accountSid'),
    authToken: matching(/^[0-9A-Za-z_-]{8,128}$/, 'authToken'),
    /** While the token is changed: the other of the two, still heard. */
    oldAuthToken: maybe(matching(/^[0-9A-Za-z_-]{8,128}$/, 'authToken')),
    apiKey: maybe(matching(/^SK[0-9a-fA-F]{32}$/, 'apiKey')),
    apiSecret: maybe(matching(/^\S{8,128}$/, 'apiSecret')),
    messagingServiceSid: maybe(matching(messagingServicePattern, 'messagingServiceSid')),
    from: maybe(matching(smsFromPattern, 'smsFrom')),
  })
  .superRefine(({ apiKey, apiSecret, messagingServiceSid, from }, context) => {
    if (Boolean(apiKey) !== Boolean(apiSecret))
      context.addIssue({ code: 'custom', path: [apiKey ? 'apiSecret' : 'apiKey'], message: 'keyPair' })
    if (!messagingServiceSid && !from) context.addIssue({ code: 'custom', path: ['from'], message: 'smsSender' })
  })

const sendgrid = z.strictObject({
  provider: z.literal('sendgrid'),
  apiKey: matching(/^SG\.\S{8,200}$/, 'sendgridKey'),
  webhookPublicKey: maybe(matching(/^[A-Za-z0-9+/]{80,300}={0,2}$/, 'publicKey')),
  /** While the key is changed: the other of the two, still heard. */
  oldWebhookPublicKey: maybe(matching(/^[A-Za-z0-9+/]{80,300}={0,2}$/, 'publicKey')),
  /** Where SendGrid keeps the account's data: its European region has a host of its own. */
  region: z.enum(['global', 'eu']).default('global'),
  from: matching(mailboxPattern, 'mailbox'),
})

/** Submission ports (RFC 6409, RFC 8314) and those that need no privilege: a form must not probe other services. */
const isMailPort = (port: number) => port === 25 || port === 465 || port === 587 || (port >= 1024 && port <= 65_535)

const smtp = z.strictObject({
  provider: z.literal('smtp'),
  /** TLS from the first byte, or STARTTLS where the relay offers it. */
  security: z.enum(['tls', 'starttls']),
  host: matching(/^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'host'),
  port: z.coerce.number({ error: 'port' }).int({ error: 'port' }).refine(isMailPort, { error: 'port' }),
  user: maybe(z.string().max(200, { error: 'user' })),
  password: maybe(z.string().max(500, { error: 'user' })),
  from: matching(mailboxPattern, 'mailbox'),
})

/** An account of a network's own, checked. Each problem is one of `credentialProblems`, at its field. */
export const credentialsSchema = z.discriminatedUnion('provider', [twilio, sendgrid, smtp])
export type Credentials = z.infer<typeof credentialsSchema>

/** Fields that are never shown again; left empty in a form that changes an account, they stay. */
export const secretFields: Record<OwnProvider, readonly string[]> = {
  twilio: ['authToken', 'apiSecret'],
  sendgrid: ['apiKey'],
  smtp: ['password'],
}

const last4 = (secret: string | undefined): string => (secret ? `…${secret.slice(-4)}` : '')

/** What may be shown of an account: who it is, and the end of its keys. The name is what the provider calls it. */
export function hintsOf(credentials: Credentials, name?: string): Record<string, string> {
  const shown = (hints: Record<string, string | undefined>): Record<string, string> =>
    Object.fromEntries(Object.entries(hints).flatMap(([key, text]) => (text ? [[key, text]] : [])))
  switch (credentials.provider) {
    case 'twilio': {
      const { accountSid, authToken, apiKey, apiSecret, messagingServiceSid, from } = credentials
      const keys = { authToken: last4(authToken), apiSecret: last4(apiSecret) }
      return shown({ name, accountSid, ...keys, apiKey, messagingServiceSid, from })
    }
    case 'sendgrid': {
      const { apiKey, webhookPublicKey, oldWebhookPublicKey, region, from } = credentials
      return shown({ name, apiKey: last4(apiKey), webhookPublicKey, oldWebhookPublicKey, region, from })
    }
    case 'smtp': {
      const { security, host, port, user, password, from } = credentials
      return shown({ name, security, host, port: String(port), user, password: password ? '…' : undefined, from })
    }
  }
}

/** What tells one account from another: what was sent by one cannot be asked of another. */
export function accountOf(hints: Readonly<Record<string, string>>): string {
  return [hints.accountSid, hints.host, hints.user, hints.accountSid ? '' : hints.apiKey].join(' ')
}

/** The relay's address as nodemailer takes it. */
export function smtpUrl({ security, host, port, user, password }: Extract<Credentials, { provider: 'smtp' }>): string {
  const signIn = user ? `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}@` : ''
  return `${security === 'tls' ? 'smtps' : 'smtp'}://${signIn}${host}:${port}`
}

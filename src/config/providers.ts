import type { Reader } from './reader.ts'

export interface TwilioConfig {
  accountSid: string
  authToken: string
  /** While the token is changed: the other of the two, still heard. */
  oldAuthToken?: string
  apiKey?: string
  apiSecret?: string
  messagingServiceSid?: string
  from?: string
  baseUrl?: string
}

export interface SendGridConfig {
  apiKey: string
  webhookPublicKey?: string
  /** While the key is changed: the other of the two, still heard. */
  oldWebhookPublicKey?: string
  baseUrl?: string
}

export function twilioOf(reader: Reader): TwilioConfig | undefined {
  const accountSid = reader.matching(
    'TWILIO_ACCOUNT_SID',
    /^AC[0-9a-fA-F]{32}$/,
    'must be AC and 32 hexadecimal digits; an SK… is an API key and belongs in TWILIO_API_KEY.',
  )
  const authToken = reader.text('TWILIO_AUTH_TOKEN')
  const oldAuthToken = reader.text('TWILIO_AUTH_TOKEN_OLD')
  const apiKey = reader.matching(
    'TWILIO_API_KEY',
    /^SK[0-9a-fA-F]{32}$/,
    'must be SK and 32 hexadecimal digits; the AC… of the account belongs in TWILIO_ACCOUNT_SID.',
  )
  const apiSecret = reader.text('TWILIO_API_SECRET')
  const messagingServiceSid = reader.matching(
    'TWILIO_MESSAGING_SERVICE_SID',
    /^MG[0-9a-fA-F]{32}$/,
    'must be MG and 32 hexadecimal digits.',
  )
  // Alphanumeric sender IDs: 1 to 11 characters with a letter (twilio.com/docs/glossary/what-alphanumeric-sender-id).
  const from = reader.matching(
    'TWILIO_FROM',
    /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11})$/,
    'must be a number such as +33639980000, a short code such as 36180, or a name of at most 11 letters and digits.',
  )
  const baseUrl = reader.origin('TWILIO_BASE_URL', 'provider')
  if (!accountSid && !authToken && !apiKey && !apiSecret && !messagingServiceSid && !from) return undefined
  if (!accountSid)
    reader.problems.push('TWILIO_ACCOUNT_SID is missing, though other Twilio settings are there. It begins with AC.')
  if (!authToken)
    reader.problems.push('TWILIO_AUTH_TOKEN is missing: without it Twilio’s calls to us cannot be verified.')
  if (Boolean(apiKey) !== Boolean(apiSecret))
    reader.problems.push(
      `${apiKey ? 'TWILIO_API_SECRET' : 'TWILIO_API_KEY'} is missing: the key and its secret go together.`,
    )
  if (!messagingServiceSid && !from)
    reader.problems.push('Set TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID: an SMS needs a sender.')
  if (!accountSid || !authToken) return undefined
  return { accountSid, authToken, oldAuthToken, apiKey, apiSecret, messagingServiceSid, from, baseUrl }
}

export function sendgridOf(reader: Reader): SendGridConfig | undefined {
  const apiKey = reader.matching('SENDGRID_API_KEY', /^SG\./, 'must begin with SG. as SendGrid shows it once.')
  const webhookPublicKey = reader.text('SENDGRID_WEBHOOK_PUBLIC_KEY')
  const oldWebhookPublicKey = reader.text('SENDGRID_WEBHOOK_PUBLIC_KEY_OLD')
  const baseUrl = reader.origin('SENDGRID_BASE_URL', 'provider')
  if (!apiKey) {
    if (webhookPublicKey)
      reader.warnings.push('SENDGRID_WEBHOOK_PUBLIC_KEY is set without SENDGRID_API_KEY: nothing is sent by SendGrid.')
    return undefined
  }
  if (!webhookPublicKey)
    reader.warnings.push('SENDGRID_WEBHOOK_PUBLIC_KEY is not set: SendGrid’s events are answered 503 until it is.')
  return { apiKey, webhookPublicKey, oldWebhookPublicKey, baseUrl }
}

export function smtpOf(reader: Reader): { url: string } | undefined {
  const url = reader.text('SMTP_URL')
  if (url === undefined) return undefined
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed?.hostname || !/^smtps?:$/.test(parsed.protocol))
    reader.problems.push('SMTP_URL must be like smtps://user:password@smtp.example.com:465 (or smtp://).')
  return { url }
}

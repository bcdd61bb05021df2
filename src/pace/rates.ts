import type { ChannelName } from '../words.ts'

/** How much a kind of account or sender takes in a second, and who says so. */
export interface Rate {
  /** Segments for SMS, messages for e-mail. */
  perSecond: number
  /** A code whose words are `settings.rates.sources.<source>`. */
  source: RateSource
}

export const rateSources = [
  'own',
  'twilio_long_code_us',
  'twilio_long_code',
  'twilio_toll_free',
  'twilio_short_code',
  'twilio_alphanumeric',
  'twilio_service',
  'twilio_account',
  'sendgrid_account',
  'smtp_account',
] as const
export type RateSource = (typeof rateSources)[number]

/** Page a figure was read on, and when. */
export const ratePages = {
  twilio_long_code_us: 'https://www.twilio.com/docs/api/errors/30001',
  twilio_long_code: 'https://support.twilio.com/hc/en-us/articles/115002943027',
  twilio_toll_free: 'https://support.twilio.com/hc/en-us/articles/115002943027',
  twilio_short_code: 'https://www.twilio.com/docs/api/errors/30001',
  twilio_alphanumeric: 'https://support.twilio.com/hc/en-us/articles/360057082693',
  twilio_service: 'https://support.twilio.com/hc/en-us/articles/360057082693',
  twilio_account: 'https://www.twilio.com/docs/api/errors/63017',
  sendgrid_account: 'https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors',
  smtp_account: 'https://github.com/knadh/listmonk/blob/master/schema.sql',
} as const satisfies Record<Exclude<RateSource, 'own'>, string>
export const ratesCheckedOn = '2026-11-22'

/** What may be set: a message in a hundred seconds, or more than any account is granted. */
export const leastRate = 0.01
export const greatestRate = 100_000

/**
 * What an account takes by default. Twilio refuses more than 2,000 messages a second of one account (error 63017);
 * SendGrid publishes no figure, and a request carries 1,000 recipients at most; a mail server of one's own says
 * nothing, so the ten a second that listmonk starts from.
 */
const accounts: Readonly<Record<string, Rate>> = {
  twilio: { perSecond: 2_000, source: 'twilio_account' },
  sendgrid: { perSecond: 1_000, source: 'sendgrid_account' },
  smtp: { perSecond: 10, source: 'smtp_account' },
}

export const accountRate = (provider: string, own?: number): Rate | undefined =>
  own === undefined ? accounts[provider] : { perSecond: own, source: 'own' }

/** Toll-free prefixes of the North American plan (nanpa.com, numbering resources). */
const tollFree = /^\+1(800|833|844|855|866|877|888)/

/** What a sender takes by default, by what it looks like; undefined where only its account's rate counts. */
export function senderRate(sender: {
  channel: ChannelName
  provider: string
  address: string | null
  ratePerSecond: number | null
}): Rate | undefined {
  if (sender.ratePerSecond !== null) return { perSecond: sender.ratePerSecond, source: 'own' }
  if (sender.provider !== 'twilio' || !sender.address) return undefined
  const { address } = sender
  if (/^MG[0-9a-f]{32}$/i.test(address)) return { perSecond: 10, source: 'twilio_service' }
  if (/^\d{3,8}$/.test(address)) return { perSecond: 100, source: 'twilio_short_code' }
  if (tollFree.test(address)) return { perSecond: 3, source: 'twilio_toll_free' }
  if (/^\+1\d{10}$/.test(address)) return { perSecond: 1, source: 'twilio_long_code_us' }
  if (/^\+\d+$/.test(address)) return { perSecond: 10, source: 'twilio_long_code' }
  return { perSecond: 10, source: 'twilio_alphanumeric' }
}

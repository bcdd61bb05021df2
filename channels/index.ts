import type { Channel, ChannelName, ProviderCheck, Simulation } from '../src/channel.ts'
import { checkSendGrid, checkSmtp } from './email/check.ts'
import { type SendGridSettings, sendgridEmail } from './email/sendgrid.ts'
import { type SmtpSettings, smtpEmail } from './email/smtp.ts'
import { intranetChannel } from './intranet/channel.ts'
import { previewEmail, previewSms } from './preview/channel.ts'
import { printChannel } from './print/channel.ts'
import { screenChannel } from './screen/channel.ts'
import { checkTwilio } from './sms/check.ts'
import { type TwilioSettings, twilioSms } from './sms/twilio.ts'

/** What main hands over: plain data, already validated. A provider without its settings does not exist. */
export interface ChannelSettings {
  /** Base of the callbacks providers are given, such as `https://relais.example.com`; no trailing slash. */
  publicUrl: string
  /** The mailbox e-mail leaves from when a delivery names none: `news@example.com` or `Relais <news@example.com>`. */
  mailFrom?: string
  twilio?: TwilioSettings
  sendgrid?: SendGridSettings
  smtp?: SmtpSettings
  /** Who stands behind the carriers of sandbox networks; the usual people where absent. */
  simulation?: Simulation
}

type Factory = (settings: ChannelSettings) => Channel | undefined

/** The one table: every channel, its providers in order of preference, and what makes each. */
export const channelTable: Record<ChannelName, Record<string, Factory>> = {
  sms: {
    twilio: ({ twilio, publicUrl }) => twilio && twilioSms(twilio, publicUrl),
    preview: ({ simulation }) => previewSms(simulation),
  },
  email: {
    sendgrid: ({ sendgrid, mailFrom }) => sendgrid && sendgridEmail(sendgrid, mailFrom),
    smtp: ({ smtp, mailFrom }) => smtp && smtpEmail(smtp, mailFrom),
    preview: ({ simulation }) => previewEmail(simulation),
  },
  print: { pdf: ({ simulation }) => printChannel(simulation) },
  intranet: { posts: ({ simulation }) => intranetChannel(simulation) },
  screen: { screens: ({ simulation }) => screenChannel(simulation) },
}

/**
 * Every adapter the settings allow. The preview set and the sinks are always there: sandbox networks use them even
 * beside live credentials. For a delivery, the first of its channel that serves its network's mode carries it.
 */
export const createChannels = (settings: ChannelSettings): Channel[] =>
  Object.values(channelTable)
    .flatMap((providers) => Object.values(providers))
    .map((make) => make(settings))
    .filter((channel) => channel !== undefined)

/** The live adapter of one account: settings that name one provider. Throws when they name none. */
export function createChannel(settings: ChannelSettings): Channel {
  const channel = createChannels(settings).find((candidate) => candidate.serves === 'live')
  if (!channel) throw new Error('These settings name no provider.')
  return channel
}

/** Whether the provider these settings name takes them; asks it something that changes nothing and sends nothing. */
export async function checkProvider({ twilio, sendgrid, smtp }: ChannelSettings): Promise<ProviderCheck> {
  if (twilio) return checkTwilio(twilio)
  if (sendgrid) return checkSendGrid(sendgrid)
  if (smtp) return checkSmtp(smtp)
  throw new Error('These settings name no provider.')
}

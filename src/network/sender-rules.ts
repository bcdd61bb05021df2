import { greatestRate, leastRate } from '../pace/rates.ts'
import type { ChannelName } from '../words.ts'
import { mailboxPattern, messagingServicePattern, smsFromPattern } from './credentials.ts'

/** What somebody wants a sender to be. */
export interface WantedSender {
  channel: ChannelName
  name: string
  address: string
  isTwoWay: boolean
  /** ISO 3166-1 alpha-2; none means everywhere. */
  countries: readonly string[]
  /** Segments or messages a second; null follows the default of its kind. Absent leaves it as it is. */
  ratePerSecond?: number | null
}

/** What keeps a sender from being one, by its field; pages put the code into words. */
export type SenderProblem =
  | 'nameMissing'
  | 'noAccount'
  | 'nameLong'
  | 'nameTaken'
  | 'smsAddress'
  | 'oneWay'
  | 'frenchMobile'
  | 'noNames'
  | 'mailAddress'
  | 'freeMail'
  | 'country'
  | 'rate'
export type SenderField = 'name' | 'address' | 'isTwoWay' | 'countries' | 'rate'

/** What a sender can do with and still should not be left at. */
export type SenderWarning = 'noStop' | 'otherDomain' | 'noReply'

export const longestName = 80

/** A number or a messaging service can be answered, a name of letters cannot. */
export const isNumber = (address: string): boolean => /^\+?\d+$/.test(address) || messagingServicePattern.test(address)

/**
 * French mobile numbers are closed to messages from programs (ARCEP décision 2019-0954, in force for +33 6 and 7
 * since January 2023); short codes and names are open.
 */
const frenchMobile = /^\+33[67]/
/** No alphanumeric senders there (support.twilio.com, international support for alphanumeric sender ID). */
const withoutNames: readonly string[] = ['US', 'CA']
/** Their owners ask others to refuse mail in their name (DMARC p=reject or quarantine). */
const freeMail =
  /@(gmail|googlemail|yahoo|ymail|outlook|hotmail|live|msn|aol|icloud|me|gmx|protonmail|proton|laposte|orange|wanadoo|free|sfr|neuf|bbox)\.[a-z.]+$/i

/** Every rule a sender breaks, the first of each field. `taken` are the names of the channel's other senders. */
export function senderProblems(
  wanted: WantedSender,
  taken: readonly string[],
): Partial<Record<SenderField, SenderProblem>> {
  const problems: Partial<Record<SenderField, SenderProblem>> = {}
  const name = wanted.name.trim()
  if (name === '') problems.name = 'nameMissing'
  else if (name.length > longestName || /[\r\n\u0000]/.test(name)) problems.name = 'nameLong'
  else if (taken.includes(name)) problems.name = 'nameTaken'
  if (wanted.countries.some((country) => !/^[A-Z]{2}$/.test(country))) problems.countries = 'country'
  const { ratePerSecond: rate } = wanted
  // Written so that NaN is refused too.
  if (rate != null && !(rate >= leastRate && rate <= greatestRate)) problems.rate = 'rate'
  if (wanted.channel === 'sms') Object.assign(problems, smsProblems(wanted))
  if (wanted.channel === 'email') {
    if (!mailboxPattern.test(wanted.address)) problems.address = 'mailAddress'
    else if (freeMail.test(wanted.address)) problems.address = 'freeMail'
  }
  return problems
}

function smsProblems({ address, isTwoWay, countries }: WantedSender): Partial<Record<SenderField, SenderProblem>> {
  if (!smsFromPattern.test(address) && !messagingServicePattern.test(address)) return { address: 'smsAddress' }
  if (frenchMobile.test(address) && (countries.length === 0 || countries.includes('FR')))
    return { address: 'frenchMobile' }
  if (isNumber(address)) return {}
  if (isTwoWay) return { isTwoWay: 'oneWay' }
  return countries.some((country) => withoutNames.includes(country)) ? { countries: 'noNames' } : {}
}

/** What a reader should know of a sender that is there. `domain` is the one the channel's account is known by. */
export function senderWarnings(
  sender: { channel: ChannelName; address: string | null; isTwoWay: boolean; countries: readonly string[] },
  { stopNumber, domain }: { stopNumber?: string; domain?: string },
): SenderWarning[] {
  const address = sender.address ?? ''
  if (sender.channel === 'sms') {
    const reachesFrance = sender.countries.length === 0 || sender.countries.includes('FR')
    // "STOP au …" is printed with the number of a two-way sender, or with the network's own.
    const hasNumber = sender.isTwoWay && /^\+?\d+$/.test(address)
    return reachesFrance && !hasNumber && !stopNumber ? ['noStop'] : []
  }
  if (sender.channel !== 'email') return []
  const own = domainOf(address)
  const warnings: SenderWarning[] = []
  if (domain && own !== domain && !own.endsWith(`.${domain}`)) warnings.push('otherDomain')
  if (/^(no-?reply|ne-?pas-?repondre|do-?not-?reply)@/i.test(mailboxOf(address))) warnings.push('noReply')
  return warnings
}

/** `Relais <news@example.com>` or `news@example.com`. */
const mailboxOf = (address: string): string => /<([^<>]+)>\s*$/.exec(address)?.[1] ?? address

export const domainOf = (address: string): string => (mailboxOf(address).split('@').at(-1) ?? '').toLowerCase()

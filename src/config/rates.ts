import { greatestRate, leastRate } from '../pace/rates.ts'
import type { SettingName } from './names.ts'
import type { Reader } from './reader.ts'

/** What the installation's accounts take in a second, where that is not what such an account takes by default. */
export interface AccountRates {
  twilio?: number
  sendgrid?: number
  smtp?: number
}

export function accountRatesOf(reader: Reader): AccountRates {
  const rateOf = (name: SettingName): number | undefined => {
    const text = reader.text(name)
    if (text === undefined) return undefined
    const rate = Number(text)
    if (/^\d+(\.\d+)?$/.test(text) && rate >= leastRate && rate <= greatestRate) return rate
    reader.problems.push(`${name} is "${text}"; it is messages a second, from ${leastRate} to ${greatestRate}.`)
    return undefined
  }
  return { twilio: rateOf('TWILIO_RATE'), sendgrid: rateOf('SENDGRID_RATE'), smtp: rateOf('SMTP_RATE') }
}

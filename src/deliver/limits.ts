import type { Channel } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import type { Sender } from '../network/senders.ts'
import type { Limit } from '../pace/pace.ts'
import { accountRate, senderRate } from '../pace/rates.ts'
import { type Account, installationAccount } from './account.ts'

/** The limit of an account, which a provider's wish to slow down applies to; undefined where nothing is counted. */
export function accountLimit(
  context: Context,
  network: Network,
  { account, channel, provider }: Account,
): Limit | undefined {
  const own =
    account === installationAccount
      ? context.accountRates?.[provider]
      : channel === 'sms' || channel === 'email'
        ? network.settings.accountRates?.[channel]
        : undefined
  const rate = accountRate(provider, own)
  return rate && { key: `${account}:${provider}`, ratePerSecond: rate.perSecond }
}

/** What a sender's messages are counted against; one number that several networks send by is one sender. */
export function limitsOf(
  context: Context,
  network: Network,
  account: Account,
  channel: Channel,
  sender: Sender | undefined,
): Limit[] {
  const limits: Limit[] = []
  const whole = accountLimit(context, network, account)
  if (whole) limits.push(whole)
  const rate = sender && senderRate({ ...sender, provider: channel.provider })
  if (sender && rate)
    limits.push({
      key: `${account.account}:${channel.provider}:${sender.address ?? sender.id}`,
      ratePerSecond: rate.perSecond,
    })
  return limits
}

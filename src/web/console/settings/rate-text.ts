import type { Sender } from '../../../network/senders.ts'
import { type Rate, ratePages, ratesCheckedOn, senderRate } from '../../../pace/rates.ts'
import type { ChannelName } from '../../../words.ts'
import type { View } from '../../view.ts'

/** A rate in the reader's words: how much, and who says so. */
export function rateText({ t, formats }: View, channel: ChannelName, { perSecond, source }: Rate): string {
  const rate = formats.number(perSecond)
  const text = channel === 'sms' ? t('settings.rates.segments', { rate }) : t('settings.rates.messages', { rate })
  return `${text} · ${t(`settings.rates.sources.${source}`)}`
}

/** Where a default was read, for those who want to see it. */
export const ratePage = ({ source }: Rate): string | undefined => (source === 'own' ? undefined : ratePages[source])

/** What an empty field stands for. */
export function rateHint(view: View, channel: ChannelName, sender: Sender | undefined): string {
  const { t, formats } = view
  const standard = sender && senderRate({ ...sender, ratePerSecond: null })
  if (!standard) return t('settings.rates.byAccount')
  return t('settings.rates.standard', {
    rate: rateText(view, channel, standard),
    on: formats.date(new Date(ratesCheckedOn)),
  })
}

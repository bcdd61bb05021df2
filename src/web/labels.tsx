import type { FC } from 'hono/jsx'
import type { CampaignStatus, ChannelName, DeliveryStatus } from '../words.ts'
import type { Tone } from './ui/badge.tsx'
import type { View } from './view.ts'

const deliveryTone: Record<DeliveryStatus, Tone> = {
  planned: 'quiet',
  held: 'warning',
  queued: 'quiet',
  sending: 'moving',
  accepted: 'moving',
  sent: 'moving',
  delivered: 'good',
  unknown: 'warning',
  needs_review: 'warning',
  failed: 'bad',
  suppressed: 'bad',
  expired: 'bad',
  canceled: 'quiet',
  returned: 'bad',
}

const campaignTone: Record<CampaignStatus, Tone> = {
  draft: 'quiet',
  proof: 'quiet',
  approval: 'moving',
  scheduled: 'quiet',
  running: 'moving',
  paused: 'warning',
  finished: 'good',
  canceled: 'bad',
}

/** A state in words, with a shape and a colour beside it that nobody needs to tell apart. */
export const Status: FC<{ tone: Tone; text: string }> = ({ tone, text }) => <span class={`status ${tone}`}>{text}</span>

export const DeliveryState: FC<{ view: View; status: DeliveryStatus }> = ({ view, status }) => (
  <Status tone={deliveryTone[status]} text={view.t(`statuses.${status}`)} />
)

export const CampaignState: FC<{ view: View; status: CampaignStatus }> = ({ view, status }) => (
  <Status tone={campaignTone[status]} text={view.t(`campaignStatuses.${status}`)} />
)

export const Channel: FC<{ view: View; channel: ChannelName; isCopy?: boolean }> = ({ view, channel, isCopy }) => (
  <span class={`channel c-${channel}`}>
    {view.t(`channels.${channel}`)}
    {isCopy && <small> · {view.t('campaign.copy')}</small>}
  </span>
)

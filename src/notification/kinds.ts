type StopParams = {
  campaign: string
  bad: number
  sent: number
  share: number
  limit: number
}

/** What users are told of, with what the sentence needs. A kind's texts are `notifications.kinds.<kind>`. */
export interface Params {
  campaign_paused: { campaign: string; reason: string }
  /** Relais paused it by itself: bounces, complaints, texts filtered by carriers. Shares are 0 … 1. */
  campaign_bounced: StopParams
  campaign_complained: StopParams
  campaign_filtered: StopParams
  campaign_finished: { campaign: string }
  /** A step waits for somebody to say yes. */
  message_proposed: { campaign: string; step: string }
  /** Somebody asks the reader to approve it. */
  approval_asked: { campaign: string; by: string }
  /** Its deadline is near or past. */
  approval_due: { campaign: string }
  approval_given: { campaign: string; by: string }
  approval_sent_back: { campaign: string; by: string; comment: string }
  /** Somebody stopped all sending of the network, or let it go on. */
  sending_halted: { by: string; reason: string }
  sending_resumed: { by: string }
  /** The share of the day's budget that is spent, 0 … 1. */
  budget_nearly_spent: { share: number }
  budget_spent: { share: number }
  import_done: { file: string; created: number; updated: number; rejected: number }
  import_failed: { file: string; reason: string }
  duplicates_found: { count: number }
  deliveries_to_review: { count: number; campaign: string }
  /** Their time was over before anything could take them. */
  deliveries_expired: { count: number; campaign: string }
  credentials_unreadable: { provider: string }
  /** Its breaker has opened, or closed again. */
  provider_down: { provider: string; channel: string; reason: string }
  provider_back: { provider: string; channel: string }
  /** A provider has taken messages and has called about none of them. */
  provider_silent: { provider: string }
  /** A provider refuses a sender, or texts to a whole country (ISO 3166-1). */
  sender_refused: { sender: string; provider: string }
  country_refused: { provider: string; country: string }
  invitation_accepted: { name: string }
  /** Somebody wrote again in a conversation that is the reader's. */
  conversation_answered: Record<string, never>
  /** Somebody wrote, and nobody has taken it up. */
  conversations_waiting: Record<string, never>
}

export type NotificationKind = keyof Params

export const notificationKinds = [
  'campaign_paused',
  'campaign_bounced',
  'campaign_complained',
  'campaign_filtered',
  'campaign_finished',
  'message_proposed',
  'approval_asked',
  'approval_due',
  'approval_given',
  'approval_sent_back',
  'sending_halted',
  'sending_resumed',
  'budget_nearly_spent',
  'budget_spent',
  'import_done',
  'import_failed',
  'duplicates_found',
  'deliveries_to_review',
  'deliveries_expired',
  'credentials_unreadable',
  'provider_down',
  'provider_back',
  'provider_silent',
  'sender_refused',
  'country_refused',
  'invitation_accepted',
  'conversation_answered',
  'conversations_waiting',
] as const satisfies readonly NotificationKind[]

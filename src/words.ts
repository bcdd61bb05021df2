/**
 * The closed vocabularies of Relais, each spelled once. `docs/concepts.md` says what every word means.
 * Nothing here depends on anything: schema, rules, channels and pages all import these lists.
 */
export const channelNames = ['sms', 'email', 'print', 'intranet', 'screen'] as const
export type ChannelName = (typeof channelNames)[number]

export const languages = ['fr', 'en'] as const
export type Language = (typeof languages)[number]

export const messageClasses = ['urgent_service', 'contractual', 'transactional', 'relational', 'marketing'] as const
export type MessageClass = (typeof messageClasses)[number]

/** Why something is urgent: it passes consent, hours and caps, and whoever sends it answers for that. */
export const urgentReasons = ['recall', 'outage', 'closure', 'safety', 'other'] as const
export type UrgentReason = (typeof urgentReasons)[number]

export const urgencies = ['immediate', 'high', 'normal', 'low'] as const
export type Urgency = (typeof urgencies)[number]

export const intents = ['notice', 'follow-up', 'relationship', 'reference', 'counter'] as const
export type Intent = (typeof intents)[number]

/** field = Terrain (craftsmen, blue collar) · counter = Comptoir · sales = Itinérant · owner = Dirigeant · office = Bureau. */
export const profiles = ['field', 'counter', 'sales', 'owner', 'office'] as const
export type Profile = (typeof profiles)[number]

export const addressKinds = ['email', 'mobile', 'phone', 'postal'] as const
export type AddressKind = (typeof addressKinds)[number]

export const addressStatuses = ['valid', 'invalid', 'bounced', 'dead', 'quarantined'] as const
export type AddressStatus = (typeof addressStatuses)[number]

export const deliveryStatuses = [
  'planned',
  'held',
  'queued',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'unknown',
  'needs_review',
  'failed',
  'suppressed',
  'expired',
  'canceled',
  'returned',
] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

export const campaignStatuses = [
  'draft',
  'proof',
  'approval',
  'scheduled',
  'running',
  'paused',
  'finished',
  'canceled',
] as const
export type CampaignStatus = (typeof campaignStatuses)[number]

export const consentPurposes = ['receive', 'track_open_performance', 'track_click', 'personalise_channel'] as const
export type ConsentPurpose = (typeof consentPurposes)[number]

export const consentActions = ['grant', 'deny', 'withdraw', 'expire', 'import'] as const
export type ConsentAction = (typeof consentActions)[number]

/** Why we may write: `unstated` is proof of a wish found in a file, not a permission (design decision 18). */
export const consentBases = ['consent', 'b2b_opt_out', 'contract', 'legitimate_interest', 'unstated'] as const
export type ConsentBasis = (typeof consentBases)[number]

export const suppressionScopes = ['address', 'channel_sender', 'topic', 'marketing'] as const
export type SuppressionScope = (typeof suppressionScopes)[number]

export const trackingModes = ['none', 'hygiene', 'aggregate', 'individual'] as const
export type TrackingMode = (typeof trackingModes)[number]

export const eventTypes = [
  'accepted',
  'sent',
  'delivered',
  'failed',
  'bounced',
  'deferred',
  'open',
  'click',
  'scan',
  'reply',
  'auto_reply',
  'stop',
  'unsubscribe',
  'complaint',
  'acknowledge',
  'register',
  'read',
  'shown',
  'returned',
  'printed',
  'posted',
  'reported',
] as const
export type EventType = (typeof eventTypes)[number]

/** Events that show a person acted on a message: the learning outcome y = 1 of engagement (domain §3.3). */
export const actionEvents = [
  'click',
  'scan',
  'reply',
  'acknowledge',
  'register',
  'read',
] as const satisfies readonly EventType[]

export const verdicts = ['machine', 'suspect', 'unknown', 'human_likely', 'human_confirmed'] as const
export type Verdict = (typeof verdicts)[number]

export const timerKinds = [
  'step',
  'fallback',
  'maturity',
  'expiry',
  'carrier',
  'receipt',
  'wave',
  'digest',
  'wait',
  'letters',
  'launch',
  'approval',
  'sweep',
] as const
export type TimerKind = (typeof timerKinds)[number]

/** Parts of the day a person may ask to be written to in; the law's own hours stay around them. */
export const preferredHours = ['morning', 'midday', 'afternoon', 'evening'] as const
export type PreferredHours = (typeof preferredHours)[number]

export const engagementStates = ['new', 'hot', 'warm', 'cold', 'dormant'] as const
export type EngagementState = (typeof engagementStates)[number]

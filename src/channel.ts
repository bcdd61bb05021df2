/**
 * The contract a channel keeps, and all that a channel may import. Adding one is a folder under `channels/`
 * and a line in `channels/index.ts`.
 */
import type { AddressKind, ChannelName, EventType, Language, TrackingMode } from './words.ts'

export type { AddressKind, ChannelName, EventType, Language, TrackingMode } from './words.ts'

/** Where a delivery goes. */
export interface Address {
  id: string
  kind: AddressKind | 'post' | 'station'
  /** Lower-cased mailbox, E.164 phone, postal lines joined by newlines, a contact or site id for own sinks. */
  value: string
  isShared: boolean
}

/** The addresses of one contact, as the audience read them. */
export interface AddressBook {
  contactId: string
  siteId: string
  email?: Address
  mobile?: Address
  postal?: Address
  /** Present when a counter screen of the contact's site is registered. */
  station?: Address
}

export interface SmsContent {
  channel: 'sms'
  text: string
  parts: number
}

export interface EmailContent {
  channel: 'email'
  subject: string
  preheader: string
  html: string
  text: string
  /** List-Unsubscribe and the like; never To, From or Subject. */
  headers: Record<string, string>
}

/** A picture of the library, named by the last part of its public address; whoever composes is handed its bytes. */
export interface PrintPicture {
  file: string
  /** Pixels. */
  width: number
  height: number
  alt: string
}

/** A letter as blocks; the print channel sets them, a paragraph's text keeps only bold and italic. */
export type LetterBlock =
  | { type: 'picture'; picture: PrintPicture }
  | { type: 'heading'; text: string }
  | { type: 'paragraph'; runs: { text: string; bold?: boolean; italic?: boolean }[] }
  | { type: 'list'; items: { text: string; bold?: boolean; italic?: boolean }[][] }

export interface PrintContent {
  channel: 'print'
  title: string
  /** At most 6 lines of 38 characters (NF Z10-011), 7 with a country. */
  addressLines: string[]
  postcode: string
  country: string
  senderLines: string[]
  /** Over the sender's lines. */
  logo?: PrintPicture
  /** Beside the sender: the partner whose people the letter is for. */
  partner?: { name: string; logo?: PrintPicture }
  /** At the foot of the first page. */
  legal?: string
  dateLine: string
  blocks: LetterBlock[]
  /** Printed as a QR code with the short address under it. */
  qr?: { url: string; label: string }
}

/** The colours and the logo a page of ours is shown in; every colour is `#rrggbb` and can be read on its ground. */
export interface Face {
  main: string
  onMain: string
  accent: string
  logo?: { url: string; width: number; height: number; alt: string }
}

export interface IntranetContent {
  channel: 'intranet'
  title: string
  /** Sanitised HTML. */
  html: string
  accessLevel: 'owner' | 'correspondent' | 'member'
  face?: Face
}

export interface ScreenContent {
  channel: 'screen'
  title: string
  text: string
  /** Asks the agent to confirm reading. */
  asksAcknowledgement: boolean
  face?: Face
}

export type Content = SmsContent | EmailContent | PrintContent | IntranetContent | ScreenContent

/** One call to a provider that carries several deliveries: it is taken whole or not at all. */
export interface OutgoingCall {
  id: string
  /** How many it carries; the name may be told the provider only with all of them in one request. */
  size: number
}

/** One delivery, claimed and rendered, on its way out. */
export interface Outgoing {
  networkId: string
  /** Sandbox deliveries are refused by live providers, whatever else is configured. */
  mode: 'sandbox' | 'live'
  deliveryId: string
  attempt: number
  /** What it leaves in together with others. */
  call?: OutgoingCall
  messageId: string
  recipientKey: string
  siteId: string
  language: Language
  to: Address
  /** The sender's visible address: a mailbox, an alphanumeric name, a messaging service. */
  from?: string
  fromName?: string
  /** E-mail, where mail comes in: where an answer, a server's report and a mail program that unsubscribes write to. */
  returnTo?: { reply: string; bounce: string; leave: string }
  content: Content
  trackingMode: TrackingMode
  /** Business time; after it the carrier must not deliver any more. */
  expiresAt?: Date
  /** Business time of this hand-over. */
  now: Date
  /** Fixed by network, campaign, step and contact: what the simulated carriers draw from. */
  seed: string
}

/** What an own sink asks to have appended in the settling transaction (design decision 15). */
export type SinkRow =
  | { table: 'pieces'; addressLines: string[]; postcode: string; country: string }
  | { table: 'posts'; title: string; body: string; accessLevel: 'owner' | 'correspondent' | 'member'; closesAt?: Date }
  | { table: 'broadcasts'; title: string; body: string; endsAt?: Date; options: Record<string, unknown> }

/** What a simulated carrier or person will answer, and how long after the hand-over. */
export interface Echo {
  afterMs: number
  event: InboundEvent
}

/**
 * Who stands behind the carriers of a sandbox, where they are not those of every sandbox. Habits are named as in
 * `channels/preview/behaviour.ts`.
 */
export interface Simulation {
  /** Another seed is another course of events. */
  seed: string
  /** Chances in place of the usual ones, 0 … 1. */
  chances?: Partial<Record<ChannelName, Readonly<Record<string, number>>>>
  /** What this person is certain to do (true) or not to do (false) at this hand-over; the rest is left to chance. */
  leanings?(outgoing: Outgoing): Readonly<Record<string, boolean>> | undefined
}

/**
 * The channel's word on one delivery. `accepted`: it is theirs now. `refused`: it certainly did not leave; a
 * permanent refusal is not tried again. `unknown`: it may have left, so it must never be sent again blindly.
 * A throw of `send` means nothing left at all.
 */
export type Receipt =
  | { outcome: 'accepted'; ref: string; row?: SinkRow; echoes?: Echo[]; parts?: number }
  | { outcome: 'refused'; code: string; permanent: boolean; detail?: string; retryAfterMs?: number }
  | { outcome: 'unknown'; reason: string }

/** Something a provider told us, translated; `track` records and applies it. */
export interface InboundEvent {
  /** Unique per source: the same thing told twice is stored once. */
  dedupeKey: string
  type: EventType
  networkId?: string
  deliveryId?: string
  attempt?: number
  /** The provider's own name of the message, when the delivery is not named. */
  provider?: string
  providerRef?: string
  occurredAt?: Date
  /**
   * A failure's code, an SMS reply's text and sender, a clicked link; never more than is needed. `call` is the id of the
   * whole call it was taken in.
   */
  data: Record<string, unknown>
}

/** A message that a provider took, and whose receipt is awaited. */
export interface Awaited {
  networkId: string
  deliveryId: string
  attempt: number
  /** The provider's own name of it. */
  ref: string
}

/** What a provider answers when asked how a message of ours goes. */
export interface Progress {
  /** As its callback would have told it, under the same dedupe key; absent where there is nothing to tell yet. */
  event?: InboundEvent
  /** No more will follow. */
  isFinal: boolean
  /** Absent until the provider has counted them. */
  parts?: number
}

/** A provider's call to us: the raw bytes, since signatures cover them. */
export interface WebhookRequest {
  /** Path below `/webhooks/`, such as `twilio/status`. */
  path: string
  /** The public URL the provider called: PUBLIC_URL with path and query, never rebuilt from Host headers. */
  url: string
  headers: Record<string, string>
  body: Uint8Array
  receivedAt: Date
}

/** The request is not from the provider it claims: 403, nothing stored. */
export class WebhookRejected extends Error {
  override name = 'WebhookRejected'
}

/** The webhook cannot be verified because its key is not configured: 503 (an unsigned mode must not exist). */
export class WebhookNotConfigured extends Error {
  override name = 'WebhookNotConfigured'
}

/** A provider's answer to whether it takes an account's credentials; nothing secret and none of its own words. */
export type ProviderCheck =
  | { isGood: true; account?: string }
  | {
      isGood: false
      /**
       * `credentials`, `api_key`: refused · `permission`: the key may not send · `suspended`: the account is closed ·
       * `unreachable`: no answer · `unexpected`: another status.
       */
      code: 'credentials' | 'api_key' | 'permission' | 'suspended' | 'unreachable' | 'unexpected'
      status?: number
    }

export interface Channel {
  name: ChannelName
  /** The company or sink behind it: twilio, sendgrid, smtp, preview, pdf, posts, screens. */
  provider: string
  /** `sandbox` adapters serve sandbox networks only, `live` ones live networks only, sinks both. */
  serves: 'sandbox' | 'live' | 'both'
  /**
   * True for own sinks and previews: `send` has no effect outside the settling transaction, so a crash before it
   * means nothing left, and it may simply be sent again.
   */
  isLocal?: boolean
  /** Most deliveries one `send` may carry; a doubtful answer puts all of them in doubt. */
  perSend: number
  /** The address this channel would use for the contact, if any. */
  address(book: AddressBook): Address | undefined
  /** Loads what sending needs, once: done before the last look at a lease, so that no slow load comes after it. */
  open?(): Promise<void>
  /**
   * Puts deliveries into calls of at most `perSend`: each is one call, and one doubt. Without it any of them may share
   * one. Pure; the deliveries of a call are that call again.
   */
  calls?(deliveries: readonly Outgoing[]): Outgoing[][]
  /** One receipt per delivery, in order. Throws only when nothing left. */
  send(deliveries: readonly Outgoing[]): Promise<Receipt[]>
  /**
   * Asks the provider whether it has a delivery whose answer we never saw: its own names of all that may be this one,
   * the oldest first. Which of them belong to other attempts is for the caller to know. Throws when it cannot tell:
   * that never counts as "none".
   */
  lookup?(delivery: Outgoing, since: Date): Promise<{ refs: readonly string[] }>
  /**
   * Asks how a message goes whose receipt has not come. Throws when the provider cannot be asked or does not know it.
   */
  receipt?(awaited: Awaited): Promise<Progress>
  /**
   * Has the provider forget the words of a message it took or brought, for a person who is erased. `gone`: it does not
   * know the message (any more). Done again it changes nothing. Throws when it cannot be done now. Absent where the
   * provider keeps no words, or offers no way.
   */
  redact?(ref: string): Promise<'redacted' | 'gone'>
  /**
   * Has the provider erase what it holds of these addresses, for people who are erased: names, addresses, activity.
   * Done again it changes nothing. Throws when it cannot be asked now. Absent where the provider offers no way.
   */
  forget?(addresses: readonly string[]): Promise<void>
  /** The paths below `/webhooks/` this adapter answers. */
  webhookPaths?: readonly string[]
  /** Verifies and translates; records nothing. Throws WebhookRejected. */
  webhook?(request: WebhookRequest): Promise<InboundEvent[]>
  close?(): Promise<void>
}

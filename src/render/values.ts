/**
 * What a template may name. The values are fixed at a delivery's first claim and kept with it, so that rendering
 * them again gives the same bytes: everything here must survive JSON.
 */
import type { Language, MessageClass, Profile } from '../words.ts'
import type { Picture } from './dress.ts'

export type FieldValue = string | number | boolean | null | undefined

export interface ContactValues {
  firstName?: string | null
  lastName?: string | null
  /** As the file had it: "M.", "Mme", "Mr", "Mrs" … */
  salutation?: string | null
  function?: string | null
  language: Language
  profile?: Profile
  /** The address is a mailbox or counter several people read: nothing personal is rendered for it. */
  isShared: boolean
  attributes?: Record<string, FieldValue>
}

export interface SiteValues {
  name: string
  externalId?: string | null
  typology?: string | null
  tier?: string | null
  addressLine1?: string | null
  addressLine2?: string | null
  postcode?: string | null
  city?: string | null
  /** ISO 3166-1 alpha-2; overseas departments by their own key. */
  country?: string | null
  attributes?: Record<string, FieldValue>
}

export interface CampaignValues {
  name: string
  /** In the recipient's language. */
  title: string
  class: MessageClass
  /** Where the main button leads when nothing is tracked. */
  link?: string
  /** The anchors as local dates and times, by name: `campaign.dates.launch`. */
  dates?: Record<string, string>
  /** The author's own fields, in the recipient's language: `campaign.values.prize` or `campaign.prize`. */
  values?: Record<string, FieldValue>
}

export interface SenderValues {
  name: string
  /** What a text message says it is from, where that is a name of the brand's and not the sender's own. */
  from?: string
  /** Return address on letters. */
  lines?: string[]
  /** "STOP au 36180": ends marketing text messages; an empty text says that none is needed in this country. */
  stopText?: string
}

export interface MergeValues {
  contact: ContactValues
  site: SiteValues
  network: { title: string }
  campaign: CampaignValues
  /** The partner shown beside the network, in a campaign that allows it. */
  partner?: { name: string; logo?: Picture }
  step: { name: string; asksAcknowledgement?: boolean; asksReply?: boolean }
  sender: SenderValues
  /** The mail that this one answers, by Message-ID, and those before it, oldest first; without `<` and `>`. */
  answers?: { mailId: string; references: string[] }
  /** The reader's part in the campaign's challenge, where it has one. */
  challenge?: Record<string, FieldValue>
  /** What the event that brought the reader to the step said. */
  event?: Record<string, FieldValue>
  /** Local date of the first claim, YYYY-MM-DD: a letter is dated, and its words must not change by the day. */
  date: string
}

/** The short text fields a template may name, as dotted paths; `checkTemplate` knows a typing error by them. */
export const baseFields: readonly string[] = [
  'greeting',
  'language',
  'link',
  'date',
  'contact.firstName',
  'contact.lastName',
  'contact.fullName',
  'contact.salutation',
  'contact.function',
  'contact.language',
  'contact.profile',
  'contact.isShared',
  'contact.attributes.*',
  'site.name',
  'site.externalId',
  'site.typology',
  'site.tier',
  'site.addressLine1',
  'site.addressLine2',
  'site.postcode',
  'site.city',
  'site.country',
  'site.attributes.*',
  'network.title',
  'campaign.name',
  'campaign.title',
  'campaign.class',
  'campaign.link',
  'campaign.dates.*',
  'step.name',
  'step.asksAcknowledgement',
  'step.asksReply',
  'challenge.*',
  'event.*',
  'sender.name',
  'sender.lines',
  'urls.site',
  'urls.unsubscribe',
  'urls.preferences',
  'urls.tracking',
]

import type { Person } from '../audience/people.ts'
import type { CampaignDefinition, StepDefinition } from '../campaign/definition.ts'
import { campaignValues } from '../campaign/merge.ts'
import type { Network } from '../context.ts'
import type { Brand } from '../library/brand.ts'
import type { PartnerValues } from '../library/dress.ts'
import type { Sender } from '../network/senders.ts'
import { sharedJourney } from '../render/shared-journey.ts'
import type { MergeValues } from '../render/values.ts'
import { offsetAt } from '../routing/zone.ts'
import type { ChannelName, Language } from '../words.ts'

export interface MergeRequest {
  network: Network
  campaign: CampaignDefinition
  step: StepDefinition
  person: Person
  channel: ChannelName
  language: Language
  sender: Sender | undefined
  /** Names the brand gives to whoever sends, where it does. */
  senderNames?: Brand['senders']
  /** The partner shown beside the network, where the campaign allows it. */
  partner?: PartnerValues
  /** Their part in the campaign's challenge. */
  challenge?: MergeValues['challenge']
  /** What the event that brought them said. */
  event?: MergeValues['event']
  /** Several people read it: a shared mailbox, an outlet's letter, a counter screen. Nothing personal then. */
  isShared: boolean
  /** Business time of the first claim. */
  now: Date
}

/** "STOP au 36180" for French marketing SMS (AF2M charter); elsewhere the provider's own keyword needs no text. */
function stopText(network: Network, sender: Sender | undefined): string | undefined {
  // A gateway's own id is no number anybody could write to.
  const own = sender?.isTwoWay && /^\+?\d+$/.test(sender.address ?? '') ? sender.address : undefined
  const number = network.settings.stopNumber ?? own
  return number ? `STOP au ${number}` : undefined
}

/** Everything a template may name, for one person on one channel; plain JSON, kept with the delivery. */
export function mergeValues(request: MergeRequest): MergeValues {
  const { network, campaign, step, person, channel, language, sender, isShared } = request
  const { contact, site } = person
  const { senderNames = {}, partner } = request
  return {
    contact: {
      firstName: isShared ? null : contact.firstName,
      lastName: isShared ? null : contact.lastName,
      salutation: isShared ? null : contact.salutation,
      function: isShared ? null : contact.function,
      language,
      profile: contact.profile,
      isShared,
      attributes: isShared ? {} : contact.attributes,
    },
    site: {
      name: site.name,
      externalId: site.externalId,
      typology: site.typology,
      tier: site.tier,
      addressLine1: site.addressLine1,
      addressLine2: site.addressLine2,
      postcode: site.postcode,
      city: site.city,
      country: site.country,
      attributes: site.attributes,
    },
    network: { title: network.title },
    campaign: campaignValues(campaign, language),
    step: { name: step.name, asksAcknowledgement: step.asksAcknowledgement, asksReply: step.asksReply },
    sender: {
      // Only a mailbox has a name that people know; a letter or a text is signed by the network.
      name: (channel === 'email' ? (senderNames.email ?? sender?.name) : undefined) ?? network.title,
      // A number can be answered and must stay one; only a name is ours to choose.
      ...(channel === 'sms' && senderNames.sms && sender && !sender.isTwoWay ? { from: senderNames.sms } : {}),
      lines: [network.title],
      stopText: channel === 'sms' ? stopText(network, sender) : undefined,
    },
    ...(request.event && !isShared ? { event: request.event } : {}),
    ...(request.challenge ? { challenge: isShared ? sharedJourney(request.challenge) : request.challenge } : {}),
    ...(partner && (channel === 'email' || channel === 'print') ? { partner } : {}),
    date: localDate(request.now, site.timezone),
  }
}

/** YYYY-MM-DD on the wall of a zone; an unknown zone counts as UTC. */
const localDate = (at: Date, timezone: string): string =>
  new Date(at.getTime() + (offsetAt(timezone, at.getTime()) ?? 0)).toISOString().slice(0, 10)

import { leadsToChallenge } from '../campaign/leads-to-challenge.ts'
import { type ChallengeFields, challengeFieldsOf } from '../challenge/merge-fields.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import type { Brand } from '../library/brand.ts'
import { type PartnerValues, partnersOf, senderNamesOf } from '../library/dress.ts'
import { mergeValues } from '../outbox/merge-values.ts'
import type { Step } from '../outbox/step.ts'
import { linksIn, rendererVersion } from '../render/render.ts'
import type { MergeValues } from '../render/values.ts'
import { stayTemplate } from '../retention/stay-template.ts'
import { type ToldValues, toldValues } from '../sequence/told-values.ts'
import { isPersonal } from '../sequence/ways.ts'
import { type CodeRequest, createCodes, ensureLinks } from '../tracking/links.ts'
import { keyedRandom, signToken } from '../tracking/tokens.ts'
import type { Language } from '../words.ts'
import type { Batch, Delivery } from './batch.ts'
import { contentVersion, type Version, type Words, wordsOf } from './content-version.ts'
import { dictionaryFor } from './dictionary.ts'
import type { FixedLinks } from './urls.ts'

/** The words of a delivery, as its first claim fixed them; a retry reads them again and renders the same bytes. */
export interface Fixed {
  words: Words
  values: MergeValues
  links: FixedLinks
  row: Pick<
    Delivery,
    'addressId' | 'contentVersionId' | 'mergeValues' | 'trackingMode' | 'tokenKeyId' | 'rendererVersion'
  >
}

interface Stored extends Record<string, unknown> {
  values: MergeValues
  links: FixedLinks
}

/**
 * Fixes the words of the deliveries claimed for the first time and reads those fixed earlier, by delivery id.
 * A delivery without words for its channel is left out; routing saw to it that there is none.
 */
export async function fixWords(
  tx: Tx,
  context: Context,
  network: Network,
  batch: Batch,
  claimed: Delivery[],
  now: Date,
): Promise<Map<string, Fixed>> {
  const fixed = await readFixed(tx, network.id, claimed)
  const fresh = claimed.filter((delivery) => !fixed.has(delivery.id))
  const shared: Shared = {
    ...{ links: new Map(), versions: new Map(), senderNames: {}, partners: new Map() },
    told: await toldValues(
      tx,
      network.id,
      fresh.filter((delivery) => isPersonal(batch.of(delivery).step.campaign, batch.of(delivery).step.definition)),
    ),
    challenge: await challengeFieldsFor(tx, network, batch, fresh, now),
  }
  if (fresh.length > 0) {
    shared.senderNames = await senderNamesOf(tx, network.id)
    shared.partners = await partnersOf(tx, network.id, sitesWithPartner(batch, fresh))
  }
  const codes = await codesFor(tx, context, network, batch, fresh, now)
  for (const delivery of fresh) {
    const made = await fixOne(tx, context, network, batch, delivery, shared, codes.get(delivery.id), now)
    if (made) fixed.set(delivery.id, made)
  }
  return fixed
}

/** What the deliveries of a batch share, looked up once: link rows by message and content versions by words. */
interface Shared {
  links: Map<string, Promise<Map<string, string>>>
  versions: Map<string, Promise<Version>>
  senderNames: Brand['senders']
  /** By site. */
  partners: Map<string, PartnerValues>
  /** By campaign and contact. */
  challenge: Map<string, ChallengeFields>
  told: Map<string, ToldValues>
}

/** What templates may say of a challenge, for those whose campaign has one. */
async function challengeFieldsFor(tx: Tx, network: Network, batch: Batch, fresh: readonly Delivery[], now: Date) {
  const asked = new Map<string, { contactId: string; language: Language }[]>()
  for (const delivery of fresh) {
    const { step, people } = batch.of(delivery)
    const person = people[0]
    if (!step.campaign.challenge || !person) continue
    const { campaignId } = step.message
    const language = person.contact.language
    asked.set(campaignId, [...(asked.get(campaignId) ?? []), { contactId: person.contact.id, language }])
  }
  const fields = new Map<string, ChallengeFields>()
  for (const [campaignId, people] of asked)
    for (const [contactId, own] of await challengeFieldsOf(tx, network, campaignId, people, now))
      fields.set(`${campaignId} ${contactId}`, own)
  return fields
}

/** The sites of those whose campaign shows partners, on the channels that can. */
const sitesWithPartner = (batch: Batch, fresh: readonly Delivery[]): string[] =>
  fresh.flatMap((delivery) => {
    const { step, people } = batch.of(delivery)
    const isShown = step.campaign.coBranding === true && (delivery.channel === 'email' || delivery.channel === 'print')
    return isShown ? (people[0]?.site.id ?? []) : []
  })

function once<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  let found = known.get(key)
  if (!found) {
    found = find()
    known.set(key, found)
  }
  return found
}

async function readFixed(tx: Tx, networkId: string, claimed: Delivery[]): Promise<Map<string, Fixed>> {
  const words = await wordsOf(tx, networkId, [
    ...new Set(claimed.flatMap((delivery) => delivery.contentVersionId ?? [])),
  ])
  const fixed = new Map<string, Fixed>()
  for (const delivery of claimed) {
    const version = delivery.contentVersionId && words.get(delivery.contentVersionId)
    if (!version || !delivery.mergeValues) continue
    const stored = delivery.mergeValues as Stored
    fixed.set(delivery.id, { words: version, values: stored.values, links: stored.links, row: delivery })
  }
  return fixed
}

/** A short link is a person's own only where individual measuring is agreed; else all of the message share it. */
async function codesFor(tx: Tx, context: Context, network: Network, batch: Batch, fresh: Delivery[], now: Date) {
  const wanting = fresh.flatMap((delivery) => {
    const { step } = batch.of(delivery)
    const kind =
      delivery.channel === 'print' ? ('qr' as const) : delivery.channel === 'sms' ? ('sms' as const) : undefined
    const own = ownFormUrl(context, network, step, delivery)
    const url = own ?? step.campaign.link
    if (!kind || url === undefined) return []
    const request: CodeRequest = {
      networkId: network.id,
      messageId: delivery.messageId,
      // A form of one's own is nobody else's; that it was looked at is not kept.
      deliveryId: own !== undefined || delivery.trackingMode === 'individual' ? delivery.id : null,
      kind,
      url,
    }
    return [{ delivery, request }]
  })
  const recipients = new Map(wanting.map(({ delivery }) => [delivery.id, delivery.recipientKey]))
  const codes =
    wanting.length > 0
      ? await createCodes(
          tx,
          wanting.map(({ request }) => request),
          // Not by chance: what is written anew after a restore must be the very text that may have left before.
          ({ messageId, deliveryId, kind, url }) =>
            keyedRandom(context.keys, [messageId, recipients.get(deliveryId ?? '') ?? '', kind, url]),
          now,
        )
      : []
  return new Map(wanting.map(({ delivery }, index) => [delivery.id, codes[index] as string]))
}

/** A page of their own, for whoever a text message or a letter goes to: the form of a challenge, or to say that they stay. */
function ownFormUrl(
  { keys, publicUrl }: Context,
  network: Network,
  { campaign, definition }: Pick<Step, 'campaign' | 'definition'>,
  delivery: Delivery,
): string | undefined {
  const claims = { network: network.number, deliveryId: delivery.id }
  if (leadsToChallenge(campaign, definition))
    return `${publicUrl}/r/${signToken(keys, { ...claims, purpose: 'register' })}`
  if (definition.template === stayTemplate)
    return `${publicUrl}/a/${signToken(keys, { ...claims, purpose: 'acknowledge' })}`
  return undefined
}

async function fixOne(
  tx: Tx,
  context: Context,
  network: Network,
  batch: Batch,
  delivery: Delivery,
  shared: Shared,
  code: string | undefined,
  now: Date,
): Promise<Fixed | undefined> {
  const { step, people, contents } = batch.of(delivery)
  const person = people[0]!
  const { channel } = delivery
  const found = contents.find(channel, person.contact.language)
  if (!found) return undefined
  const { language, source } = found
  const text = { template: step.message.template, channel, language, source }
  const mode = delivery.trackingMode ?? 'none'
  const targets =
    channel === 'email' && (mode === 'individual' || mode === 'aggregate')
      ? [...new Set([...linksIn(source), ...(step.campaign.link ? [step.campaign.link] : [])])]
      : []
  const links: FixedLinks = {
    links: Object.fromEntries(
      targets.length === 0
        ? []
        : await once(shared.links, `${delivery.messageId} ${targets.join(' ')}`, () =>
            ensureLinks(tx, { networkId: network.id, messageId: delivery.messageId, urls: targets }, now),
          ),
    ),
    code,
    action: step.campaign.link,
  }
  const address =
    channel === 'email' ? person.routable.email : channel === 'sms' ? person.routable.mobile : person.routable.postal
  const values = mergeValues({
    network,
    campaign: step.campaign,
    step: step.definition,
    person,
    channel,
    language,
    sender: step.senders.find((sender) => sender.id === delivery.senderId),
    senderNames: shared.senderNames,
    event: shared.told.get(delivery.id),
    challenge: shared.challenge.get(`${step.message.campaignId} ${person.contact.id}`),
    partner: step.campaign.coBranding === true ? shared.partners.get(person.site.id) : undefined,
    isShared:
      !delivery.recipientKey.startsWith('contact:') ||
      (channel === 'email' && person.routable.email?.isShared === true),
    now,
  })
  const stored: Stored = { values, links }
  const { id: contentVersionId, dictionary } = await once(
    shared.versions,
    `${text.template} ${channel} ${language}`,
    () =>
      contentVersion(tx, network.id, text, now, () =>
        dictionaryFor(text, values, { layouts: context.templates.layouts, publicUrl: context.publicUrl }),
      ),
  )
  return {
    words: { ...text, dictionary },
    values,
    links,
    row: {
      addressId: channel === 'intranet' || channel === 'screen' ? null : (address?.id ?? null),
      contentVersionId,
      mergeValues: stored,
      trackingMode: mode,
      tokenKeyId: context.keys.current,
      rendererVersion,
    },
  }
}

import type { Person } from '../audience/people.ts'
import type { CampaignDefinition, StepDefinition } from '../campaign/definition.ts'
import type { FrozenText } from '../campaign/frozen-words.ts'
import type { Content } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { partnersOf, senderNamesOf } from '../library/dress.ts'
import { preferSenders, type Sender, sendersOf } from '../network/senders.ts'
import { mergeValues } from '../outbox/merge-values.ts'
import { compile } from '../render/render.ts'
import { smsSize } from '../render/sms-parts.ts'
import type { Language } from '../words.ts'

/** As long as a real short link. */
const codeShape = 'XXXXXXXX'

/** How a proof says that it is one, whoever it may be passed on to. */
export const proofMark: Record<Language, string> = { fr: '[BAT]', en: '[Proof]' }

export interface ProofCopy {
  content: Content
  sender: Sender | undefined
  /** What the reader sees as the sender. */
  from: string | undefined
  fromName: string
}

/**
 * One text of a campaign as this person would get it, by the very renderer that sends. Nothing in it measures, and
 * its ways out lead to the proof’s own page, since they are nobody’s. Throws RenderProblem.
 */
export async function renderProof(
  context: Pick<Context, 'templates' | 'publicUrl' | 'shortUrl'>,
  tx: Tx,
  network: Network,
  {
    campaign,
    step,
    text,
    person,
    campaignId,
  }: {
    campaignId: string
    campaign: CampaignDefinition
    step: StepDefinition
    text: FrozenText
    person: Person
  },
  now: Date,
): Promise<ProofCopy> {
  const { channel, language, source } = text
  const senders = preferSenders(await sendersOf(tx, network.id), campaign.sender)
  const sender = senders.find((one) => one.channel === channel)
  const values = mergeValues({
    network,
    campaign,
    step,
    person,
    channel,
    language,
    sender,
    senderNames: await senderNamesOf(tx, network.id),
    partner: campaign.coBranding ? (await partnersOf(tx, network.id, [person.site.id])).get(person.site.id) : undefined,
    isShared: channel === 'print' || channel === 'screen',
    now,
  })
  const template = await compile(source, channel, language, context.templates.layouts)
  const page = `${context.publicUrl}/console/campaigns/${campaignId}/proof`
  const content = template.render(values, {
    click: {},
    action: channel === 'sms' || channel === 'print' ? `${context.shortUrl}/q/${codeShape}` : campaign.link,
    unsubscribe: page,
    preferences: page,
    site: context.publicUrl,
  })
  return {
    content,
    sender,
    from: values.sender.from ?? sender?.address ?? undefined,
    fromName: values.sender.name,
  }
}

/** The same words, marked as a proof; a mark counts as characters of a text message. */
export function marked(content: Content, language: Language): Content {
  const mark = proofMark[language]
  if (content.channel === 'sms') {
    const text = `${mark} ${content.text}`
    return { ...content, text, parts: smsSize(text).parts }
  }
  if (content.channel !== 'email') return content
  const banner = `<div style="padding:8px;background-color:#fff3cd;color:#3d2f00;font-family:sans-serif;font-size:14px;text-align:center">${mark}</div>`
  return {
    ...content,
    subject: `${mark} ${content.subject}`,
    html: content.html.replace(/<body\b[^>]*>/i, (body) => `${body}${banner}`),
    text: `${mark}\n\n${content.text}`,
    // Nobody can be unsubscribed by a proof.
    headers: Object.fromEntries(Object.entries(content.headers).filter(([name]) => !/^list-/i.test(name))),
  }
}

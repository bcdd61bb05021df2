import { audiencePage } from '../audience/page.ts'
import { type Person, readPeople } from '../audience/people.ts'
import type { Content } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { partnersOf, senderNamesOf } from '../library/dress.ts'
import { preferSenders, sendersOf } from '../network/senders.ts'
import { loadContents } from '../outbox/contents.ts'
import { mergeValues } from '../outbox/merge-values.ts'
import { audienceOf } from '../outbox/step.ts'
import { RenderProblem } from '../render/problem.ts'
import type { ChannelName, Language } from '../words.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { catalogOf, type NetworkWords } from './network-templates.ts'

export type Previewed =
  | {
      content: Content
      /** What the reader sees as the sender. */
      from: string
      /** Whose copy it is. */
      reader: string
    }
  | { problem: string }

/** A preview is of somebody the campaign is for; among so many one is looked for who has the channel and language. */
const candidates = 60
const codeShape = 'XXXXXXXX'

/** What a step's words would be for one of those it is for; undefined when they are not written for the channel. */
export async function previewStep(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  step: StepDefinition,
  channel: ChannelName,
  language: Language,
  now: Date,
  /** Words that are not kept yet, in place of those that are. */
  unkept: readonly NetworkWords[] = [],
): Promise<Previewed | undefined> {
  const { db, publicUrl, shortUrl } = context
  const contents = await loadContents(await catalogOf(context, network, campaign, unkept), step.template)
  const found = contents.find(channel, language)
  if (!found) return undefined
  if ('problem' in found) return { problem: found.problem }
  const ids = await audiencePage(db, await audienceOf(db, network.id, campaign.audience), '', candidates)
  const person = bestReader(await readPeople(db, network.id, ids), channel, language)
  if (!person) return { problem: 'nobody' }
  const senders = preferSenders(await sendersOf(db, network.id), campaign.sender)
  const sender = senders.find((one) => one.channel === channel)
  const values = mergeValues({
    network,
    campaign,
    step,
    person,
    channel,
    language: found.language,
    sender,
    senderNames: await senderNamesOf(db, network.id),
    partner: campaign.coBranding ? (await partnersOf(db, network.id, [person.site.id])).get(person.site.id) : undefined,
    isShared: channel === 'print' || channel === 'screen',
    now,
  })
  try {
    const content = found.template.render(values, {
      click: {},
      action: channel === 'sms' || channel === 'print' ? `${shortUrl}/q/${codeShape}` : campaign.link,
      unsubscribe: `${publicUrl}/u/…`,
      preferences: `${publicUrl}/prefs/…`,
      site: publicUrl,
    })
    const reader = [person.contact.firstName, person.contact.lastName].filter(Boolean).join(' ') || person.site.name
    return {
      content,
      from: (channel === 'sms' && (values.sender.from ?? sender?.address)) || values.sender.name,
      reader,
    }
  } catch (error) {
    if (error instanceof RenderProblem) return { problem: error.code }
    throw error
  }
}

function bestReader(people: readonly Person[], channel: ChannelName, language: Language): Person | undefined {
  const has = ({ routable }: Person) =>
    channel === 'sms'
      ? routable.mobile !== undefined
      : channel === 'email'
        ? routable.email !== undefined
        : channel === 'print'
          ? routable.postal !== undefined
          : true
  const speaks = ({ contact }: Person) => contact.language === language
  return people.find((person) => has(person) && speaks(person)) ?? people.find(has) ?? people[0]
}

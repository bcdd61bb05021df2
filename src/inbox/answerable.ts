import { and, eq } from 'drizzle-orm'
import { type Person, readPeople } from '../audience/people.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { deliveryMembers } from '../db/schema.ts'
import { type Sender, sendersOf } from '../network/senders.ts'
import { decide } from '../outbox/decide.ts'
import { currentPolicy, type Message, routableMessage, type Step } from '../outbox/step.ts'
import type { Measured } from '../routing/types.ts'
import { answerClass, answersDefinition } from './answer-campaign.ts'
import { answerStep, answerTemplate } from './answer-step.ts'
import type { Conversation } from './record.ts'
import { type AnsweredChannel, whoseAddress } from './whose.ts'

/** An answer not sent within this time is not sent at all: it would answer what nobody remembers. */
const answerLifeMs = 3 * 86_400_000

/** Everything an answer needs, or why there can be none: a code of routing, or one of the inbox's own. */
export type Answerable =
  | { can: true; people: [Person, ...Person[]]; sender: Sender; step: Step }
  | { can: false; code: string }

/**
 * Whether this conversation can be answered as things stand: somebody still uses the address, the sender that was
 * written to can be written from, and neither a STOP nor anything else closes it. Asked for the page, again when the
 * answer is given, and by delivering once more when it is claimed.
 */
export async function answerableNow(
  tx: Tx,
  context: Context,
  network: Network,
  conversation: Conversation,
  now: Date,
): Promise<Answerable> {
  const channel = conversation.channel as AnsweredChannel
  const people = await peopleAt(tx, network.id, conversation)
  if (people.length === 0) return { can: false, code: conversation.contactId ? 'address_left' : 'unknown_sender' }
  const active = people.filter(({ contact }) => contact.isActive)
  const [first, ...more] = active
  if (!first) return { can: false, code: 'contact_inactive' }
  const sender = senderOf(await sendersOf(tx, network.id), conversation, channel)
  if (!sender) return { can: false, code: channel === 'sms' ? 'sender_one_way' : 'no_sender' }
  const step = await answerOutline(tx, network, channel, sender, now)
  const closed = whyClosed(context, step, first, { language: first.contact.language, parts: 1 }, now)
  return closed ? { can: false, code: closed } : { can: true, people: [first, ...more], sender, step }
}

/** Those who use the address at present, whoever was written to first. */
async function peopleAt(tx: Tx, networkId: string, conversation: Conversation): Promise<Person[]> {
  const { channel, address, contactId, deliveryId } = conversation
  const { contactIds } = await whoseAddress(tx, networkId, channel as AnsweredChannel, address)
  const ids = contactIds.length > 0 ? contactIds : contactId ? [contactId] : []
  const meant = deliveryId
    ? await tx
        .select({ contactId: deliveryMembers.contactId })
        .from(deliveryMembers)
        .where(and(eq(deliveryMembers.networkId, networkId), eq(deliveryMembers.deliveryId, deliveryId)))
    : []
  const isMeant = (id: string) => meant.some((row) => row.contactId === id)
  const people = await readPeople(
    tx,
    networkId,
    [...ids].sort((a, b) => Number(isMeant(b)) - Number(isMeant(a))),
  )
  return people.filter(({ routable }) => (channel === 'sms' ? routable.mobile : routable.email)?.value === address)
}

/** The sender that was written to; should it be gone, the network's own for what can be answered. */
function senderOf(
  senders: readonly Sender[],
  { senderId }: Conversation,
  channel: AnsweredChannel,
): Sender | undefined {
  const own = senders.filter((sender) => sender.channel === channel && (channel === 'email' || sender.isTwoWay))
  return own.find((sender) => sender.id === senderId) ?? own[0]
}

/** An answer as a step, before there is a message: what routing and the words read. */
async function answerOutline(
  tx: Tx,
  network: Network,
  channel: AnsweredChannel,
  sender: Sender,
  now: Date,
): Promise<Step> {
  const definition = answerStep(channel)
  const message: Message = {
    ...{ networkId: network.id, id: newId(), campaignId: '', campaignVersion: 1, step: definition.name, position: 0 },
    ...{ occurrence: '', class: answerClass, urgency: definition.urgency, intent: definition.intent },
    ...{ template: answerTemplate, topic: '', definition, dueAt: now, createdAt: now },
    expiresAt: new Date(now.getTime() + answerLifeMs),
  }
  return {
    network,
    campaignId: '',
    campaignStatus: 'finished',
    campaign: answersDefinition,
    definition,
    message,
    routable: { ...routableMessage(message, definition), campaign: answersDefinition.name },
    policy: await currentPolicy(tx, network.id),
    senders: [{ ...sender, isDefault: true }],
    launchedAt: null,
  }
}

/** Asks routing for this channel and sender alone; the code of what closes it, if anything does. */
function whyClosed(
  { publicUrl, shortUrl }: Pick<Context, 'publicUrl' | 'shortUrl'>,
  step: Step,
  person: Person,
  measured: Measured,
  now: Date,
): string | undefined {
  const [channel] = step.routable.channels ?? []
  const decision = decide({ step, contents: { find: () => undefined }, publicUrl, shortUrl, measured }, person, {
    beliefs: {},
    touches: { contact: [], site: [] },
    isSpent: false,
    now,
  })
  if (decision.outcome === 'send') return undefined
  const excluded = decision.trace.find((entry) => entry.channel === channel && entry.verdict === 'excluded')
  const code = excluded?.detail?.code ?? decision.because[0]?.code
  return typeof code === 'string' ? code : 'closed'
}

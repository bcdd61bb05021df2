import { and, eq, ne } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { newId, type Tx } from '../db/index.ts'
import { senders } from '../db/schema.ts'
import type { ChannelName } from '../words.ts'
import { type SenderField, type SenderProblem, senderProblems, type WantedSender } from './sender-rules.ts'
import { ofEnvironment, ofEnvironmentOwnAddress, type Sender, sendersOf } from './senders.ts'

interface Act {
  networkId: string
  actor: string
  /** Wall time. */
  at: Date
}

export type SenderRefused = Partial<Record<SenderField, SenderProblem>>

const described = ({
  name,
  address,
  isTwoWay,
  countries,
  ratePerSecond,
}: Pick<Sender, 'name' | 'address' | 'isTwoWay' | 'countries'> & Partial<Pick<Sender, 'ratePerSecond'>>) =>
  JSON.stringify({ name, address, isTwoWay, countries, ratePerSecond: ratePerSecond ?? undefined })

/** Where senders are by nature: a channel that is no letterbox or screen of our own. */
export const addressedChannels = ['sms', 'email'] as const satisfies readonly ChannelName[]

/** Adds a sender by the account that carries its channel. Returns what is wrong instead, where something is. */
export async function addSender(
  tx: Tx,
  act: Act,
  wanted: WantedSender,
): Promise<{ id: string } | { refused: SenderRefused }> {
  const there = (await sendersOf(tx, act.networkId)).filter((sender) => sender.channel === wanted.channel)
  const refused = senderProblems(
    wanted,
    there.map((sender) => sender.name),
  )
  if (Object.keys(refused).length > 0) return { refused }
  const [model] = there
  // The account of a channel brings the first sender with it.
  if (!model) return { refused: { address: 'noAccount' } }
  const id = newId()
  await tx.insert(senders).values({
    networkId: act.networkId,
    id,
    ...fieldsOf(wanted),
    channel: wanted.channel,
    provider: model.provider,
    credentialsRef: ownAddressRef(model.credentialsRef),
    isDefault: false,
    createdAt: act.at,
  })
  await auditSender(tx, act, id, { channel: wanted.channel, after: described({ ...fieldsOf(wanted) }) })
  return { id }
}

/** Changes what is shown of a sender. Undefined when it is not there; what is wrong instead, where something is. */
export async function changeSender(
  tx: Tx,
  act: Act,
  id: string,
  wanted: Omit<WantedSender, 'channel'>,
): Promise<{ id: string } | { refused: SenderRefused } | undefined> {
  const all = await sendersOf(tx, act.networkId)
  const sender = all.find((one) => one.id === id)
  if (!sender) return undefined
  const isOwnSink = !(addressedChannels as readonly ChannelName[]).includes(sender.channel)
  const meant: WantedSender = isOwnSink
    ? { channel: sender.channel, name: wanted.name, address: '', isTwoWay: sender.isTwoWay, countries: [] }
    : { ...wanted, channel: sender.channel }
  const others = all.filter((one) => one.channel === sender.channel && one.id !== id)
  const refused = senderProblems(
    meant,
    others.map((one) => one.name),
  )
  if (Object.keys(refused).length > 0) return { refused }
  const after = { ...fieldsOf(meant), address: isOwnSink ? sender.address : meant.address }
  const isMoved = after.address !== sender.address || after.isTwoWay !== sender.isTwoWay
  await tx
    .update(senders)
    // Somebody has looked at it: the provider is asked again.
    .set({
      ...after,
      refusedAt: null,
      refusedFor: null,
      ...(isMoved ? { credentialsRef: ownAddressRef(sender.credentialsRef) } : {}),
    })
    .where(and(eq(senders.networkId, act.networkId), eq(senders.id, id)))
  await auditSender(tx, act, id, { channel: sender.channel, before: described(sender), after: described(after) })
  return { id }
}

/** Makes a sender the one that writes on its channel when a campaign names none. */
export async function makeDefault(tx: Tx, act: Act, id: string): Promise<boolean> {
  const all = await sendersOf(tx, act.networkId)
  const sender = all.find((one) => one.id === id)
  if (!sender) return false
  const ofChannel = and(eq(senders.networkId, act.networkId), eq(senders.channel, sender.channel))
  const before = all.find((one) => one.channel === sender.channel && one.isDefault)
  await tx
    .update(senders)
    .set({ isDefault: false })
    .where(and(ofChannel, ne(senders.id, id)))
  await tx
    .update(senders)
    .set({ isDefault: true })
    .where(and(ofChannel, eq(senders.id, id)))
  await auditSender(tx, act, id, {
    channel: sender.channel,
    before: before?.name ?? null,
    after: sender.name,
    isDefault: true,
  })
  return true
}

/** Takes a sender out of use. The last of a channel, and its default one while there are others, stay. */
export async function removeSender(tx: Tx, act: Act, id: string): Promise<'removed' | 'kept' | undefined> {
  const all = await sendersOf(tx, act.networkId)
  const sender = all.find((one) => one.id === id)
  if (!sender) return undefined
  const others = all.filter((one) => one.channel === sender.channel && one.id !== id)
  if (others.length === 0 || sender.isDefault) return 'kept'
  await tx.delete(senders).where(and(eq(senders.networkId, act.networkId), eq(senders.id, id)))
  await auditSender(tx, act, id, { channel: sender.channel, before: described(sender), isRemoved: true })
  return 'removed'
}

const fieldsOf = ({ name, address, isTwoWay, countries, ratePerSecond }: Omit<WantedSender, 'channel'>) => ({
  name: name.trim(),
  address,
  isTwoWay,
  countries: [...countries],
  ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
})

/** With an address of its own a sender no longer follows the environment's. */
const ownAddressRef = (ref: string | null): string | null => (ref === ofEnvironment ? ofEnvironmentOwnAddress : ref)

const auditSender = (
  tx: Tx,
  { networkId, actor, at }: Act,
  id: string,
  data: Record<string, string | boolean | null>,
) => audit(tx, { networkId, actor, action: 'sender.change', subject: id, data, at })

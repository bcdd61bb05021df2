import { and, asc, eq } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import { networks, secrets, senders } from '../db/schema.ts'
import type { ChannelName } from '../words.ts'
import { channelOfProvider, type OwnProvider } from './credentials.ts'
import { isNumber, longestName } from './sender-rules.ts'

export type Sender = typeof senders.$inferSelect

/** What a new network sends with: names of the visible senders and the providers behind them. */
export interface SenderPlan {
  channel: ChannelName
  name: string
  provider: string
  address?: string
  isTwoWay: boolean
  countries?: string[]
  isDefault?: boolean
  credentialsRef?: string
}

/** The senders of a sandbox network: a two-way short number, a one-way name, a mailbox; nothing of it is real. */
export const sandboxSenders = (mailFrom: string): SenderPlan[] => [
  { channel: 'sms', name: 'Numéro court', provider: 'preview', address: '36180', isTwoWay: true, isDefault: true },
  { channel: 'sms', name: 'Nom court', provider: 'preview', address: 'RELAIS', isTwoWay: false },
  {
    channel: 'email',
    name: 'Animation du réseau',
    provider: 'preview',
    address: mailFrom,
    isTwoWay: true,
    isDefault: true,
  },
  ...ownSinks,
]

/** Print, intranet and screen leave from our own hands, so every network has them. */
export const ownSinks: SenderPlan[] = [
  { channel: 'print', name: 'Courrier', provider: 'pdf', isTwoWay: false, isDefault: true },
  { channel: 'intranet', name: 'Intranet', provider: 'posts', isTwoWay: true, isDefault: true },
  { channel: 'screen', name: 'Écrans', provider: 'screens', isTwoWay: true, isDefault: true },
]

/** Adds senders that are not there by channel and name yet; those there stay as they are. */
export async function addSenders(tx: Tx, networkId: string, plans: readonly SenderPlan[], now: Date): Promise<void> {
  await tx.insertRows(
    senders,
    plans.map((plan) => ({ networkId, id: newId(), countries: [], isDefault: false, ...plan, createdAt: now })),
    'ignore',
  )
}

/** A network's senders, the default of each channel first. */
export const sendersOf = async (tx: Tx, networkId: string): Promise<Sender[]> => {
  const rows = await tx.select().from(senders).where(eq(senders.networkId, networkId)).orderBy(asc(senders.id))
  return rows.sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
}

/** Whom a campaign wants to write: one sender by name for every channel that has it, or one per channel. */
export type SenderChoice = string | Partial<Record<ChannelName, string>> | undefined

const wantedOn = (choice: SenderChoice, channel: ChannelName): string | undefined =>
  typeof choice === 'string' ? choice : choice?.[channel]

/** The names a campaign asks for that no sender of the network bears. */
export function unknownSenders(senders: readonly Sender[], choice: SenderChoice): string[] {
  const wanted = typeof choice === 'string' ? [choice] : Object.values(choice ?? {})
  return wanted.filter((name) => !senders.some((sender) => sender.name === name))
}

/** The senders with the campaign's choice first and as the default of its channel; other channels keep theirs. */
export function preferSenders(senders: readonly Sender[], choice: SenderChoice): Sender[] {
  const isWanted = (sender: Sender) => sender.name === wantedOn(choice, sender.channel)
  const chosen = new Set(senders.filter(isWanted).map((sender) => sender.channel))
  return senders
    .map((sender) => (chosen.has(sender.channel) ? { ...sender, isDefault: isWanted(sender) } : sender))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
}

/** By the installation's account, with the address the environment names; it changes with the environment. */
export const ofEnvironment = 'environment'
/** By the installation's account, with an address that the network has chosen. */
export const ofEnvironmentOwnAddress = 'environment, own address'

/**
 * Brings the senders of every live network up to what the environment says now: those it has not made its own. A
 * network with an account of its own for a channel keeps to it; a sandbox network has its own senders.
 */
export async function syncLiveSenders(db: Db, plans: readonly SenderPlan[], now: Date): Promise<void> {
  const live = await db.select({ id: networks.id }).from(networks).where(eq(networks.mode, 'live'))
  if (live.length === 0 || plans.length === 0) return
  for (const { id: networkId } of live)
    await db.transaction(async (tx) => {
      const own = await ownChannels(tx, networkId)
      for (const plan of plans) if (!own.has(plan.channel)) await followEnvironment(tx, networkId, plan, now)
    })
}

/** The channels a network has credentials of its own for. */
async function ownChannels(tx: Tx, networkId: string): Promise<Set<ChannelName>> {
  const rows = await tx.select({ provider: secrets.provider }).from(secrets).where(eq(secrets.networkId, networkId))
  return new Set(rows.flatMap(({ provider }) => channelOfProvider[provider as OwnProvider] ?? []))
}

async function followEnvironment(tx: Tx, networkId: string, plan: SenderPlan, now: Date): Promise<void> {
  const { channel, name, provider, address, isTwoWay } = plan
  const ofChannel = and(eq(senders.networkId, networkId), eq(senders.channel, channel))
  const there = await tx.select().from(senders).where(ofChannel)
  if (there.length === 0) return addSenders(tx, networkId, [{ ...plan, credentialsRef: ofEnvironment }], now)
  const followers = there.filter(
    ({ credentialsRef, name: called }) =>
      credentialsRef === ofEnvironment || (credentialsRef === null && called === name),
  )
  await tx.update(senders).set({ provider }).where(ofChannel)
  for (const { id } of followers)
    await tx
      .update(senders)
      .set({ address, isTwoWay, credentialsRef: ofEnvironment })
      .where(and(ofChannel, eq(senders.id, id)))
}

export interface Carrier {
  channel: 'sms' | 'email'
  provider: string
  /** The stored secret; null: the installation's account. */
  credentialsRef: string | null
  address: string
}

/**
 * Hands the senders of a channel over to another account; the default one takes its address. They stay the same
 * senders, so that whoever has written STOP to one of them is not written to again.
 */
export async function takeOverSenders(
  tx: Tx,
  network: { id: string; title: string },
  { channel, provider, credentialsRef, address }: Carrier,
  now: Date,
): Promise<void> {
  const ofChannel = and(eq(senders.networkId, network.id), eq(senders.channel, channel))
  const isTwoWay = channel === 'email' || isNumber(address)
  const ref = credentialsRef ?? ofEnvironment
  const moved = await tx
    .update(senders)
    .set({ provider, credentialsRef: credentialsRef ?? ofEnvironmentOwnAddress })
    .where(ofChannel)
    .returning()
  const main = moved.find((sender) => sender.isDefault) ?? moved[0]
  if (!main) {
    const plan = { channel, name: network.title.slice(0, longestName), provider, address, isTwoWay, isDefault: true }
    return addSenders(tx, network.id, [{ ...plan, credentialsRef: ref }], now)
  }
  if (address === '') return
  await tx
    .update(senders)
    .set({ address, isTwoWay, credentialsRef: ref, isDefault: true })
    .where(and(ofChannel, eq(senders.id, main.id)))
}

import { and, asc, eq } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import { networks, senders } from '../db/schema.ts'
import type { ChannelName } from '../words.ts'

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

/** Brings the senders of every live network up to what the environment says now; a sandbox network has its own. */
export async function syncLiveSenders(db: Db, plans: readonly SenderPlan[], now: Date): Promise<void> {
  const live = await db.select({ id: networks.id }).from(networks).where(eq(networks.mode, 'live'))
  if (live.length === 0 || plans.length === 0) return
  await db.transaction(async (tx) => {
    for (const { id: networkId } of live) {
      await addSenders(tx, networkId, plans, now)
      for (const { channel, name, provider, address, isTwoWay } of plans)
        await tx
          .update(senders)
          .set({ provider, address, isTwoWay })
          .where(and(eq(senders.networkId, networkId), eq(senders.channel, channel), eq(senders.name, name)))
    }
  })
}

import { and, asc, eq } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import { senders } from '../db/schema.ts'
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

export const senderById = async (tx: Tx, networkId: string, id: string): Promise<Sender | undefined> =>
  (
    await tx
      .select()
      .from(senders)
      .where(and(eq(senders.networkId, networkId), eq(senders.id, id)))
  )[0]

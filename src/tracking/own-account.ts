import { eq } from 'drizzle-orm'
import type { Channel } from '../channel.ts'
import type { Db } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import type { Carriers } from '../deliver/carriers.ts'

/** The account of a network that a webhook's address names, held until it is released. */
export interface OwnAccount {
  networkId: string
  /** The provider's path, without the network. */
  path: string
  channel: Channel | 'unreadable'
  release(): Promise<void>
}

const named = /^(twilio\/(?:status|inbound)|sendgrid)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const carries: Record<string, Channel['name']> = { twilio: 'sms', sendgrid: 'email' }

/** Undefined where the path names no network, or one without an account of its own with that provider. */
export async function ownAccount(
  { db, carriers, channels }: { db: Db; carriers?: Pick<Carriers, 'of'>; channels: readonly Channel[] },
  path: string,
): Promise<OwnAccount | undefined> {
  const [, providerPath, networkId] = named.exec(path) ?? []
  if (!carriers || providerPath === undefined || networkId === undefined) return undefined
  const [network] = await db.select().from(networks).where(eq(networks.id, networkId))
  if (network?.mode !== 'live') return undefined
  const held = await carriers.of(network, channels)
  const own = held.channels.find(
    (channel) => !channels.includes(channel) && channel.webhook && channel.webhookPaths?.includes(providerPath),
  )
  const name = carries[providerPath.split('/')[0] ?? '']
  const found = own ?? (name !== undefined && held.unreadable.has(name) ? ('unreadable' as const) : undefined)
  if (found === undefined) {
    await held.release()
    return undefined
  }
  return { networkId, path: providerPath, channel: found, release: held.release }
}

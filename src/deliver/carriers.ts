import type { Logger } from 'pino'
import type { Channel, ProviderCheck } from '../channel.ts'
import type { Db } from '../db/index.ts'
import { type Credentials, channelOfProvider, type OwnProvider } from '../network/credentials.ts'
import { openSecret, sealedSecretsOf } from '../network/secrets.ts'
import { SecretUnreadable, type Vault } from '../network/vault.ts'
import type { ChannelName } from '../words.ts'

/** The adapters a network's deliveries may leave by, held until they are released. */
export interface Held {
  channels: readonly Channel[]
  /** Channels whose own credentials cannot be opened: what they should carry waits, by no other account. */
  unreadable: ReadonlySet<ChannelName>
  release(): Promise<void>
}

/** The accounts of networks beside the installation's own. */
export interface Carriers {
  /**
   * The installation's adapters with the network's own in place of those for the same channel. Of a sandbox network
   * no credential is ever read.
   */
  of(network: { id: string; name: string; mode: 'sandbox' | 'live' }, installation: readonly Channel[]): Promise<Held>
  /** Asks a provider whether it takes an account, stored or not. */
  check(credentials: Credentials): Promise<ProviderCheck>
  close(): Promise<void>
}

export interface CarrierParts {
  db: Db
  vault: Vault
  log: Logger
  /** Makes the adapter of a network's account; opens no connection. */
  build(credentials: Credentials, networkId: string): Channel
  check(credentials: Credentials): Promise<ProviderCheck>
}

/** An adapter made of one sealed secret; closed when it has been replaced and nobody uses it any more. */
interface Carrier {
  networkId: string
  /** The bytes it was made of: any change makes another. */
  version: string
  channel: Channel
  users: number
  isReplaced: boolean
}

/**
 * Builds a network's own adapters when they are first needed and keeps them as long as what is stored is the same,
 * so that a change of credentials needs no restart.
 */
export function createCarriers(parts: CarrierParts): Carriers {
  const { db, vault, log, build } = parts
  const known = new Map<string, Carrier>()
  const told = new Set<string>()

  /** A connection that will not close is no reason to stop: it is logged and left to its time-out. */
  const closeUnused = (carrier: Carrier): Promise<void> | undefined =>
    carrier.isReplaced && carrier.users === 0
      ? carrier.channel
          .close?.()
          .catch((error: unknown) => log.warn({ err: error }, 'The connection of replaced credentials did not close'))
      : undefined

  const replaced = (id: string): Promise<void> | undefined => {
    const carrier = known.get(id)
    if (!carrier) return undefined
    known.delete(id)
    carrier.isReplaced = true
    return closeUnused(carrier)
  }

  function carrierOf(row: Awaited<ReturnType<typeof sealedSecretsOf>>[number]): Carrier {
    const version = `${row.keyId} ${Buffer.from(row.sealed).toString('base64')}`
    const kept = known.get(row.id)
    if (kept?.version === version) return kept
    const made = {
      networkId: row.networkId,
      version,
      channel: build(openSecret(vault, row), row.networkId),
      users: 0,
      isReplaced: false,
    }
    void replaced(row.id)
    known.set(row.id, made)
    return made
  }

  const of: Carriers['of'] = async (network, installation) => {
    if (network.mode !== 'live') return { channels: installation, unreadable: new Set(), release: async () => {} }
    const own: Carrier[] = []
    const unreadable = new Set<ChannelName>()
    const rows = await sealedSecretsOf(db, network.id)
    for (const row of rows) {
      const name = channelOfProvider[row.provider as OwnProvider]
      try {
        const carrier = carrierOf(row)
        carrier.users += 1
        own.push(carrier)
        told.delete(row.id)
      } catch (error) {
        if (!(error instanceof SecretUnreadable)) throw error
        unreadable.add(name)
        if (!told.has(row.id)) log.error({ network: network.name, provider: row.provider }, unreadableText(error))
        told.add(row.id)
      }
    }
    // Removed credentials leave nothing behind.
    const stored = new Set(rows.map((row) => row.id))
    for (const [id, carrier] of known) if (carrier.networkId === network.id && !stored.has(id)) await replaced(id)
    const taken = new Set<ChannelName>([...own.map(({ channel }) => channel.name), ...unreadable])
    return {
      channels: [
        ...own.map(({ channel }) => channel),
        ...installation.filter((channel) => channel.serves !== 'live' || !taken.has(channel.name)),
      ],
      unreadable,
      release: async () => {
        for (const carrier of own.splice(0)) {
          carrier.users -= 1
          await closeUnused(carrier)
        }
      },
    }
  }

  return {
    of,
    check: parts.check,
    close: async () => {
      for (const id of [...known.keys()]) await replaced(id)
    },
  }
}

/** What an operator is told of credentials that do not open: what it means and what to do. */
const unreadableText = (error: SecretUnreadable): string =>
  error.why === 'key_missing'
    ? 'The credentials this network has stored were sealed under another RELAIS_SECRET. Start with the old one in RELAIS_SECRET_OLD and run relais secrets rotate, or enter them again in the settings; until then its messages wait.'
    : 'The credentials this network has stored cannot be opened: they are damaged. Enter them again in the settings; until then its messages wait.'

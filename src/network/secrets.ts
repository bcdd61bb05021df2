import { and, eq, inArray } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { newId, type Tx } from '../db/index.ts'
import { networks, secrets, senders } from '../db/schema.ts'
import {
  accountOf,
  type Credentials,
  channelOfProvider,
  credentialsSchema,
  hintsOf,
  type OwnProvider,
  ownProviders,
} from './credentials.ts'
import type { Network } from './networks.ts'
import { type SenderPlan, takeOverSenders } from './senders.ts'
import { SecretUnreadable, type Vault } from './vault.ts'

/** A network's account with a provider, without what is secret of it. */
export interface Account {
  id: string
  provider: OwnProvider
  /** False: sealed under another `RELAIS_SECRET`; what it should carry waits. */
  isReadable: boolean
  hints: Readonly<Record<string, string>>
  updatedBy: string
  updatedAt: Date
}

/** The one set of credentials of a provider; the table could hold several. */
const only = 'default'

/** A sandbox network has no live credentials, whatever is asked. */
export class SandboxHasNoCredentials extends Error {
  override name = 'SandboxHasNoCredentials'
  constructor(network: Pick<Network, 'name'>) {
    super(`${network.name} is a sandbox network: it sends nothing, so it takes no provider’s credentials.`)
  }
}

type StoredSecret = typeof secrets.$inferSelect

const isOwnProvider = (provider: string): provider is OwnProvider =>
  (ownProviders as readonly string[]).includes(provider)

/** Every stored secret of a network, sealed. */
export const sealedSecretsOf = (tx: Tx, networkId: string): Promise<StoredSecret[]> =>
  tx.select().from(secrets).where(eq(secrets.networkId, networkId))

/** A network's own accounts, as pages may show them. */
export async function accountsOf(tx: Tx, vault: Vault, networkId: string): Promise<Account[]> {
  const rows = await sealedSecretsOf(tx, networkId)
  return rows.flatMap((row) => {
    const { id, provider, hints, updatedBy, updatedAt } = row
    if (!isOwnProvider(provider)) return []
    return [{ id, provider, hints, updatedBy, updatedAt, isReadable: isReadable(vault, row) }]
  })
}

function isReadable(vault: Vault, row: StoredSecret): boolean {
  try {
    openSecret(vault, row)
    return true
  } catch (error) {
    if (error instanceof SecretUnreadable) return false
    throw error
  }
}

/** @throws SecretUnreadable when it was sealed under another key, or is not what was sealed. */
export function openSecret(vault: Vault, row: StoredSecret): Credentials {
  const plain = vault.open(row.sealed, row.keyId, { networkId: row.networkId, secretId: row.id })
  const parsed = credentialsSchema.safeParse(JSON.parse(new TextDecoder().decode(plain)))
  // The issues would quote what they are about.
  if (!parsed.success) throw new SecretUnreadable('damaged', 'What was sealed is no provider’s credentials.')
  return parsed.data
}

/** The credentials a network has with a provider. @throws SecretUnreadable */
export async function credentialsOf(
  tx: Tx,
  vault: Vault,
  networkId: string,
  provider: OwnProvider,
): Promise<Credentials | undefined> {
  const [row] = await tx
    .select()
    .from(secrets)
    .where(and(eq(secrets.networkId, networkId), eq(secrets.provider, provider), eq(secrets.name, only)))
  return row && openSecret(vault, row)
}

interface Act {
  network: Network
  actor: string
  /** Wall time. */
  at: Date
}

/**
 * Seals and stores a live network's account with a provider. It replaces what the network had for that channel, and
 * the senders of the channel go over to it; the default one takes the account's own address.
 * @throws SandboxHasNoCredentials
 */
export async function saveCredentials(
  tx: Tx,
  vault: Vault,
  { network, actor, at }: Act,
  credentials: Credentials,
  name?: string,
): Promise<void> {
  if (network.mode !== 'live') throw new SandboxHasNoCredentials(network)
  const { provider } = credentials
  const channel = channelOfProvider[provider]
  const before = (await sealedSecretsOf(tx, network.id)).filter(
    (row) => isOwnProvider(row.provider) && channelOfProvider[row.provider] === channel,
  )
  const same = before.find((row) => row.provider === provider)
  const others = before.filter((row) => row !== same).map((row) => row.id)
  if (others.length > 0)
    await tx.delete(secrets).where(and(eq(secrets.networkId, network.id), inArray(secrets.id, others)))
  const id = same?.id ?? newId()
  const sealed = vault.seal(new TextEncoder().encode(JSON.stringify(credentials)), {
    networkId: network.id,
    secretId: id,
  })
  const hints = hintsOf(credentials, name)
  const row = { keyId: vault.keyId, sealed, hints, updatedBy: actor, updatedAt: at }
  await tx
    .insert(secrets)
    .values({ networkId: network.id, id, provider, name: only, ...row })
    .onConflictDoUpdate({ target: [secrets.networkId, secrets.id], set: row })
  if (!same || accountOf(same.hints) !== accountOf(hints)) await noteChange(tx, network, channel, at)
  await takeOverSenders(tx, network, { channel, provider, credentialsRef: id, address: addressOf(credentials) }, at)
  await audit(tx, {
    networkId: network.id,
    actor,
    action: 'secret.set',
    subject: id,
    data: { provider, account: hints.accountSid ?? hints.host ?? hints.from, isNew: !same },
    at,
  })
}

/** The address messages leave from; a messaging service chooses its own number. */
const addressOf = (credentials: Credentials): string =>
  credentials.provider === 'twilio' ? (credentials.messagingServiceSid ?? credentials.from ?? '') : credentials.from

/** Forgets a network's account. The channel goes back to the installation's provider, where there is one. */
export async function removeCredentials(
  tx: Tx,
  { network, actor, at }: Act,
  provider: OwnProvider,
  installation: readonly SenderPlan[],
): Promise<boolean> {
  const [removed] = await tx
    .delete(secrets)
    .where(and(eq(secrets.networkId, network.id), eq(secrets.provider, provider), eq(secrets.name, only)))
    .returning({ id: secrets.id })
  if (!removed) return false
  const channel = channelOfProvider[provider]
  await noteChange(tx, network, channel, at)
  const plan = installation.find((one) => one.channel === channel)
  if (plan)
    await takeOverSenders(
      tx,
      network,
      { channel, provider: plan.provider, credentialsRef: null, address: plan.address ?? '' },
      at,
    )
  else
    await tx
      .update(senders)
      .set({ credentialsRef: null })
      .where(and(eq(senders.networkId, network.id), eq(senders.channel, channel)))
  await audit(tx, {
    networkId: network.id,
    actor,
    action: 'secret.remove',
    subject: removed.id,
    data: { provider },
    at,
  })
  return true
}

/** From now on another account answers: what it does not know of may still have left by the one before. */
async function noteChange(tx: Tx, network: Network, channel: 'sms' | 'email', at: Date): Promise<void> {
  const [row] = await tx.select({ settings: networks.settings }).from(networks).where(eq(networks.id, network.id))
  const settings = { ...row?.settings }
  settings.carriersChangedAt = { ...settings.carriersChangedAt, [channel]: at.toISOString() }
  await tx.update(networks).set({ settings }).where(eq(networks.id, network.id))
}

import { asc, eq, max } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import type { Language } from '../words.ts'

/** The tenant: head office, sites and contacts, as stored. */
export type Network = typeof networks.$inferSelect

export interface NewNetwork {
  name: string
  title: string
  /** Fixed at creation for ever: a live provider refuses what a sandbox network sends. */
  mode: 'sandbox' | 'live'
  /** ISO 3166-1 alpha-2. */
  country: string
  language: Language
  /** IANA zone. */
  timezone: string
  isDemo?: boolean
}

/** The name the built-in example network bears; nobody else may take it. */
export const demoName = 'demo'

const madeByImport = {
  name: 'reseau',
  title: 'Réseau',
  country: 'FR',
  language: 'fr',
  timezone: 'Europe/Paris',
} as const
const isSimpleName = /^[a-z0-9][a-z0-9-]{0,62}$/

/** Something about a network's name cannot be: the message says what, and how to mend it. */
export class NetworkProblem extends Error {
  override name = 'NetworkProblem'
  readonly code: 'network_exists' | 'network_name' | 'network_ambiguous' | 'network_mode'
  constructor(code: NetworkProblem['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Creates a network and gives it the next free number. Names are lower-case letters, digits and hyphens, since
 * users type them in commands. Throws NetworkProblem when the name is taken or malformed.
 */
export async function createNetwork(tx: Tx, network: NewNetwork, now: Date): Promise<Network> {
  if (!isSimpleName.test(network.name))
    throw new NetworkProblem(
      'network_name',
      `"${network.name}" cannot name a network: use 1 to 63 lower-case letters, digits and hyphens, such as "grand-nord".`,
    )
  if (network.name === demoName && !network.isDemo)
    throw new NetworkProblem('network_name', `"${demoName}" is kept for the example network; choose another name.`)
  // Two creations at once may pick the same number; the unique key lets one through and the other asks again.
  for (;;) {
    if (await findNetwork(tx, network.name))
      throw new NetworkProblem('network_exists', `There is already a network named "${network.name}".`)
    const [last] = await tx.select({ number: max(networks.number) }).from(networks)
    const [created] = await tx
      .insert(networks)
      .values({ id: newId(), number: (last?.number ?? 0) + 1, settings: {}, ...network, createdAt: now })
      .onConflictDoNothing()
      .returning()
    if (created) return created
  }
}

/** The network of that name, if there is one. */
export async function findNetwork(tx: Tx, name: string): Promise<Network | undefined> {
  const [network] = await tx.select().from(networks).where(eq(networks.name, name))
  return network
}

/** Every network of the installation, oldest first: they are few (a tenant each), so they come whole. */
export async function listNetworks(tx: Tx): Promise<Network[]> {
  return tx.select().from(networks).orderBy(asc(networks.number))
}

/**
 * The network an import would go to, without creating it: the one named, or without a name the only one beside
 * the example network. Throws NetworkProblem naming them when there are several.
 */
export async function networkToImportInto(tx: Tx, name: string | undefined): Promise<Network | undefined> {
  if (name !== undefined) return findNetwork(tx, name)
  const candidates = (await listNetworks(tx)).filter((network) => !network.isDemo && network.name !== demoName)
  if (candidates.length > 1)
    throw new NetworkProblem(
      'network_ambiguous',
      `There are several networks (${candidates.map((network) => network.name).join(', ')}): say which one with --network NAME.`,
    )
  return candidates[0]
}

/**
 * The network an import goes to: the one named or the only one beside the example network, made in `mode` when
 * there is none yet. An existing network keeps its own mode. Throws NetworkProblem as `networkToImportInto` and
 * `createNetwork` do.
 */
export async function networkForImport(
  db: Db,
  name: string | undefined,
  mode: 'sandbox' | 'live',
  now: Date,
): Promise<Network> {
  const existing = await networkToImportInto(db, name)
  if (existing) return existing
  return db.transaction((tx) =>
    createNetwork(tx, { ...madeByImport, ...(name === undefined ? {} : { name, title: name }), mode }, now),
  )
}

/** Changes settings of a network and returns them whole; what is not named stays. */
export async function changeSettings(
  db: Db,
  networkId: string,
  change: Partial<Network['settings']>,
): Promise<Network['settings']> {
  return db.transaction(async (tx) => {
    const [row] = await tx.select({ settings: networks.settings }).from(networks).where(eq(networks.id, networkId))
    const settings = { ...row?.settings, ...change }
    await tx.update(networks).set({ settings }).where(eq(networks.id, networkId))
    return settings
  })
}

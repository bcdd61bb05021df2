import type { Context, Network } from '../context.ts'

export interface Holding {
  context: Context
  release(): Promise<void>
}

/**
 * The context with the adapters of one network: its own accounts where it has some, else the installation's. They are
 * not closed before they are released, whatever is changed in the settings meanwhile.
 */
export async function holdCarriers(context: Context, network: Network): Promise<Holding> {
  const held = await context.carriers.of(network, context.channels)
  const ownAccounts = new Set(
    held.channels.filter((channel) => !context.channels.includes(channel)).map(({ name }) => name),
  )
  const own = { ...context, channels: held.channels, unreadable: held.unreadable, ownAccounts }
  return { context: own, release: held.release }
}

/** Works with the adapters of one network, held until the work is through. */
export async function withOwnCarriers<T>(
  context: Context,
  network: Network,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const held = await holdCarriers(context, network)
  try {
    return await work(held.context)
  } finally {
    await held.release()
  }
}

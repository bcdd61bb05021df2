import type { Context, Network } from '../context.ts'

/**
 * Works with the adapters of one network: its own accounts where it has some, else the installation's. They are not
 * closed before the work is through, whatever is changed in the settings meanwhile.
 */
export async function withOwnCarriers<T>(
  context: Context,
  network: Network,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const held = await context.carriers.of(network, context.channels)
  try {
    return await work({ ...context, channels: held.channels, unreadable: held.unreadable })
  } finally {
    await held.release()
  }
}

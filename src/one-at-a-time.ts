const running = new WeakMap<object, Map<string, Promise<unknown>>>()

/**
 * Runs work on a network after whatever this process is already doing there: the worker's look and somebody moving
 * the clock must not interleave. Other processes are kept apart by the database, not by this.
 */
export async function oneAtATime<T>(owner: object, networkId: string, work: () => Promise<T>): Promise<T> {
  const queue = running.get(owner) ?? new Map<string, Promise<unknown>>()
  running.set(owner, queue)
  const before = queue.get(networkId) ?? Promise.resolve()
  const mine = before.then(work, work)
  queue.set(networkId, mine)
  try {
    return await mine
  } finally {
    if (queue.get(networkId) === mine) queue.delete(networkId)
  }
}

/** Whether this process is doing something on a network right now. */
export const isBusy = (owner: object, networkId: string): boolean => running.get(owner)?.has(networkId) ?? false

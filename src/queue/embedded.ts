import type { Hands, Queue } from './index.ts'

/** Without Redis: whoever works in this process is woken, and works on what it finds by looking. */
export function openEmbeddedQueue(): Queue {
  const working = new Set<Hands>()
  return {
    isShared: () => false,
    offer: async () => false,
    wake: () => {
      for (const { look } of working) look()
    },
    work: (hands) => {
      working.add(hands)
      return { stop: async () => void working.delete(hands) }
    },
    waiting: async () => 0,
    close: async () => working.clear(),
  }
}

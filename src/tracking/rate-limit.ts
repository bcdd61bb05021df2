/**
 * Counts wrong guesses in windows of a minute, in this process's memory: enough to make guessing codes hopeless. Who
 * asks for what exists is never held up, so that a whole network behind one address can scan the same poster. Keeps
 * at most `mostKeys` askers; beyond that the oldest are forgotten.
 */
export function guessLimit({ perMinute, mostKeys = 10_000 }: { perMinute: number; mostKeys?: number }) {
  const windows = new Map<string, { startedAt: number; misses: number }>()
  const current = (key: string, now: Date) => {
    const window = windows.get(key)
    return window && now.getTime() - window.startedAt < 60_000 ? window : undefined
  }
  return {
    /** Whether the asker has guessed wrong too often at `now` (wall time). */
    isOver: (key: string, now: Date): boolean => (current(key, now)?.misses ?? 0) >= perMinute,
    miss: (key: string, now: Date): void => {
      let window = current(key, now)
      if (!window) {
        windows.delete(key)
        if (windows.size >= mostKeys) windows.delete(windows.keys().next().value!)
        window = { startedAt: now.getTime(), misses: 0 }
        windows.set(key, window)
      }
      window.misses++
    },
  }
}

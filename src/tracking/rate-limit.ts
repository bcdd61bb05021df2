/**
 * Counts askers in windows of a minute, in this process's memory: enough to make guessing codes hopeless. Keeps
 * at most `mostKeys` of them; beyond that the oldest are forgotten.
 */
export function rateLimit({ perMinute, mostKeys = 10_000 }: { perMinute: number; mostKeys?: number }) {
  const windows = new Map<string, { startedAt: number; count: number }>()
  /** Whether one more is allowed at `now` (wall time). */
  return (key: string, now: Date): boolean => {
    const at = now.getTime()
    let window = windows.get(key)
    if (!window || at - window.startedAt >= 60_000) {
      windows.delete(key)
      if (windows.size >= mostKeys) windows.delete(windows.keys().next().value!)
      window = { startedAt: at, count: 0 }
      windows.set(key, window)
    }
    window.count++
    return window.count <= perMinute
  }
}

/** Wall time: sessions, leases, rate limits, audit, TLS. Injected, so that tests set it. */
export interface WallClock {
  now(): Date
}

export const systemClock: WallClock = { now: () => new Date() }

/**
 * The network's own time (design decision 12): wall time plus its offset, which `relais advance` moves in a
 * sandbox network and which is always 0 in a live one. Everything a campaign means by "now" is this.
 */
export const businessNow = (wallNow: Date, network: { clockOffsetMs: number }): Date =>
  new Date(wallNow.getTime() + network.clockOffsetMs)

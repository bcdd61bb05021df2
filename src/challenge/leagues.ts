/** Leagues of outlets of like potential. Pure. */

export interface Outlet {
  siteId: string
  potential: number
}

/**
 * Cuts outlets into leagues by potential, the largest first: as few leagues as hold at most `size` each, and none more
 * than one outlet larger than another. Equal potentials go by id, so that the same outlets make the same leagues.
 */
export function formLeagues(outlets: readonly Outlet[], size: number): Map<string, number> {
  const sorted = outlets.toSorted((a, b) => b.potential - a.potential || (a.siteId < b.siteId ? -1 : 1))
  const count = Math.max(1, Math.ceil(sorted.length / size))
  const small = Math.floor(sorted.length / count)
  const larger = sorted.length % count
  const leagues = new Map<string, number>()
  let at = 0
  for (let league = 1; league <= count; league++) {
    const take = small + (league <= larger ? 1 : 0)
    for (const { siteId } of sorted.slice(at, at + take)) leagues.set(siteId, league)
    at += take
  }
  return leagues
}

export interface League {
  league: number
  outlets: number
  /** Mean potential. */
  potential: number
}

/** Where an outlet goes that comes after the leagues were fixed: the nearest by potential that has room, else a new one. */
export function leagueForLate(leagues: readonly League[], potential: number, size: number): number {
  const [nearest] = leagues
    .filter(({ outlets }) => outlets < size)
    .toSorted((a, b) => Math.abs(a.potential - potential) - Math.abs(b.potential - potential) || a.league - b.league)
  return nearest?.league ?? Math.max(0, ...leagues.map(({ league }) => league)) + 1
}

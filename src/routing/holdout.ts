import { draw } from '../random.ts'

/** An outlet to draw among. */
export interface Outlet {
  id: string
  /** What identifies it over replays: its code in the partner file. */
  key: string
  /** Outlets of the same kind (tier and size) are drawn among one another. */
  stratum: string
}

/** How many people an outlet has, in steps wide enough for outlets to be alike. */
export function sizeOf(people: number): string {
  if (people <= 1) return '1'
  if (people <= 3) return '2-3'
  return people <= 9 ? '4-9' : '10+'
}

/**
 * The outlets left out to measure what a campaign changes: whole outlets, since colleagues talk to one another;
 * the share of each stratum, so that both sides are alike; fixed by `seed` (network and campaign) and the outlet, so
 * that a replay draws the same. What a small stratum's share leaves over is decided by lot too: the expected share is
 * exact however small the strata are.
 */
export function heldOutOf(outlets: readonly Outlet[], share: number, seed: string): Set<string> {
  const strata = new Map<string, Outlet[]>()
  for (const outlet of outlets) {
    const alike = strata.get(outlet.stratum)
    if (alike) alike.push(outlet)
    else strata.set(outlet.stratum, [outlet])
  }
  const heldOut = new Set<string>()
  for (const [stratum, alike] of strata) {
    const count = Math.floor(alike.length * share + draw('holdout rest', seed, stratum))
    const byLot = alike.map(({ id, key }) => ({ id, lot: draw('holdout', seed, key) })).sort((a, b) => a.lot - b.lot)
    for (const { id } of byLot.slice(0, count)) heldOut.add(id)
  }
  return heldOut
}

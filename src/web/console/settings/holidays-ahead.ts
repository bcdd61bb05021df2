import { placesOf } from '../../../campaign/moments.ts'
import type { Db } from '../../../db/index.ts'
import type { Network } from '../../../network/networks.ts'
import { namedHolidays } from '../../../routing/holidays.ts'
import type { Language } from '../../../words.ts'
import type { HolidayRow } from './closed-days.tsx'

const dayMs = 86_400_000

/** The regions of holidays a network's people live in; its country where it has no sites yet. */
export async function regionsOf(db: Db, network: Pick<Network, 'id' | 'country'>): Promise<string[]> {
  const regions = (await placesOf(db, network.id)).map((place) => place.region)
  return [...new Set(regions.length > 0 ? regions : [network.country])].sort()
}

/** The public holidays of the coming twelve months, each with the regions that keep it. */
export function holidaysAhead(regions: readonly string[], now: Date, language: Language): HolidayRow[] {
  const today = now.toISOString().slice(0, 10)
  const end = new Date(now.getTime() + 365 * dayMs).toISOString().slice(0, 10)
  const rows = new Map<string, { date: string; name: string; regions: string[] }>()
  for (const region of regions)
    for (const year of [now.getUTCFullYear(), now.getUTCFullYear() + 1])
      for (const { date, name } of namedHolidays(region, year, language)) {
        if (date < today || date > end) continue
        const row = rows.get(`${date} ${name}`) ?? { date, name, regions: [] }
        rows.set(`${date} ${name}`, { ...row, regions: [...row.regions, region] })
      }
  return [...rows.values()].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
}

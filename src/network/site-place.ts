import type { sites } from '../db/schema.ts'
import { lawOf, zoneOf } from './countries.ts'
import { type WantedAddress, wantedAddress } from './import/address-book.ts'
import { readFrenchPostcode } from './postcodes.ts'

type SiteRow = typeof sites.$inferSelect
export type Placed = Pick<SiteRow, 'country' | 'region' | 'postcode'>

/** Region and time zone follow from where the site lies: its postcode in France, its country elsewhere. */
export function placeOf(row: Placed, timezone: string): { region: string; timezone: string } {
  const french = row.country === 'FR' && row.postcode ? readFrenchPostcode(row.postcode) : undefined
  if (french) return { region: french.region, timezone: french.timezone }
  const isOverseas = row.country === 'FR' && lawOf(row.region) === 'FR' && row.region !== 'FR'
  const region = isOverseas ? row.region : row.country
  return { region, timezone: zoneOf(region) ?? timezone }
}

/** The lines of a letter's address, company first (AFNOR NF Z10-011), the country only abroad. */
function postalLines(row: SiteRow): string[] {
  const town = [row.postcode, row.city].filter(Boolean).join(' ')
  return [row.name, row.addressLine2, row.addressLine1, town, row.country === 'FR' ? null : row.country].filter(
    (line): line is string => Boolean(line),
  )
}

/** The addresses a site has itself: its shared mailbox, and its letterbox once a street or a town is known. */
export function siteAddresses(row: SiteRow, mailbox: string | undefined): WantedAddress[] {
  const wanted: WantedAddress[] = []
  if (mailbox) wanted.push(wantedAddress('email', mailbox, { isShared: true }))
  if (row.addressLine1 || row.city) {
    const isComplete = row.country !== 'FR' || (row.postcode !== null && readFrenchPostcode(row.postcode) !== undefined)
    wanted.push(
      wantedAddress('postal', postalLines(row).join('\n'), {
        isShared: true,
        country: row.region.startsWith('FR') ? 'FR' : row.region,
        ...(isComplete ? {} : { problem: 'postcode' }),
      }),
    )
  }
  return wanted
}

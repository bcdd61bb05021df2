const dayMs = 86_400_000

/** Days on which a network is closed beside public holidays: its summer closure, a bridge. Both ends are closed. */
export interface Closure {
  /** Local dates, YYYY-MM-DD. */
  from: string
  to: string
  /** As a site's region (FR, FR-67, RE …); without it, everywhere. */
  region?: string
}

/** Whether a local day, counted since 1 January 1970, is one of them where the reader is. */
export const isClosedOn = (closures: readonly Closure[], region: string, day: number): boolean =>
  closures.some(
    (closure) =>
      (closure.region === undefined || closure.region === region) &&
      Date.parse(`${closure.from}T00:00:00Z`) <= day * dayMs &&
      day * dayMs <= Date.parse(`${closure.to}T00:00:00Z`),
  )

/** The same by local date, YYYY-MM-DD. */
export const isClosedDate = (closures: readonly Closure[], region: string, date: string): boolean =>
  isClosedOn(closures, region, Date.parse(`${date}T00:00:00Z`) / dayMs)

const quarterHour = 900_000
const keptOffsets = 4_096

interface Zone {
  format: Intl.DateTimeFormat
  offsets: Map<number, number>
}

const zones = new Map<string, Zone | null>()

/** Offset of an IANA zone from UTC at an instant, in milliseconds; undefined when the zone does not exist. */
export function offsetAt(timezone: string, instant: number): number | undefined {
  const zone = zoneOf(timezone)
  if (!zone) return undefined
  // Zones change on quarter hours of UTC, so one offset serves the whole quarter.
  const quarter = Math.floor(instant / quarterHour)
  const known = zone.offsets.get(quarter)
  if (known !== undefined) return known
  const offset = readOffset(zone.format, quarter * quarterHour)
  if (zone.offsets.size >= keptOffsets) zone.offsets.clear()
  zone.offsets.set(quarter, offset)
  return offset
}

function zoneOf(timezone: string): Zone | null {
  const known = zones.get(timezone)
  if (known !== undefined) return known
  let zone: Zone | null
  try {
    zone = { format: clockOf(timezone), offsets: new Map() }
  } catch {
    zone = null
  }
  zones.set(timezone, zone)
  return zone
}

const clockOf = (timeZone: string) =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })

function readOffset(format: Intl.DateTimeFormat, instant: number): number {
  const read: Record<string, number> = {}
  for (const part of format.formatToParts(instant)) read[part.type] = Number(part.value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant
}

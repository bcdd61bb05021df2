import type { Language } from '../../words.ts'
import { type Drawing, drawJourney } from './drawing.ts'
import { reachedFrom, themes } from './journey.ts'
import { pngOf } from './raster.ts'

/** Twice as wide as an e-mail shows it, for screens that are finer. */
const pixels = 1_104

const named = /^([a-z]+(?:-[a-z]+)*?)(?:-(\d{1,2}))?$/

/** What a map is called where it is fetched: `sled-race-4` with somebody at the fourth stop, `sled-race` with nobody. */
export const mapName = (theme: string, stage?: number): string => (stage === undefined ? theme : `${theme}-${stage}`)

/** The drawing behind a name, its words so much larger; undefined where no journey has such a stop. */
export function mapCalled(name: string, language: Language, larger = 1): Drawing | undefined {
  const [, themeName, stage] = named.exec(name) ?? []
  const theme = themes.find((one) => one.name === themeName)
  if (!theme) return undefined
  if (stage === undefined) return drawJourney(theme, [], language, larger)
  if (Number(stage) >= theme.stops.length || String(Number(stage)) !== stage) return undefined
  return drawJourney(
    theme,
    [{ initials: '', progress: reachedFrom(theme, Number(stage)), isOwn: true }],
    language,
    larger,
  )
}

const drawn = new Map<string, Uint8Array<ArrayBuffer>>()

/**
 * A map as PNG, drawn once: there are as many as journeys have stops, and everybody at the same stop is shown the
 * same one, so that fetching it tells of nobody.
 */
export function mapPicture(name: string): Uint8Array<ArrayBuffer> | undefined {
  const known = drawn.get(name)
  if (known) return known
  // It has no words: its language makes no difference.
  const drawing = mapCalled(name, 'fr')
  if (!drawing) return undefined
  const png = pngOf(drawing, pixels)
  drawn.set(name, png)
  return png
}

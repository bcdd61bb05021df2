import type { Language } from '../../words.ts'
import { placeOf } from './journey.ts'
import { labelsBeside } from './labels.ts'
import type { Theme } from './theme.ts'

/** What a part of the drawing is; the web colours it by its style sheet, paper by a table. */
export type Ink = 'land' | 'relief' | 'route' | 'done' | 'stop' | 'reached' | 'label' | 'token' | 'own'

export type Mark =
  | { kind: 'path'; d: string; ink: Ink; x?: number; y?: number; scale?: number }
  | { kind: 'disc'; x: number; y: number; r: number; ink: Ink }
  | { kind: 'text'; x: number; y: number; size: number; text: string; anchor: 'start' | 'middle' | 'end'; ink: Ink }

export interface Traveller {
  /** A letter or two; the whole name stands in the list beside the map. */
  initials: string
  /** Thousandths of the own objective. */
  progress: number
  isOwn?: boolean
}

export interface Drawing {
  width: number
  height: number
  marks: Mark[]
}

const lineThrough = (points: readonly { x: number; y: number }[]): string =>
  points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('')
const round = (value: number): number => Math.round(value * 10) / 10

/** Letters of 22 units of 640 are 11 pixels on a phone 320 wide. */
const letters = 22

/**
 * A journey drawn as marks: ground, route, the part of it that is done, stops with their numbers, and whoever is on
 * the way, oneself last and largest. Travellers near one another are set side by side. Only one’s own stop and the
 * next are written out: the list beside the drawing names them all.
 */
export function drawJourney(theme: Theme, travellers: readonly Traveller[], language: Language, larger = 1): Drawing {
  const size = letters * larger
  const { stops } = theme
  const own = travellers.find(({ isOwn }) => isOwn)
  const ownPlace = own && placeOf(theme, own.progress)
  const marks: Mark[] = [
    ...theme.land.map((d) => ({ kind: 'path' as const, d, ink: 'land' as const })),
    ...theme.relief.map((d) => ({ kind: 'path' as const, d, ink: 'relief' as const })),
    { kind: 'path', d: lineThrough(stops), ink: 'route' },
  ]
  if (ownPlace && (ownPlace.stage > 0 || ownPlace.part > 0))
    marks.push({ kind: 'path', d: lineThrough([...stops.slice(0, ownPlace.stage + 1), ownPlace]), ink: 'done' })
  for (const [at, stop] of stops.entries())
    marks.push({ kind: 'disc', x: stop.x, y: stop.y, r: 7, ink: ownPlace && at <= ownPlace.stage ? 'reached' : 'stop' })
  const token = ownPlace && { x: ownPlace.x, y: ownPlace.y - 26, r: 20 }
  const shown = ownPlace ? [ownPlace.stage, ownPlace.stage + 1] : [0, stops.length - 1]
  const named = shown.flatMap((at) => {
    const stop = stops[at]
    return stop ? [{ stop, text: at === 0 ? stop.name[language] : `${at} ${stop.name[language]}` }] : []
  })
  const labels = labelsBeside(theme, named, size, token)
  for (const [at, label] of labels.entries())
    marks.push({ kind: 'text', size, text: named[at]!.text, ink: 'label', ...label })
  const crowd = new Map<string, number>()
  for (const { progress, initials } of travellers.filter(({ isOwn }) => !isOwn)) {
    const place = placeOf(theme, progress)
    const spot = `${Math.round(place.x / 16)} ${Math.round(place.y / 16)}`
    const before = crowd.get(spot) ?? 0
    crowd.set(spot, before + 1)
    const [x, y] = [place.x + (before % 4) * 9, place.y - 20 - Math.floor(before / 4) * 22]
    marks.push({ kind: 'disc', x, y, r: 11, ink: 'token' })
    marks.push({ kind: 'text', x, y: y + 5, size: 13, text: initials.slice(0, 2), anchor: 'middle', ink: 'token' })
  }
  if (token) {
    marks.push({ kind: 'disc', ...token, ink: 'own' })
    marks.push({ kind: 'path', d: theme.token, x: token.x, y: token.y - 1, scale: 1.1, ink: 'own' })
  }
  return { width: theme.width, height: theme.height, marks }
}

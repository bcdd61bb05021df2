import type { Language } from '../../words.ts'
import { ascent } from './ascent.ts'
import { sledRace } from './sled-race.ts'
import type { Theme } from './theme.ts'

/** Journeys a challenge may be told as, by the name a campaign file gives; the first where it gives none. */
export const themes: readonly [Theme, ...Theme[]] = [sledRace, ascent]
export const themeNames = themes.map(({ name }) => name)

export const themeOf = (name: string | undefined): Theme => themes.find((theme) => theme.name === name) ?? themes[0]

/** Where somebody is on the way. */
export interface Place {
  x: number
  y: number
  /** Stages reached, 0 at the start. */
  stage: number
  stages: number
  /** The name of the last stop reached. */
  at: Record<Language, string>
  /** The next stop, none at the end. */
  next?: Record<Language, string>
  /** The part of the way to the next stop that is done, 0 … 1. */
  part: number
}

/**
 * The place of a progress, in thousandths of one’s objective: every stage is the same share of it, whatever its
 * length on the map, and whoever does more is never further back. Beyond the objective one stays at the goal.
 */
export function placeOf(theme: Theme, progress: number): Place {
  const { stops } = theme
  const stages = stops.length - 1
  const way = (Math.min(1000, Math.max(0, progress)) * stages) / 1000
  const stage = Math.floor(way + 1e-9)
  const part = stage >= stages ? 0 : Math.max(0, way - stage)
  const here = stops[stage]!
  const next = stops[stage + 1]
  return {
    ...{ stage, stages, part, at: here.name },
    x: next ? here.x + (next.x - here.x) * part : here.x,
    y: next ? here.y + (next.y - here.y) * part : here.y,
    ...(next ? { next: next.name } : {}),
  }
}

/** The least progress, in thousandths, at which a stage is reached. */
export const reachedFrom = (theme: Theme, stage: number): number =>
  Math.ceil((stage * 1000) / (theme.stops.length - 1) - 1e-9)

/** In a few words, for an SMS: `étape 4/9 : Winnipeg`. */
export function placeInWords(theme: Theme, { stage, stages, at }: Place, language: Language): string {
  const colon = language === 'fr' ? '\u00a0: ' : ': '
  return `${theme.stage[language]} ${stage}/${stages}${colon}${at[language]}`
}

/**
 * The way as a line of text: ●●●●○○○○○. What mail programs, screens and readers for the blind can show alike, where
 * a drawing cannot be.
 */
export const placeAsTrack = ({ stage, stages }: Pick<Place, 'stage' | 'stages'>): string =>
  '●'.repeat(stage) + '○'.repeat(stages - stage)

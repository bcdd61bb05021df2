import type { Language } from '../../words.ts'

export interface Words extends Record<Language, string> {}

export interface Stop {
  name: Words
  /** On the drawing, in its units. */
  x: number
  y: number
  /** Where its name stands beside it. */
  label: 'above' | 'below' | 'left' | 'right'
}

/** A journey that a challenge is told as: drawn here, and the same on the web, on a screen, on paper and in words. */
export interface Theme {
  name: string
  title: Words
  /** What a stop is called, and the one who travels. */
  stage: Words
  traveller: Words
  width: number
  height: number
  /** SVG paths of the ground, the largest first. */
  land: readonly string[]
  /** Further lines of the drawing, such as a ridge. */
  relief: readonly string[]
  /** The first is where everybody starts; the rest are reached one after the other. */
  stops: readonly [Stop, Stop, ...Stop[]]
  /** The token, an SVG path in a square of 24 around its middle. */
  token: string
}

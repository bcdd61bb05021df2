import type { MergeValues } from './values.ts'

/** What may be said of a challenge where several people read: how it is told, and nothing of anybody in it. */
export function sharedJourney(challenge: MergeValues['challenge']): NonNullable<MergeValues['challenge']> {
  const { journey, theme, start, goal, stages } = challenge ?? {}
  return journey === undefined ? {} : { journey, theme, start, goal, stages, map: journey, isRegistered: false }
}

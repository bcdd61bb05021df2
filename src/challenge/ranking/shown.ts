/** How much of a ranking whoever takes part is shown: enough to want the next place, never who is last. */
export const shownAtTop = 3
export const shownAround = 2
/** The end of the list nobody is shown on, however near their own place is. */
export const keptBack = 3

export interface Window {
  /** Places in listing order, from 0; each once, ascending. */
  places: number[]
  /** Where places were left out between two of them: the index in `places` behind the gap. */
  gapBefore?: number
}

/**
 * The places one who takes part sees in a list of `size`: the first three, their own, and two on each side of it.
 * The last three are shown to nobody but themselves: a list that ends tells who is last, and shaming helps no one.
 * `own` is one's place in listing order from 0; undefined for whoever looks on without a place.
 */
export function windowFor(size: number, own: number | undefined): Window {
  const lastShown = Math.max(Math.min(shownAtTop, size), size - keptBack) - 1
  const places = new Set<number>()
  for (let at = 0; at < Math.min(shownAtTop, lastShown + 1); at += 1) places.add(at)
  if (own !== undefined && own >= 0 && own < size)
    for (let at = Math.max(0, own - shownAround); at <= own + shownAround; at += 1)
      if (at === own || at <= lastShown) places.add(at)
  const sorted = [...places].sort((a, b) => a - b)
  const gap = sorted.findIndex((place, at) => at > 0 && place > sorted[at - 1]! + 1)
  return gap > 0 ? { places: sorted, gapBefore: gap } : { places: sorted }
}

/**
 * Whether rankings are hidden from those who take part: the last `freezeDays` days before the end, up to the moment
 * the provisional ranking is published. Head office always sees them.
 */
export const isFrozen = (
  now: Date,
  { endsAt, freezeDays, publishedAt }: { endsAt: Date; freezeDays: number; publishedAt?: Date | null },
): boolean =>
  freezeDays > 0 &&
  now.getTime() >= endsAt.getTime() - freezeDays * 86_400_000 &&
  !(publishedAt && publishedAt.getTime() <= now.getTime())

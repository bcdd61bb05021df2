/** Somebody with a score: a person, a team, or whoever has an objective. */
export interface Scored {
  id: string
  /** Points, or for the progress ranking the share of one's own objective in thousandths. */
  score: number
  /** When what counts today first added up to this score. */
  reachedAt: Date
  name: string
}

export type Placed<T extends Scored = Scored> = T & { rank: number }

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The order of a list and of prizes: the higher score, then whoever reached it first, then the name, then the id, so
 * that no two are ever in one place and the order says nothing about how the rows came in.
 */
export const inOrder = (a: Scored, b: Scored): number =>
  b.score - a.score ||
  a.reachedAt.getTime() - b.reachedAt.getTime() ||
  byCodePoint(a.name, b.name) ||
  byCodePoint(a.id, b.id)

/** Standard competition ranking, 1-2-2-4: equal scores share a rank, and the next rank counts everybody above it. */
export function standing<T extends Scored>(all: readonly T[]): Placed<T>[] {
  const placed: Placed<T>[] = []
  for (const [at, one] of [...all].sort(inOrder).entries()) {
    const before = placed.at(-1)
    placed.push({ ...one, rank: before && before.score === one.score ? before.rank : at + 1 })
  }
  return placed
}

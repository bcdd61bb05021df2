export interface CriterionProgress {
  /** Its share of the whole, in hundredths. */
  weight: number
  done: number
  /** The objective, in the same unit; undefined where nothing is asked. */
  asked: number | undefined
}

/** Stands in the standings where there is no objective to compare with. */
export const noObjective = -1

/** One criterion counts for twice its objective at most: far too much of one does not make up for none of another. */
export const mostOfOne = 2

/**
 * How far somebody is towards their own objective, in thousandths: the weighted mean of what was done over what was
 * asked, over the criteria that ask something. Undefined where none does. Never falls when more is done.
 */
export function progressOf(criteria: readonly CriterionProgress[]): number | undefined {
  let weights = 0
  let sum = 0
  for (const { weight, done, asked } of criteria) {
    if (asked === undefined || asked <= 0) continue
    weights += weight
    sum += weight * Math.min(mostOfOne, Math.max(0, done) / asked)
  }
  return weights === 0 ? undefined : Math.floor((sum / weights) * 1000 + 1e-9)
}

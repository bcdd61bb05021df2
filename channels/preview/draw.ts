import { hash } from 'node:crypto'

/** A number in [0, 1) fixed by its parts, so that the same sandbox plays the same way twice. */
export function draw(...parts: (string | number)[]): number {
  return Number.parseInt(hash('sha256', parts.join('\u0000')).slice(0, 12), 16) / 2 ** 48
}

/**
 * A delay in milliseconds between two bounds, log-uniform: most people answer soon, some much later.
 * `at` is a draw in [0, 1).
 */
export const delayBetween = (minMs: number, maxMs: number, at: number): number =>
  Math.round(minMs * (maxMs / minMs) ** at)

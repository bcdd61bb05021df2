import { hash, randomBytes } from 'node:crypto'

/** Randomness that nobody must guess (codes, one-time links); injected, so that tests repeat. */
export interface Random {
  bytes(length: number): Uint8Array
}

export const systemRandom: Random = { bytes: (length) => randomBytes(length) }

/**
 * A number in [0, 1) fixed by its parts: exploration, hold-out and the simulated carriers draw with it, so a
 * replay of the same network decides and answers alike.
 */
export function draw(...parts: (string | number)[]): number {
  const digest = hash('sha256', parts.join('\u0000'), 'hex')
  return Number.parseInt(digest.slice(0, 12), 16) / 2 ** 48
}

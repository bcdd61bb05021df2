import { createHash, randomBytes } from 'node:crypto'

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
  const digest = createHash('sha256').update(parts.join('\u0000')).digest()
  return digest.readUIntBE(0, 6) / 2 ** 48
}

import { createHash } from 'node:crypto'

/** The same things in an order fixed by the seed. */
export const shuffled = <T>(things: readonly T[], seed: string): T[] =>
  things
    .map((thing, index) => ({ thing, key: createHash('sha256').update(`${seed} ${index}`).digest('hex') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ thing }) => thing)

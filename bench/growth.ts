import { inChild } from './in-child.ts'

/** CPU microseconds per recipient of fanning one step out and delivering it, and the peak memory of all of it. */
export interface Spine {
  fanOut: number
  delivery: number
  total: number
  peakMegabytes: number
}

/** Left alone, V8 lets garbage lie up to gigabytes: in a heap of this size what is really kept shows, or it gives out. */
const heldHeap = ['--max-old-space-size=192']

/** One step to so many people in a process of its own with a heap of 192 MB, so that its memory is only its own. */
export const spine = (people: number): Promise<Spine> => inChild<Spine>('./program-spine.ts', [people], heldHeap)

/** `npm run bench growth`: what a recipient costs as there are more of them. `-- --million` goes on to a million. */
export async function printGrowth(sizes: readonly number[], print: (line: string) => void): Promise<void> {
  print('people     fan-out       delivery      peak memory')
  let first: Spine | undefined
  for (const size of sizes) {
    const found = await spine(size)
    first ??= found
    const cost = (stage: 'fanOut' | 'delivery') =>
      `${Math.round(found[stage])} µs ×${(found[stage] / first![stage]).toFixed(2)}`.padEnd(14)
    print(`${String(size).padEnd(11)}${cost('fanOut')}${cost('delivery')}${found.peakMegabytes} MB`)
  }
}

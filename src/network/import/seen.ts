import { hash } from 'node:crypto'

const fullAt = 0.6

/**
 * What this run has already seen, by key: a hash table in typed arrays with `width` 16-bit numbers a key, so that a
 * million keys take some tens of megabytes instead of a gigabyte of objects. Keys are kept as 64 bits of SHA-256:
 * among a million, two collide once in 36 million runs.
 */
export function seenTable(width: number) {
  let capacity = 1024
  let size = 0
  let keys = new Uint32Array(capacity * 2)
  let values = new Uint16Array(capacity * width)

  const locate = (high: number, low: number): number => {
    let at = (high ^ low) >>> 0
    for (;;) {
      at &= capacity - 1
      const storedHigh = keys[at * 2]
      if (storedHigh === 0 || (storedHigh === high && keys[at * 2 + 1] === low)) return at
      at++
    }
  }

  const grow = () => {
    const oldKeys = keys
    const oldValues = values
    const oldCapacity = capacity
    capacity *= 2
    keys = new Uint32Array(capacity * 2)
    values = new Uint16Array(capacity * width)
    for (let from = 0; from < oldCapacity; from++) {
      const high = oldKeys[from * 2]!
      if (high === 0) continue
      const low = oldKeys[from * 2 + 1]!
      const to = locate(high, low)
      keys[to * 2] = high
      keys[to * 2 + 1] = low
      values.set(oldValues.subarray(from * width, from * width + width), to * width)
    }
  }

  const fingerprint = (key: string): [high: number, low: number] => {
    const digest = hash('sha256', key)
    // A zero means an empty place, so the high half is never zero.
    return [Number.parseInt(digest.slice(0, 8), 16) || 1, Number.parseInt(digest.slice(8, 16), 16)]
  }

  /** What the keys asked for since the mark held then; undefined: they were not there. */
  let before = new Map<string, Uint16Array | undefined>()
  /** Keys that are in the table and count as never seen. */
  const unseen = new Set<string>()

  return {
    /** From here on what is seen may be taken back. */
    mark(): void {
      before = new Map()
    },
    /** Takes back whatever was seen since the mark. */
    rewind(): void {
      for (const [key, old] of before) {
        const at = locate(...fingerprint(key)) * width
        if (old) values.set(old, at)
        else {
          values.fill(0, at, at + width)
          unseen.add(key)
        }
      }
      before = new Map()
    },
    /** The numbers of a key, all zero at first. The array is valid until the next call of `of`. */
    of(key: string): { values: Uint16Array; isNew: boolean } {
      const [high, low] = fingerprint(key)
      let at = locate(high, low)
      const isNew = keys[at * 2] === 0 || unseen.delete(key)
      if (!before.has(key)) before.set(key, isNew ? undefined : values.slice(at * width, at * width + width))
      if (keys[at * 2] === 0) {
        if (size + 1 > capacity * fullAt) {
          grow()
          at = locate(high, low)
        }
        keys[at * 2] = high
        keys[at * 2 + 1] = low
        size++
      }
      return { values: values.subarray(at * width, at * width + width), isNew }
    },
    has(key: string): boolean {
      return keys[locate(...fingerprint(key)) * 2] !== 0 && !unseen.has(key)
    },
    size: () => size - unseen.size,
  }
}
export type SeenTable = ReturnType<typeof seenTable>

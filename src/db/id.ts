import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const bytesPerId = 16
/** Drawn at once: asking the system for 16 bytes a thousand times costs more than the ids themselves. */
const pool = Buffer.alloc(bytesPerId * 1_024)
let used = pool.length
let msecs = 0
let seq = 0

function draw(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytesPerId
  return pool.subarray(used - bytesPerId, used)
}

/**
 * A new UUIDv7 (RFC 9562 §5.7), the only kind of id in the database. Ids of one process sort in the order they
 * were made, also within a millisecond and when the clock steps back (§6.2, method 1).
 */
export function newId(): string {
  const random = draw()
  const now = Date.now()
  if (now > msecs) {
    msecs = now
    // Half the range is left to count up in.
    seq = random.readUInt32BE(0) >>> 1
  } else {
    seq += 1
  }
  return v7({ random, msecs, seq })
}

import { crc32 } from 'node:zlib'

/** Shorter copies cost as much to name as to repeat. */
const leastCopy = 8
/** Places of the same few bytes that are looked at before the longest copy is taken. */
const mostPlaces = 12
/** A copy this long is taken without looking further. */
const longCopy = 128
const tableBits = 14

/** Where in a text the same few bytes stand, the last first. */
interface Index {
  sum: number
  heads: Int32Array
  earlier: Int32Array
}

const indexes = new WeakMap<Uint8Array, Index>()

/** Of six bytes, by the constant of Fibonacci hashing (Knuth, The Art of Computer Programming 3, §6.4). */
const placeOf = (bytes: Uint8Array, at: number): number =>
  Math.imul(
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) ^
      Math.imul(bytes[at + 4]! | (bytes[at + 5]! << 8), 0x85ebca6b),
    0x9e3779b1,
  ) >>>
  (32 - tableBits)

function indexOf(base: Uint8Array): Index {
  const known = indexes.get(base)
  if (known) return known
  const heads = new Int32Array(1 << tableBits).fill(-1)
  const earlier = new Int32Array(base.length)
  for (let at = 0; at + leastCopy <= base.length; at++) {
    const place = placeOf(base, at)
    earlier[at] = heads[place]!
    heads[place] = at
  }
  const made = { sum: crc32(base), heads, earlier }
  indexes.set(base, made)
  return made
}

/** Filled and copied from within one call, never across a turn of the event loop. */
let scratch = Buffer.allocUnsafe(16_384)

/**
 * A text as what it shares with `base` and what it does not: runs of its own bytes and copies of the base's, in turns.
 * A few microseconds for what a compressor takes ten times as long for, where the two are nearly alike. Undefined
 * where it would take more than `most` bytes.
 */
export function differences(text: Uint8Array, base: Uint8Array, most: number): Buffer | undefined {
  const { sum, heads, earlier } = indexOf(base)
  if (scratch.length < most + 32) scratch = Buffer.allocUnsafe(most + 32)
  const out = scratch
  out.writeUInt32LE(sum, 0)
  let written = number(out, 4, text.length)
  let own = 0
  let at = 0
  let next = 0
  const last = text.length - leastCopy
  while (at <= last) {
    let length = 0
    let from = 0
    // Where the two went on alike after a name that differs is by far the likeliest, and among the places looked at.
    for (let place = heads[placeOf(text, at)]!, tries = mostPlaces; place >= 0 && tries > 0; tries--) {
      let same = 0
      const room = Math.min(base.length - place, text.length - at)
      while (same < room && base[place + same] === text[at + same]) same++
      if (same > length) {
        length = same
        from = place
        if (same >= longCopy) break
      }
      place = earlier[place]!
    }
    if (length < leastCopy) {
      at++
      continue
    }
    if (written + (at - own) + 16 > most) return undefined
    written = number(out, written, at - own)
    out.set(text.subarray(own, at), written)
    written = number(out, written + at - own, length)
    written = number(out, written, from >= next ? (from - next) * 2 : (next - from) * 2 - 1)
    at += length
    next = from + length
    own = at
  }
  if (written + (text.length - own) + 8 > most) return undefined
  written = number(out, written, text.length - own)
  out.set(text.subarray(own), written)
  return Buffer.from(out.subarray(0, written + text.length - own))
}

/** Writes a whole number, seven bits a byte; returns where it ends. */
function number(out: Buffer, start: number, value: number): number {
  let at = start
  let rest = value
  for (; rest >= 0x80; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80
  out[at++] = rest
  return at
}

/**
 * The text that `differences` was given, of at most `largest` bytes.
 * @throws RangeError when it is larger, Error when this is not what `differences` made against this `base`
 */
export function together(packed: Uint8Array, base: Uint8Array, largest = Number.MAX_SAFE_INTEGER): Buffer {
  const from = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  let at = 4
  const read = (): number => {
    let value = 0
    for (let shift = 0; shift < 35 && at < from.length; shift += 7) {
      const byte = from[at++]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new Error('These differences are damaged: a number has no end.')
  }
  if (from.length < 6 || from.readUInt32LE(0) !== crc32(base))
    throw new Error('These differences were taken from another text than the one given.')
  const length = read()
  if (length > largest) throw new RangeError(`This content is larger than ${largest} bytes.`)
  const text = Buffer.allocUnsafe(length)
  let written = 0
  let next = 0
  const fits = (count: number, room: number) => {
    if (count > room || count > length - written)
      throw new Error('These differences are damaged: they reach beyond the text.')
  }
  for (;;) {
    const own = read()
    fits(own, from.length - at)
    from.copy(text, written, at, at + own)
    at += own
    written += own
    if (at === from.length) break
    const count = read()
    const turn = read()
    const start = turn % 2 === 0 ? next + turn / 2 : next - (turn + 1) / 2
    if (start < 0) throw new Error('These differences are damaged: they reach before the text.')
    fits(count, base.length - start)
    text.set(base.subarray(start, start + count), written)
    written += count
    next = start + count
  }
  if (written !== length) throw new Error('These differences are damaged: a part is missing.')
  return text
}

import { hash } from 'node:crypto'
import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib'
import type { Content } from '../channel.ts'
import { differences, together } from './differences.ts'

/** Content as it is kept, and its SHA-256: what stays when the content itself is erased. */
export interface Kept {
  body: Uint8Array
  hash: string
}

/** Below this a deflate stream costs more time than it saves room. */
const smallBytes = 400
/**
 * The first byte says how a body is packed: `{` not at all, one of these against its version's dictionary (deflated, or
 * as what differs from it), else gzip.
 */
const againstDictionary = 0x01
const asDifferences = 0x02
/** What differs is not compressed any further: where it is more of a content than this, a compressor finds more. */
const mostDiffering = 0.2
const bare = 0x7b
/** A window of 32 kB is all that deflate looks back (RFC 1951 §2). */
const window = 32_768
/** Half the memory of zlib's default to set up, for each message anew; larger tables gain nothing on a few kilobytes. */
const options = { level: 3, memLevel: 5 }

/**
 * Packs content to be kept. Messages of one version differ by a few names and links: against the version's
 * dictionary an e-mail of 14 kB takes some 570 bytes, a sixth of what it takes alone.
 */
export function keep(content: Content, dictionary?: Uint8Array | null): Kept {
  const bytes = utf8(JSON.stringify(content))
  return { body: pack(bytes, dictionary), hash: hash('sha256', bytes) }
}

/** Filled anew for every content, since one of its own for each would be the collector's to take away. */
const mostScratch = 1_048_576
let scratch = Buffer.allocUnsafe(65_536)

/** The bytes of a text, until the next text is asked for. */
function utf8(text: string): Buffer {
  const most = text.length * 3
  if (most > mostScratch) return Buffer.from(text)
  if (scratch.length < most) scratch = Buffer.allocUnsafe(mostScratch)
  return scratch.subarray(0, scratch.write(text))
}

function pack(bytes: Buffer, dictionary: Uint8Array | null | undefined): Uint8Array {
  if (bytes.length < smallBytes) return Buffer.from(bytes)
  if (!dictionary) return gzipSync(bytes, { level: 1 })
  const differing = differences(bytes, dictionary, Math.max(smallBytes, bytes.length * mostDiffering))
  if (differing) return Buffer.concat([Buffer.of(asDifferences), differing])
  return Buffer.concat([Buffer.of(againstDictionary), deflateRawSync(bytes, { ...options, dictionary })])
}

/**
 * Kept content unpacked, at most `largest` bytes of it.
 * @throws when the body is no such content, or is larger
 */
export function readContent(body: Uint8Array, dictionary: Uint8Array | null, largest?: number): Content {
  return JSON.parse(unpack(body, dictionary, largest).toString('utf8')) as Content
}

function unpack(body: Uint8Array, dictionary: Uint8Array | null, maxOutputLength?: number): Buffer {
  if (body[0] === bare) return Buffer.from(body)
  if (body[0] !== againstDictionary && body[0] !== asDifferences) return gunzipSync(body, { maxOutputLength })
  if (!dictionary) throw new Error('This content was packed against a dictionary, and its version has none.')
  if (body[0] === asDifferences) return together(body.subarray(1), dictionary, maxOutputLength)
  return inflateRawSync(body.subarray(1), { dictionary, maxOutputLength })
}

/** The dictionary of a version, from a content of it that is nobody's own. */
export const dictionaryOf = (nobodys: Content): Uint8Array => Buffer.from(JSON.stringify(nobodys)).subarray(-window)

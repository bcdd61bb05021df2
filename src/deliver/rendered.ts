import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Content } from '../channel.ts'

/** Content as it is kept, and its SHA-256: what stays when the content itself is erased. */
export interface Kept {
  body: Uint8Array
  hash: string
}

/** The lightest compression: most of a network's mail is a few kilobytes. */
export function keep(content: Content): Kept {
  const bytes = Buffer.from(JSON.stringify(content))
  return { body: gzipSync(bytes, { level: 1 }), hash: createHash('sha256').update(bytes).digest('hex') }
}

export const readContent = (body: Uint8Array): Content => JSON.parse(gunzipSync(body).toString('utf8')) as Content

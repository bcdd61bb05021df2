import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Content } from '../channel.ts'

const bytesOf = (content: Content) => Buffer.from(JSON.stringify(content))

/** SHA-256 of the content as handed over: what stays when the content itself is erased. */
export const contentHash = (content: Content): string => createHash('sha256').update(bytesOf(content)).digest('hex')

/** The content as it is stored. The lightest compression: most of a network's mail is a few kilobytes. */
export const storedContent = (content: Content): Uint8Array => new Uint8Array(gzipSync(bytesOf(content), { level: 1 }))

export const readContent = (body: Uint8Array): Content => JSON.parse(gunzipSync(body).toString('utf8')) as Content

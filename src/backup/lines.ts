import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** A file's lines, compressed when its name ends in .gz. A damaged file throws where readline would fall silent. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const bytes = createReadStream(path)
  // The error reaches us where we read; the callback only keeps it from being unhandled.
  const content: Readable = path.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => {}) : bytes
  let rest = ''
  content.setEncoding('utf8')
  for await (const chunk of content) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

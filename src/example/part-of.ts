import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * Writes the rows of the first so many hundredths of a file's sites into a folder and returns the new file's path. The
 * site's code is the first column, and the rows of a site stand together. Constant memory.
 */
export async function partOf(file: string, percent: number, folder: string): Promise<string> {
  let sites = 0
  for await (const code of codesOf(file)) if (code.isNew) sites++
  const kept = Math.ceil((sites * percent) / 100)
  const path = join(folder, `part-of-${basename(file)}`)
  const out = createWriteStream(path)
  let seen = 0
  for await (const { line, isNew, isHeader } of codesOf(file)) {
    if (isNew) seen++
    if (!isHeader && seen > kept) break
    if (!out.write(`${line}\r\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  return path
}

async function* codesOf(file: string) {
  let last: string | undefined
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === '') continue
    const code = line.slice(0, line.indexOf(';'))
    const isHeader = last === undefined
    yield { line, isHeader, isNew: !isHeader && code !== last }
    last = code
  }
}

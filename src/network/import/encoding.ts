import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { ImportProblem } from './problem.ts'

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be'

export interface Inspected {
  kind: 'text' | 'workbook'
  encoding: Encoding
  /** SHA-256 of the file, in hex. */
  fileHash: string
  size: number
}

const oldOffice = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const zip = Buffer.from('504b0304', 'hex')

/** Without a byte order mark, UTF-16 shows by the zero in every other byte of plain Latin text. */
function looksLikeUtf16(head: Buffer): Encoding | undefined {
  const pairs = Math.floor(head.length / 2)
  if (pairs < 2) return
  let high = 0
  let low = 0
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) high++
    if (head[at + 1] === 0) low++
  }
  if (low > pairs * 0.4 && high === 0) return 'utf-16le'
  if (high > pairs * 0.4 && low === 0) return 'utf-16be'
  return
}

function byMark(head: Buffer): Encoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return looksLikeUtf16(head.subarray(0, 4096))
}

function unreadable(file: string, error: NodeJS.ErrnoException): ImportProblem {
  if (error.code === 'ENOENT') return new ImportProblem('file_missing', { file })
  if (error.code === 'EISDIR') return new ImportProblem('file_is_folder', { file })
  return new ImportProblem('file_unreadable', { file, detail: error.code ?? error.message })
}

/**
 * Reads the file once, in constant memory, for its hash and its encoding: a byte order mark decides, then whether
 * it is valid UTF-8 to its last byte; what is not is Windows-1252, as Excel writes it. Throws ImportProblem for a
 * file that cannot be read and for old or encrypted workbooks; `name` is what it calls the file.
 */
export async function inspectFile(file: string, name = file): Promise<Inspected> {
  const digest = createHash('sha256')
  const strict = new TextDecoder('utf-8', { fatal: true })
  let head: Buffer | undefined
  let isUtf8 = true
  let size = 0
  let marked: Encoding | undefined
  let isEncrypted = false
  const encryptedName = Buffer.from('EncryptedPackage', 'utf16le')
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      digest.update(chunk)
      size += chunk.length
      if (!head) {
        head = chunk
        marked = byMark(chunk)
      }
      if (head.subarray(0, 8).equals(oldOffice)) isEncrypted ||= chunk.includes(encryptedName)
      if (isUtf8 && !marked)
        try {
          strict.decode(chunk, { stream: true })
        } catch {
          isUtf8 = false
        }
    }
    if (isUtf8 && !marked)
      try {
        strict.decode()
      } catch {
        isUtf8 = false
      }
  } catch (error) {
    throw unreadable(name, error as NodeJS.ErrnoException)
  }
  if (head?.subarray(0, 8).equals(oldOffice))
    throw new ImportProblem(isEncrypted ? 'workbook_encrypted' : 'workbook_old', { file: name })
  return {
    kind: head?.subarray(0, 4).equals(zip) ? 'workbook' : 'text',
    encoding: marked ?? (isUtf8 ? 'utf-8' : 'windows-1252'),
    fileHash: digest.digest('hex'),
    size,
  }
}

import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'

export interface Seal {
  name: string
  bytes: number
  sha256: string
}

export interface SealedFile {
  write(chunk: Uint8Array | string): Promise<void>
  /** Flushes to the disk itself (fsync) and says what was written. */
  close(): Promise<Seal>
  /** Gives the file up after a failure. */
  abandon(): Promise<void>
}

/** A new file whose hash is taken while it is written. Throws EEXIST when the file is there already. */
export async function createSealed(path: string): Promise<SealedFile> {
  const handle = await open(path, 'wx')
  const hash = createHash('sha256')
  let bytes = 0
  return {
    write: async (chunk) => {
      const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      hash.update(data)
      bytes += data.length
      await handle.writeFile(data)
    },
    close: async () => {
      await handle.sync()
      await handle.close()
      return { name: basename(path), bytes, sha256: hash.digest('hex') }
    },
    abandon: () => handle.close(),
  }
}

/** Makes a rename or a new name durable: the folder is synced itself (fsync(2), "calling fsync on the directory"). */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

import { rmSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Failed, type Io } from './io.ts'

/** Beside a running server, a command is carried out by it, since SQLite has one writer. One line of JSON per message. */
type FromClient = { run: string[]; cwd: string; columns: number; canAsk: boolean } | { answer: boolean }
type FromServer = { out: string } | { err: string } | { ask: string } | { exit: number }

/** What a socket's path may have on Linux and macOS, in bytes, with the closing zero (sockaddr_un). */
const longestPath = 103

/** Where a server listens for commands; undefined where the folder's path is too long for a socket. */
export function socketPath(dataFolder: string): string | undefined {
  const path = join(dataFolder, 'relais.sock')
  return Buffer.byteLength(path) > longestPath ? undefined : path
}

export interface CommandServer {
  /** Takes no new command and resolves once those under way are through. */
  close(): Promise<void>
}

/**
 * Listens for commands. The socket is in the data folder and open to its owner only; undefined where there can be
 * none, and commands must wait until the server stops.
 */
export async function serveCommands(
  dataFolder: string,
  run: (argv: readonly string[], io: Io) => Promise<number>,
): Promise<CommandServer | undefined> {
  const path = socketPath(dataFolder)
  if (path === undefined) return undefined
  // The lock is ours, so a socket that is there was left by a process that is gone.
  rmSync(path, { force: true })
  const underWay = new Set<Promise<void>>()
  const server = createServer((socket) => {
    const done = converse(socket, run).finally(() => underWay.delete(done))
    underWay.add(done)
  })
  const umask = process.umask(0o077)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
  } finally {
    process.umask(umask)
  }
  return {
    close: async () => {
      server.close()
      await Promise.all(underWay)
    },
  }
}

/** One client, one command. A client that goes away takes nothing with it: the command runs to its end. */
async function converse(socket: Socket, run: (argv: readonly string[], io: Io) => Promise<number>): Promise<void> {
  const tell = (message: FromServer) => void socket.write(`${JSON.stringify(message)}\n`)
  let answer: ((yes: boolean) => void) | undefined
  socket.on('error', () => {})
  // Nobody is left to say yes.
  socket.on('close', () => answer?.(false))
  const asked = await new Promise<Extract<FromClient, { run: unknown }> | undefined>((resolve) => {
    socket.on('close', () => resolve(undefined))
    createInterface({ input: socket })
      .on('error', () => {})
      .on('line', (line) => {
        const message = readMessage<FromClient>(line)
        if (!message) socket.destroy()
        else if ('answer' in message) answer?.(message.answer)
        else resolve(message)
      })
  })
  if (!asked) return
  const exit = await run(asked.run, {
    cwd: asked.cwd,
    columns: asked.columns,
    out: (text) => tell({ out: text }),
    err: (text) => tell({ err: text }),
    confirm: asked.canAsk
      ? (question) => {
          if (socket.destroyed) return Promise.resolve(false)
          tell({ ask: question })
          return new Promise<boolean>((resolve) => {
            answer = resolve
          })
        }
      : undefined,
  })
  tell({ exit })
  socket.end()
}

function readMessage<T extends object>(line: string): T | undefined {
  try {
    const message: unknown = JSON.parse(line)
    return typeof message === 'object' && message !== null ? (message as T) : undefined
  } catch {
    return undefined
  }
}

/** Has a running server carry a command out and returns its exit code; undefined when there is no server. */
export function askServer(dataFolder: string, argv: readonly string[], io: Io): Promise<number | undefined> {
  const path = socketPath(dataFolder)
  if (path === undefined) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    const tell = (message: FromClient) => void socket.write(`${JSON.stringify(message)}\n`)
    let isConnected = false
    let exit: number | undefined
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Once connected, the line is judged by what came over it, when it closes.
      if (isConnected) return
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ENOTSOCK') resolve(undefined)
      else if (error.code === 'EACCES')
        reject(new Failed(`The server of ${dataFolder} belongs to another user: run the command as that user.`))
      else reject(error)
    })
    socket.once('connect', () => {
      isConnected = true
      const lines = createInterface({ input: socket })
      lines.on('error', () => {})
      lines.on('line', (line) => {
        const message = readMessage<FromServer>(line)
        if (!message) return
        if ('out' in message) io.out(message.out)
        else if ('err' in message) io.err(message.err)
        else if ('ask' in message) void io.confirm?.(message.ask).then((answer) => tell({ answer }), reject)
        else exit = message.exit
      })
      socket.once('close', () => {
        lines.close()
        if (exit !== undefined) resolve(exit)
        else
          reject(
            new Failed(
              'The server stopped before it had answered; the command may be half done. Look with: relais status',
            ),
          )
      })
      tell({ run: [...argv], cwd: io.cwd, columns: io.columns, canAsk: io.confirm !== undefined })
    })
  })
}

import { rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Io } from './io.ts'

/** Beside a running server, a command is carried out by it, since SQLite has one writer. One line of JSON per message. */
type FromClient = { run: string[]; cwd: string; columns: number; canAsk: boolean } | { answer: boolean }
type FromServer = { out: string } | { err: string } | { ask: string } | { exit: number }

export const socketPath = (dataFolder: string): string => join(dataFolder, 'relais.sock')

const send = (socket: Socket, message: FromClient | FromServer) => void socket.write(`${JSON.stringify(message)}\n`)

/** Listens for commands. The socket is in the data folder and readable by its owner only. */
export async function serveCommands(
  dataFolder: string,
  run: (argv: readonly string[], io: Io) => Promise<number>,
): Promise<Server> {
  const path = socketPath(dataFolder)
  // The lock is ours, so a socket that is there was left by a process that is gone.
  rmSync(path, { force: true })
  const server = createServer((socket) => {
    // A client that goes away in the middle takes nothing with it: the command runs to its end.
    socket.on('error', () => {})
    let answer: ((yes: boolean) => void) | undefined
    const lines = createInterface({ input: socket }).on('error', () => {})
    lines.on('line', (line) => {
      const message = JSON.parse(line) as FromClient
      if ('answer' in message) return answer?.(message.answer)
      const io: Io = {
        cwd: message.cwd,
        columns: message.columns,
        out: (text) => send(socket, { out: text }),
        err: (text) => send(socket, { err: text }),
        confirm: message.canAsk
          ? (question) => {
              send(socket, { ask: question })
              return new Promise<boolean>((resolve) => {
                answer = resolve
              })
            }
          : undefined,
      }
      void run(message.run, io).then((exit) => {
        send(socket, { exit })
        socket.end()
      })
    })
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
  return server
}

/** Has a running server carry a command out; undefined when there is none. */
export function askServer(dataFolder: string, argv: readonly string[], io: Io): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(socketPath(dataFolder))
    let exit: number | undefined
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined)
      else reject(error)
    })
    socket.once('connect', () => {
      createInterface({ input: socket })
        .on('error', reject)
        .on('line', (line) => {
          const message = JSON.parse(line) as FromServer
          if ('out' in message) io.out(message.out)
          else if ('err' in message) io.err(message.err)
          else if ('ask' in message) void io.confirm?.(message.ask).then((answer) => send(socket, { answer }))
          else exit = message.exit
        })
      send(socket, { run: [...argv], cwd: io.cwd, columns: io.columns, canAsk: io.confirm !== undefined })
    })
    socket.once('close', () => {
      if (exit !== undefined) resolve(exit)
      else if (socket.bytesRead > 0)
        reject(
          new Error(
            'The server stopped before it had answered; the command may be half done. Look with: relais status',
          ),
        )
    })
  })
}

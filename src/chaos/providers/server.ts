import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Call {
  method: string
  url: URL
  headers: Record<string, string>
  body: string
}

export interface LocalServer {
  url: string
  /** Ends at once, also what hangs. */
  close(): Promise<void>
}

/** A real HTTP server on a free loopback port. */
export async function serveLocally(answer: (call: Call, response: ServerResponse) => void): Promise<LocalServer> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    readAll(request).then(
      (body) => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join() : (value ?? ''),
          ]),
        )
        const url = new URL(request.url ?? '/', 'http://127.0.0.1')
        answer({ method: request.method ?? '', url, headers, body }, response)
      },
      () => response.destroy(),
    )
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // What the tests break on purpose is no error of the server.
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        for (const socket of sockets) socket.destroy()
      }),
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** A loopback address where nothing listens: a server was there a moment ago. */
export async function deadUrl(): Promise<string> {
  const server = await serveLocally(() => undefined)
  await server.close()
  return server.url
}

/** A provider's call to us, signed and ready to be posted or handed to an adapter. */
export interface SignedCall {
  url: string
  headers: Record<string, string>
  body: string
}

/** Posts a signed call; `origin` is where we really listen when the public URL is not reachable. */
export function post(call: SignedCall, origin?: string): Promise<Response> {
  const { pathname, search, origin: own } = new URL(call.url)
  return fetch(`${origin ?? own}${pathname}${search}`, { method: 'POST', headers: call.headers, body: call.body })
}

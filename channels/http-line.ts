import type { Dispatcher } from 'undici'

export interface Patience {
  /** Milliseconds until a connection stands, TLS included: past it, nothing was asked. */
  connectMs: number
  /** Milliseconds until the answer begins, and between two pieces of it. */
  answerMs: number
}

export interface HttpCall {
  method: string
  url: string
  headers: Record<string, string>
  body?: string
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

export interface HttpLine {
  /** Rejects when no whole answer came; see `neverLeft` for what that means. */
  ask(call: HttpCall): Promise<HttpAnswer>
  /** Ends what is under way. */
  close(): Promise<void>
}

/** Connections to one provider; more calls than that at a time wait for one of them. */
const CONNECTIONS = 64
/** Node's own servers and many balancers close an idle connection after 5 s: ours is given up before. */
const IDLE = 4_000

/** The connection to the provider could not be made, so that nothing was asked. */
export class NotConnected extends Error {
  override name = 'NotConnected'
  readonly code = 'not_connected'
}

/**
 * Connections kept open to a provider, on undici: a call on an open one costs no handshake, and connecting, waiting
 * and reading each have their limit. Redirects are not followed and nothing is repeated: a provider's POST is not ours
 * to send twice. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are obeyed.
 */
export async function openLine({ connectMs, answerMs }: Patience): Promise<HttpLine> {
  const { Agent, buildConnector, EnvHttpProxyAgent, request } = await import('undici')
  const connector = buildConnector({ timeout: connectMs })
  const limits = {
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: IDLE,
    headersTimeout: answerMs,
    bodyTimeout: answerMs,
    // What fails in here failed before a byte of any request was written, a TLS handshake cut short included.
    connect: (options: Parameters<typeof connector>[0], done: Parameters<typeof connector>[1]) =>
      connector(options, (...[error, socket]) => {
        if (error) done(new NotConnected(error.message || String(error), { cause: error }), null)
        else done(null, socket)
      }),
  }
  const hasProxy = ['http_proxy', 'https_proxy'].some((name) => process.env[name] || process.env[name.toUpperCase()])
  const dispatcher: Dispatcher = hasProxy ? new EnvHttpProxyAgent(limits) : new Agent(limits)
  return {
    ask: async ({ method, url, headers, body }) => {
      const answer = await request(url, {
        dispatcher,
        method: method as Dispatcher.HttpMethod,
        headers,
        body,
        // An answer that trickles would otherwise never end.
        signal: AbortSignal.timeout(connectMs + 2 * answerMs),
      })
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
    },
    close: () => dispatcher.destroy(),
  }
}

/** Why a request certainly never reached its server. */
export interface NeverLeft {
  code: 'unreachable'
  detail: string
}

/** Failures of looking up, opening and agreeing on a connection: no byte of the request was written by then. */
const before = new Set([
  'not_connected',
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Errors carry their origin in `cause`, or their siblings in `errors` (one per address tried). */
function* chain(error: unknown, depth = 0): Generator<{ code?: unknown; syscall?: unknown; message?: unknown }> {
  if (typeof error !== 'object' || error === null || depth > 4) return
  yield error
  if ('cause' in error) yield* chain(error.cause, depth + 1)
  if ('errors' in error && Array.isArray(error.errors)) {
    for (const one of error.errors) yield* chain(one, depth + 1)
  }
}

/**
 * Tells a request that never left from one whose fate is unknown. Only what Node reports of the name lookup, the
 * `connect` call or the TLS certificate counts; a time-out or a reset says nothing about what the server read.
 */
export function neverLeft(error: unknown): NeverLeft | undefined {
  for (const one of chain(error)) {
    const isBefore =
      (typeof one.code === 'string' && before.has(one.code)) ||
      one.syscall === 'connect' ||
      one.syscall === 'getaddrinfo'
    if (isBefore) return { code: 'unreachable', detail: String(one.message ?? one.code) }
  }
  return undefined
}

/**
 * How long a server asks us to wait, in milliseconds: `Retry-After` (RFC 9110 §10.2.3), else `X-RateLimit-Reset`,
 * which SendGrid gives in epoch seconds. A point in time needs the server's own `Date` beside it.
 */
export function retryAfterMs(headers: Record<string, unknown>): number | undefined {
  const header = (name: string) => {
    const key = Object.keys(headers).find((one) => one.toLowerCase() === name)
    return key === undefined ? undefined : String(headers[key])
  }
  const after = header('retry-after')
  if (after !== undefined && /^\d+$/.test(after.trim())) return Number(after) * 1000
  const until = after === undefined ? Number(header('x-ratelimit-reset')) * 1000 : Date.parse(after)
  const wait = until - Date.parse(header('date') ?? '')
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined
}

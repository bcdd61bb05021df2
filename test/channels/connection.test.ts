import { describe, expect, it } from 'vitest'
import { neverLeft, retryAfterMs } from '../../channels/connection.ts'

const errorOf = (fields: object) => Object.assign(new Error('boom'), fields)

describe('whether a request left', () => {
  it.each([
    ['a name that does not resolve', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
    ['a refused connection', { code: 'ECONNREFUSED', syscall: 'connect' }],
    ['a connection that timed out before it stood', { code: 'ETIMEDOUT', syscall: 'connect' }],
    ['a certificate of somebody else', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
    ['a cause within', { code: 'ERR_NETWORK', cause: errorOf({ code: 'ECONNREFUSED' }) }],
    ['one of several addresses tried', { errors: [errorOf({ code: 'ECONNREFUSED', syscall: 'connect' })] }],
  ])('is no for %s', (_name, fields) => {
    expect(neverLeft(errorOf(fields))).toMatchObject({ code: 'unreachable' })
  })

  it.each([
    ['a reset', { code: 'ECONNRESET', syscall: 'read' }],
    ['a time-out while waiting', { code: 'ECONNABORTED' }],
    ['a time-out on an open line', { code: 'ETIMEDOUT', syscall: 'read' }],
    ['half an answer', { code: 'ERR_BAD_RESPONSE' }],
    ['a broken pipe', { code: 'EPIPE', syscall: 'write' }],
  ])('is open for %s', (_name, fields) => {
    expect(neverLeft(errorOf(fields))).toBeUndefined()
  })

  it('does not fall for an error that is its own cause', () => {
    const error: Error & { cause?: unknown } = new Error('round')
    error.cause = error
    expect(neverLeft(error)).toBeUndefined()
  })
})

describe('Retry-After', () => {
  it('is read in seconds or as a date beside the server’s own', () => {
    expect(retryAfterMs({ 'Retry-After': '30' })).toBe(30_000)
    const date = 'Mon, 14 Sep 2026 08:00:00 GMT'
    expect(retryAfterMs({ 'retry-after': 'Mon, 14 Sep 2026 08:01:00 GMT', date })).toBe(60_000)
    expect(retryAfterMs({ 'retry-after': 'soon', date })).toBeUndefined()
    expect(retryAfterMs({ 'x-ratelimit-reset': String(Date.parse(date) / 1000 + 12), date })).toBe(12_000)
    expect(retryAfterMs({ 'x-ratelimit-reset': '1' })).toBeUndefined()
    expect(retryAfterMs({})).toBeUndefined()
  })
})

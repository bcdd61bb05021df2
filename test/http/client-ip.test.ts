import { expect, test } from 'vitest'
import { clientIpHeader } from '../../src/accounts/auth.ts'
import { clientAddress, withClientIp } from '../../src/http/client-ip.ts'

const from = (remoteAddress: string | undefined, forwarded?: string) =>
  clientAddress(new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }), {
    incoming: { socket: { remoteAddress } },
  })

test('a client’s word on where it is from counts for nothing', () => {
  expect(from('203.0.113.7', '198.51.100.1')).toBe('203.0.113.7')
  expect(from('10.0.0.5', '198.51.100.1')).toBe('10.0.0.5')
  expect(from('::ffff:203.0.113.7')).toBe('203.0.113.7')
  expect(from(undefined, '198.51.100.1')).toBeUndefined()
})

test('a proxy on this machine tells whom it saw last, not what it was told', () => {
  for (const proxy of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    expect(from(proxy, '198.51.100.1')).toBe('198.51.100.1')
    expect(from(proxy, '10.9.9.9, 198.51.100.1')).toBe('198.51.100.1')
    expect(from(proxy, '198.51.100.1, unknown')).toBe(proxy.replace('::ffff:', ''))
    expect(from(proxy)).toBe(proxy.replace('::ffff:', ''))
  }
})

test('our own header is ours alone', () => {
  const forged = new Headers({ [clientIpHeader]: '198.51.100.1', 'x-forwarded-for': '198.51.100.1' })
  const headers = withClientIp(forged, { incoming: { socket: { remoteAddress: '203.0.113.7' } } })
  expect([headers.get(clientIpHeader), headers.get('x-forwarded-for')]).toEqual(['203.0.113.7', null])
  expect(withClientIp(forged, undefined).get(clientIpHeader)).toBeNull()
})

import { describe, expect, test } from 'vitest'
import { clientIpHeader } from '../../src/accounts/auth.ts'
import { addressRange } from '../../src/config/address-range.ts'
import { clientAddress, trustedProxies, withClientIp } from '../../src/http/client-ip.ts'

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

describe('with named proxies', () => {
  const trusts = trustedProxies(['10.0.0.0/8', '192.0.2.1', 'fd00::/8'].map((text) => addressRange(text)!))
  const seen = (remoteAddress: string, forwarded?: string) =>
    clientAddress(
      new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
      { incoming: { socket: { remoteAddress } } },
      trusts,
    )

  test('a chain of them is followed back to the first that is not one', () => {
    expect(seen('10.1.2.3', '198.51.100.1')).toBe('198.51.100.1')
    expect(seen('fd00::7', '198.51.100.1, 192.0.2.1, 10.9.9.9')).toBe('198.51.100.1')
    expect(seen('::ffff:10.1.2.3', '2001:db8::5')).toBe('2001:db8::5')
    expect(seen('10.1.2.3')).toBe('10.1.2.3')
    expect(seen('10.1.2.3', '10.4.4.4')).toBe('10.4.4.4')
  })

  test('what a client wrote before it is hearsay', () => {
    expect(seen('10.1.2.3', '10.0.0.1, 203.0.113.9, 198.51.100.1')).toBe('198.51.100.1')
    expect(seen('10.1.2.3', '127.0.0.1, 198.51.100.1, 10.0.0.2')).toBe('198.51.100.1')
    expect(seen('10.1.2.3', '203.0.113.9, <script>')).toBe('10.1.2.3')
    expect(seen('10.1.2.3', '')).toBe('10.1.2.3')
  })

  test('who is not named is not believed, a proxy on this machine included', () => {
    expect(seen('127.0.0.1', '198.51.100.1')).toBe('127.0.0.1')
    expect(seen('192.0.2.2', '198.51.100.1')).toBe('192.0.2.2')
    expect(seen('172.16.0.1', '198.51.100.1')).toBe('172.16.0.1')
  })

  test('an address with its port is the address', () => {
    expect(seen('10.1.2.3', '198.51.100.1:51234')).toBe('198.51.100.1')
    expect(seen('10.1.2.3', '[2001:db8::5]:443')).toBe('2001:db8::5')
  })
})

test('what was worked out once is not worked out again from what a client says', () => {
  const known = { incoming: { socket: { remoteAddress: '127.0.0.1' } }, client: { address: '203.0.113.7' } }
  const headers = withClientIp(new Headers({ 'x-forwarded-for': '198.51.100.1' }), known)
  expect(headers.get(clientIpHeader)).toBe('203.0.113.7')
})

test('our own header is ours alone', () => {
  const forged = new Headers({ [clientIpHeader]: '198.51.100.1', 'x-forwarded-for': '198.51.100.1' })
  const headers = withClientIp(forged, { incoming: { socket: { remoteAddress: '203.0.113.7' } } })
  expect([headers.get(clientIpHeader), headers.get('x-forwarded-for')]).toEqual(['203.0.113.7', null])
  expect(withClientIp(forged, undefined).get(clientIpHeader)).toBeNull()
})

import { expect, test } from 'vitest'
import { placeOf } from '../../src/accounts/attempts.ts'
import { emailOf } from '../../src/accounts/email-address.ts'
import { ownPath } from '../../src/http/wanted.ts'

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::ffff', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [undefined, 'unknown'],
])('%s counts as %s', (address, place) => {
  expect(placeOf(address)).toBe(place)
})

test.each([
  [' Marie@Example.ORG ', 'marie@example.org'],
  ['a.b+c@sub.example.fr', 'a.b+c@sub.example.fr'],
  ['marie@localhost', undefined],
  ['marie', undefined],
  ['marie@example.org, eve@example.org', undefined],
  ['marie <eve@example.org>', undefined],
  ['a@b@example.org', undefined],
  [`${'a'.repeat(250)}@b.fr`, undefined],
  ['', undefined],
])('“%s” is the address %s', (typed, email) => {
  expect(emailOf(typed)).toBe(email)
})

test.each([
  ['/console/outbox?channel=sms', '/console/outbox?channel=sms'],
  ['/', '/'],
  ['//evil.example/x', undefined],
  ['/\\evil.example', undefined],
  ['/\t/evil.example', undefined],
  ['https://evil.example/', undefined],
  ['javascript:alert(1)', undefined],
  ['console', undefined],
  [undefined, undefined],
])('after signing in, %s leads to %s', (asked, path) => {
  expect(ownPath(asked)).toBe(path)
})

import { expect, test } from 'vitest'
import { domainOf, missingProofs, type TextLookup } from '../../src/campaign/checklist/domain.ts'

const names =
  (zone: Record<string, string[]>): TextLookup =>
  async (name) =>
    zone[name] ?? []

test('a domain that publishes all three lacks nothing, its policy may be its parent’s', async () => {
  const zone = names({
    'news.reseau.example': ['google-site-verification=x', 'v=spf1 include:sendgrid.net -all'],
    's1._domainkey.news.reseau.example': ['k=rsa; t=s; p=MIGfMA0'],
    '_dmarc.reseau.example': ['v=DMARC1; p=none'],
  })
  expect(await missingProofs(zone, 'news.reseau.example')).toEqual([])
})

test('what is missing is named; a key that was revoked, and a text that only looks like a policy, are none', async () => {
  const zone = names({
    'reseau.example': ['v=spf10 include:x'],
    's1._domainkey.reseau.example': ['v=DKIM1; p='],
    '_dmarc.reseau.example': ['spf1'],
  })
  expect(await missingProofs(zone, 'reseau.example')).toEqual(['SPF', 'DKIM', 'DMARC'])
})

test('the domain of a mailbox is what follows its at sign', () => {
  expect(domainOf('Réseau <lettre@News.Reseau.example>')).toBe('news.reseau.example')
  expect(domainOf('RELAIS')).toBeUndefined()
  expect(domainOf(null)).toBeUndefined()
})

import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditEntries, memberships, policyCases, policyDrafts, users } from '../../src/db/schema.ts'
import { currentPolicy } from '../../src/outbox/step.ts'
import { casesOf } from '../../src/policy/cases.ts'
import { policyVersions } from '../../src/policy/versions.ts'
import { reasonCodes } from '../../src/routing/codes.ts'
import { defaultCases } from '../../src/routing/default-cases.ts'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { type Live, live } from '../deliver/live.ts'
import { type Browser, openSite, type Site } from './client.ts'

let l: Live
let site: Site
let owner: Browser

beforeEach(async () => {
  l = await live()
  site = openSite(l.context.db, undefined, { context: l.context, wall: l.clock, channels: l.context.channels })
  site.clock.at = l.clock.now()
  owner = site.browser()
  await owner.signIn()
})
afterEach(async () => {
  expect(site.errors).toEqual([])
  await l.close()
})

const at = (path: string, language = 'en') => `/console/policy${path}?network=reseau&lang=${language}`
const page = async (path: string, language = 'en', browser = owner) => {
  const answer = await browser.get(at(path, language))
  return { status: answer.status, text: await answer.text() }
}
const post = async (path: string, form: Record<string, string> = {}, browser = owner) => {
  const answer = await browser.post(at(path), form)
  const to = answer.headers.get('location')
  return {
    status: answer.status,
    done: to === null ? undefined : new URL(to, 'http://x').searchParams.get('done'),
    to,
    text: await answer.text(),
  }
}
const current = () => currentPolicy(l.context.db, l.network.id)
const ids = async () => (await current()).rules.map(({ id }) => id)

/** The form of the shipped rule `field`, as a browser sends it. */
const fieldForm = { place: '6', profile: 'field', 'channel-1': 'sms', 'channel-2': 'email', learns: 'on', unit: 'days' }

describe('the table', () => {
  test('shows every rule in order with its channels and what follows, in French and in English', async () => {
    const { status, text } = await page('')
    expect(status).toBe(200)
    const places = defaultPolicy.rules.map(({ id }, index) => text.indexOf(`${index + 1}. ${id}`))
    expect(places.every((place, index) => place > (places[index - 1] ?? 0))).toBe(true)
    expect(text).toContain('Urgent: next channel every 15 min without acknowledgement')
    expect((await page('', 'fr')).text).toContain(
      'Urgent\u00a0: canal suivant toutes les 15 min sans accusé de lecture',
    )
  })

  test('is changed in a draft: nothing is in force until it is saved, and then as a version of its author', async () => {
    expect((await post('/rules/field/move', { direction: 'up' })).done).toBe('kept')
    expect(
      (await post('/rules/field', { ...fieldForm, place: '5', 'channel-1': 'email', 'channel-2': 'sms' })).done,
    ).toBe('kept')
    expect((await page('')).text).toContain('not in force yet')
    expect(await current()).toEqual(defaultPolicy)
    const review = await page('/review')
    expect(review.text).toContain('Changed: channels')
    expect(review.text).toContain('Moved from place')
    expect(review.text).toMatch(/\d+ test cases of 31 fail/)
    expect(review.text).toContain('Would change channel')
    expect(review.text).toContain('active people were looked at')
    const refused = await post('/save', { against: '1', note: 'E-mail avant SMS' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('tick the box to save all the same')
    expect((await post('/save', { against: '1', note: 'E-mail avant SMS', confirm: 'on' })).done).toBe('saved')
    expect(await ids()).toEqual([
      'immediate',
      'urgent-service',
      'relationship',
      'counter-display',
      'field',
      'high-counter',
      'reference',
      'desk',
    ])
    const [newest] = await policyVersions(l.context.db, l.network.id)
    const [author] = await l.context.db.select().from(users)
    expect(newest).toMatchObject({ version: 2, note: 'E-mail avant SMS', createdBy: author!.id })
    expect(await l.context.db.$count(policyDrafts)).toBe(0)
    const entries = await l.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'policy.change'))
    expect(entries).toMatchObject([{ subject: 'version 2', actor: author!.id }])
  })

  test('takes a new rule, says what is wrong with one at its field, and names one that is never reached', async () => {
    const wrong = await post('/new-rule', {
      id: 'À tous',
      place: '1',
      'channel-2': 'sms',
      'channel-3': 'sms',
      waterfall: '0',
      fallback: 'acted',
      after: '200',
      unit: 'days',
    })
    expect(wrong.status).toBe(422)
    for (const name of ['id', 'channel-3', 'waterfall', 'after']) expect(wrong.text).toContain(`id="${name}-error"`)
    expect((await post('/new-rule', { id: 'field', place: '1', 'channel-1': 'sms' })).text).toContain(
      'Another rule has this name',
    )
    const good = {
      id: 'gold',
      place: '8',
      urgency: 'low',
      tier: 'gold, silver',
      'channel-1': 'print',
      'channel-2': 'email',
    }
    expect((await post('/new-rule', { ...good, fallback: 'acted', after: '2', unit: 'days' })).done).toBe('kept')
    expect((await post('/new-rule', { id: 'again', place: '8', profile: 'field', 'channel-1': 'sms' })).done).toBe(
      'kept',
    )
    const { text } = await page('')
    expect(text).toContain('No action within 2 days: next channel, once')
    expect(text).toContain('Never reached')
    expect(text).toContain('The rules before it take all of its cases: field.')
    expect((await post('/rules/again/remove')).done).toBe('kept')
    await post('/save', { against: '1', confirm: 'on' })
    expect((await current()).rules.at(-2)).toEqual({
      id: 'gold',
      when: { urgency: ['low'], tier: ['gold', 'silver'] },
      channels: ['print', 'email'],
      fallback: { ifNot: 'acted', afterMinutes: 2_880 },
      learns: false,
    })
  })

  test('keeps its last rule for everybody, wherever one tries to put it', async () => {
    await post('/rules/desk/move', { direction: 'up' })
    await post('/rules/desk/remove')
    await post('/rules/reference/move', { direction: 'down' })
    await post('/rules/desk', { urgency: 'low', place: '1', 'channel-1': 'email' })
    await post('/save', { against: '1', confirm: 'on' })
    expect((await ids()).at(-1)).toBe('desk')
    expect((await current()).rules.at(-1)).toMatchObject({ when: {}, channels: ['email'] })
    expect((await page('/rules/nobody')).status).toBe(404)
  })

  test('saved by somebody else in between is looked at again first', async () => {
    await post('/companions')
    expect((await post('/save', { against: '7', confirm: 'on' })).status).toBe(409)
    expect((await post('/save', { against: '1', confirm: 'on' })).done).toBe('saved')
    expect((await current()).companions).toEqual({ intranet: false })
    expect((await post('/save', { against: '2' })).to).toContain('/console/policy?')
  })

  test('of an earlier version is made current again as a new one', async () => {
    await post('/rules/field/remove')
    await post('/save', { against: '1', confirm: 'on' })
    expect(await ids()).not.toContain('field')
    expect((await page('/versions/1')).text).toContain('Put these rules in force again')
    const { to } = await post('/versions/1/restore')
    expect(to).toContain('from=1')
    expect((await page('/review')).text).toContain('All 31 test cases give what is expected')
    expect((await post('/save', { against: '2', restoredFrom: '1' })).done).toBe('saved')
    expect(await current()).toMatchObject({ version: 3, rules: defaultPolicy.rules })
    const list = (await page('/versions')).text
    expect(list).toContain('Takes up the rules of version 1')
    expect(list).toContain('Version 3')
    expect((await page('/versions/9')).status).toBe(404)
    expect((await page('/versions/one')).status).toBe(404)
  })

  test('discards a draft, and goes back to the shipped rules by one', async () => {
    await post('/rules/field/remove')
    expect((await post('/discard')).done).toBe('discarded')
    expect((await page('')).text).not.toContain('not in force yet')
    await post('/rules/field/remove')
    await post('/shipped')
    expect((await page('/review')).text).toContain('Nothing changes')
  })

  test('is read only for whoever may not change it', async () => {
    const now = l.clock.now()
    const email = 'auditor@example.org'
    await l.context.db.insert(users).values({ id: 'aud', name: 'Auditor', email, createdAt: now, updatedAt: now })
    const membership = { networkId: l.network.id, userId: 'aud', role: 'auditor' as const, scope: {}, createdAt: now }
    await l.context.db.insert(memberships).values(membership)
    const auditor = site.browser()
    await auditor.post(await site.link(email))
    for (const path of ['', '/cases', '/versions']) {
      const { status, text } = await page(path, 'en', auditor)
      expect([path, status]).toEqual([path, 200])
      expect(text).toContain('You can look at these rules')
      expect(text).not.toContain('action="/console/policy')
    }
    expect((await post('/rules/field/remove', {}, auditor)).status).toBe(403)
    expect((await post('/save', { against: '1' }, auditor)).status).toBe(403)
  })
})

describe('test cases', () => {
  const form = {
    name: 'Chantier, la nuit',
    class: 'marketing',
    urgency: 'normal',
    intent: 'follow-up',
    onQuiet: 'defer',
    profile: 'field',
    language: 'fr',
    country: 'BE',
    reachableBy: 'mobile',
    'consent-sms': 'granted',
    at: '2027-01-13T23:00',
    outcome: 'defer',
    channel: 'sms',
    rule: 'field',
    reason: 'deferred',
  }

  test('are shown with what they come to, and can be added, changed, removed and put back', async () => {
    expect((await page('/cases')).text.match(/As expected/g)).toHaveLength(defaultCases.length)
    expect((await post('/new-case', form)).done).toBe('caseSaved')
    const { cases, isOwn } = await casesOf(l.context.db, l.network.id)
    expect(isOwn).toBe(true)
    expect(cases.at(-1)!.case).toMatchObject({
      name: { fr: 'Chantier, la nuit', en: 'Chantier, la nuit' },
      contact: { country: 'BE', timezone: 'Europe/Brussels', consents: { sms: 'granted' } },
      expected: { outcome: 'defer', channel: 'sms', rule: 'field', reason: 'deferred' },
    })
    const { id } = cases.at(-1)!
    expect((await page('/cases')).text.match(/As expected/g)).toHaveLength(defaultCases.length + 1)
    expect((await post(`/cases/${id}`, { ...form, channel: 'email' })).done).toBe('caseSaved')
    const failing = (await page('/cases')).text
    expect(failing).toContain('Fails')
    expect(failing).toContain('How it came about')
    expect((await post(`/cases/${id}/remove`)).done).toBe('caseRemoved')
    expect((await post('/cases-restore')).done).toBe('casesRestored')
    expect(await l.context.db.$count(policyCases)).toBe(0)
  })

  test('that cannot be are told at their fields', async () => {
    const wrong = await post('/new-case', {
      ...form,
      name: '',
      at: 'tomorrow',
      country: 'XX',
      outcome: 'none',
      rule: 'no-rule',
    })
    expect(wrong.status).toBe(422)
    for (const name of ['name', 'at', 'country', 'channel', 'rule']) expect(wrong.text).toContain(`id="${name}-error"`)
  })

  test('can expect every reason there is, each in words', async () => {
    for (const language of ['fr', 'en']) {
      const { status, text } = await page('/new-case', language)
      expect(status).toBe(200)
      for (const code of reasonCodes) {
        expect(text).toContain(`value="${code}"`)
        expect(text).not.toMatch(new RegExp(`value="${code}"[^>]*>(${code}|[^<]*(undefined|NaN|Invalid)|\\s*)<`))
      }
    }
  })
})

import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import {
  auditEntries,
  inboundEvents,
  memberships,
  networks,
  policies,
  secrets,
  senders,
  users,
} from '../../src/db/schema.ts'
import { examineRetention } from '../../src/doctor/retention.ts'
import { enqueue } from '../../src/job/enqueue.ts'
import { runJobs } from '../../src/job/run.ts'
import { createNetwork } from '../../src/network/networks.ts'
import { setUpNetwork } from '../../src/network/setup.ts'
import { currentPolicy } from '../../src/outbox/step.ts'
import { retentionJobId } from '../../src/retention/ask.ts'
import { ownTerms } from '../../src/retention/terms.ts'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { type Live, live } from '../deliver/live.ts'
import { type FakeTwilio, startTwilio } from '../providers/twilio.ts'
import { type Browser, openSite, type Site } from './client.ts'

const ownSid = `AC${'1'.repeat(32)}`
const ownToken = 'swordfish-token-of-the-network'

let l: Live
let own: FakeTwilio
let site: Site
let owner: Browser

beforeEach(async () => {
  own = await startTwilio({ accountSid: ownSid, authToken: ownToken })
  l = await live({ config: { providerUrls: { twilio: own.url } } })
  site = openSite(l.context.db, undefined, { context: l.context, wall: l.clock, channels: l.context.channels })
  site.clock.at = l.clock.now()
  owner = site.browser()
  await owner.signIn()
})
afterEach(async () => {
  expect(site.errors).toEqual([])
  await l.close()
  await own.close()
})

const at = (path: string) => `/console/settings${path}${path.includes('?') ? '&' : '?'}network=reseau&lang=en`
const page = async (path: string, browser = owner) => {
  const answer = await browser.get(at(path))
  return { status: answer.status, text: await answer.text() }
}
/** Posts a form; the answer is where it leads, or the page that says what is wrong. */
const post = async (path: string, form: Record<string, string> = {}) => {
  const answer = await owner.post(at(path), form)
  const to = answer.headers.get('location')
  const done = to === null ? undefined : new URL(to, 'http://x').searchParams
  return { status: answer.status, done, text: await answer.text() }
}
const settings = async () => {
  const [network] = await l.context.db.select().from(networks).where(eq(networks.id, l.network.id))
  return network!
}
const twilioForm = { accountSid: ownSid, authToken: ownToken, from: '38500' }
const origin = { source: 'Contrat cadre 2027', reason: '', checkedOn: '2027-01-04' }

describe('the account of a provider', () => {
  test('is checked, saved and shown by its hints; its secret is on no page, nor in the audit trail', async () => {
    const saved = await post('/accounts/twilio', twilioForm)
    expect([saved.status, saved.done?.get('done')]).toEqual([303, 'accountSaved'])
    expect(own.requests).toEqual([])
    const list = await page('/senders')
    expect(list.text).toContain('Maison Vauquelin')
    expect(list.text).toContain(`/webhooks/twilio/inbound/${l.network.id}`)
    const pages = [list, await page('/accounts/twilio'), await page('/accounts/twilio/remove'), await page('')]
    for (const { status, text } of pages) {
      expect(status).toBe(200)
      expect(text).not.toContain(ownToken)
      expect(text).not.toContain('swordfish')
    }
    expect(JSON.stringify(await l.context.db.select().from(auditEntries))).not.toContain('swordfish')
  })

  test('that its provider refuses is not stored, and what was typed stays, without the secret', async () => {
    const refused = await post('/accounts/twilio', { ...twilioForm, authToken: 'swordfish-but-wrong' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('The provider refuses these credentials')
    expect(refused.text).toContain(ownSid)
    expect(refused.text).not.toContain('swordfish')
    expect(await l.context.db.$count(secrets)).toBe(0)
  })

  test('that is malformed is told at its field, before anybody is asked', async () => {
    const refused = await post('/accounts/twilio', { ...twilioForm, accountSid: 'SK1', from: '' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('an SK… is an API key')
    expect(refused.text).toContain('Give a sender, or a messaging service')
    expect(refused.text).toContain('id="accountSid-error"')
  })

  test('keeps its secret when the field is left empty, and never sends it to another account', async () => {
    await post('/accounts/twilio', twilioForm)
    const changed = await post('/accounts/twilio', { ...twilioForm, authToken: '', from: '38501' })
    expect(changed.done?.get('done')).toBe('accountSaved')
    const [sender] = await l.context.db.select().from(senders).where(eq(senders.channel, 'sms'))
    expect(sender).toMatchObject({ address: '38501' })
    const other = await post('/accounts/twilio', { accountSid: `AC${'9'.repeat(32)}`, authToken: '', from: '38501' })
    expect(other.status).toBe(422)
    expect(other.text).toContain('id="authToken-error"')
  })

  test('that does not answer is saved with a warning, and can be checked again', async () => {
    await own.close()
    const saved = await post('/accounts/twilio', twilioForm)
    expect(saved.done?.get('done')).toBe('accountUnchecked')
    const checked = await post('/accounts/twilio/check')
    expect(checked.done?.get('failed')).toBe('unreachable')
    expect((await page('/senders?failed=unreachable')).text).toContain('The provider does not answer')
    own = await startTwilio()
  })

  test('that can be opened no more says which one, and what to do', async () => {
    await post('/accounts/twilio', twilioForm)
    await l.context.db.update(secrets).set({ keyId: 'another' })
    const { text } = await page('/senders')
    expect(text).toContain('The Twilio credentials cannot be opened')
    expect(text).toContain('relais secrets rotate')
    expect((await post('/accounts/twilio/check')).done?.get('failed')).toBe('unreadable')
  })

  test('takes as much in a second as its contract says, and what is no rate is told at its field', async () => {
    await post('/accounts/twilio', twilioForm)
    expect((await page('/senders')).text).toContain('id="rate-sms"')
    const set = await post('/account-rate/sms', { 'rate-sms': '12,5' })
    expect(set.done?.get('done')).toBe('saved')
    expect((await settings()).settings.accountRates).toEqual({ sms: 12.5 })
    expect((await page('/senders')).text).toContain('value="12.5"')
    const refused = await post('/account-rate/sms', { 'rate-sms': 'many' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('id="rate-sms-error"')
    expect(refused.text).toContain('value="many"')
    expect((await post('/account-rate/sms', { 'rate-sms': '' })).done?.get('done')).toBe('saved')
    expect((await settings()).settings.accountRates).toEqual({})
    const entries = await l.context.db.select().from(auditEntries).where(eq(auditEntries.subject, 'accountRate'))
    expect(entries.map(({ data }) => data.after)).toEqual([12.5, null])
  })

  test('whose sender is refused says since when, and a person may have it tried again', async () => {
    const [sender] = await l.context.db.select().from(senders).where(eq(senders.channel, 'sms'))
    await l.context.db
      .update(senders)
      .set({ refusedAt: l.clock.now(), refusedFor: 'sender_misconfigured' })
      .where(eq(senders.id, sender!.id))
    expect((await page('/senders')).text).toContain(`/settings/senders/${sender!.id}/resume`)
    expect((await post(`/senders/${sender!.id}/resume`)).done?.get('done')).toBe('tryNow')
    const { text } = await page('/senders')
    expect(text).not.toContain('/resume')
  })

  test('is forgotten only after a question', async () => {
    await post('/accounts/twilio', twilioForm)
    expect((await page('/accounts/twilio/remove')).text).toContain('Forget the Twilio account?')
    expect(await l.context.db.$count(secrets)).toBe(1)
    expect((await post('/accounts/twilio/remove')).done?.get('done')).toBe('accountRemoved')
    expect(await l.context.db.$count(secrets)).toBe(0)
    expect((await post('/accounts/twilio/remove')).status).toBe(404)
  })
})

describe('in a sandbox network', () => {
  beforeEach(async () => {
    const network = await l.context.db.transaction((tx) =>
      createNetwork(
        tx,
        { name: 'essai', title: 'Essai', mode: 'sandbox', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
        l.clock.now(),
      ),
    )
    await setUpNetwork(l.context, network)
  })

  test('no account is offered, and a form that is posted anyway finds nothing', async () => {
    const list = await (await owner.get('/console/settings/senders?network=essai&lang=en')).text()
    expect(list).toContain('It takes no credentials')
    expect(list).not.toContain('/accounts/twilio')
    const form = await owner.get('/console/settings/accounts/twilio?network=essai&lang=en')
    expect(await form.text()).not.toContain('name="authToken"')
    const saved = await owner.post('/console/settings/accounts/twilio?network=essai', twilioForm)
    expect(saved.status).toBe(404)
    expect(await l.context.db.$count(secrets)).toBe(0)
  })
})

describe('hours', () => {
  test('are shown with their source and date, set with the network’s own, and put back', async () => {
    const before = await page('/hours')
    expect(before.text).toContain('AF2M Business Messaging charter')
    expect(before.text).toContain('20 Nov 2026')
    const form = { 'soft-1': '9h-12h, 14:00-17:30', 'soft-2': '09:00-17:00', holidaysClosed: 'on', ...origin }
    expect((await post('/hours/country-FR', form)).done?.get('done')).toBe('saved')
    const policy = await currentPolicy(l.context.db, l.network.id)
    expect(policy.values.quietHours.value.FR).toEqual({
      soft: {
        '1': [
          [540, 720],
          [840, 1050],
        ],
        '2': [[540, 1020]],
      },
      hard: null,
      holidaysClosed: true,
    })
    const after = await page('/hours')
    expect(after.text).toContain('set by the network')
    expect(after.text).toContain('Contrat cadre 2027')
    expect((await post('/hours/country-FR/restore')).done?.get('done')).toBe('restored')
    const restored = await currentPolicy(l.context.db, l.network.id)
    expect(restored.values.quietHours).toEqual(defaultPolicy.values.quietHours)
    const entries = await l.context.db.select().from(auditEntries).where(eq(auditEntries.subject, 'hours.country-FR'))
    expect(entries.map(({ data }) => data)).toEqual([
      expect.objectContaining({ after: 'soft 1-1 09:00-12:00, 14:00-17:30; 2-2 09:00-17:00 | hard - | holidays true' }),
      expect.objectContaining({ isDefault: true }),
    ])
  })

  test('that cannot be read are told at their day, and kept as typed', async () => {
    const refused = await post('/hours/country-FR', {
      'soft-1': '18:00-08:00',
      'soft-2': 'toujours',
      ...origin,
      source: '',
    })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('id="soft-1-error"')
    expect(refused.text).toContain('value="toujours"')
    expect(refused.text).toContain('Say where this figure comes from')
    expect(await l.context.db.$count(policies)).toBe(0)
  })

  test('that are closed all week would hold messages for ever, so they are refused', async () => {
    expect((await post('/hours/night', { ...origin })).text).toContain('nothing would ever leave')
  })

  test('of an address that names no window do not exist', async () => {
    for (const path of ['/hours/country-XXX', '/hours/email-nobody', '/hours/noon'])
      expect((await page(path)).status).toBe(404)
  })

  test('come with the public holidays of the sites’ regions for twelve months', async () => {
    const { text } = await page('/hours')
    for (const day of ['Mon, 29 March 2027', 'Sat, 1 May 2027', 'Sat, 1 January 2028']) expect(text).toContain(day)
    expect(text).not.toContain('1 May 2028')
    const french = await (await owner.get('/console/settings/hours?network=reseau&lang=fr')).text()
    expect(french).toContain('Lundi de Pâques')
  })

  test('closing days are added, shown and removed; impossible ones are refused at their field', async () => {
    const closure = { label: 'Fermeture d’été', from: '2027-08-02', to: '2027-08-20', region: '' }
    expect((await post('/closures', closure)).done?.get('done')).toBe('added')
    expect((await page('/hours')).text).toContain('Fermeture d’été')
    const wrong = await post('/closures', { ...closure, to: '2027-07-01', region: 'Lune' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('It ends before it begins')
    expect(wrong.text).toContain('Choose a region of the list')
    expect((await post('/closures', { ...closure, to: '2027-12-01' })).text).toContain('62 days at most')
    const { id } = (await settings()).settings.closures![0]!
    expect((await post(`/closures/${id}/remove`)).done?.get('done')).toBe('removed')
    expect((await post(`/closures/${id}/remove`)).status).toBe(404)
  })
})

describe('tracking by country', () => {
  const mode = async (country: string) =>
    (await currentPolicy(l.context.db, l.network.id)).values.tracking.value[country]

  test('is shown with its source and date, tightened freely and loosened only when confirmed', async () => {
    const before = await page('/tracking')
    expect(before.text).toContain('CNIL délibération 2026-042')
    expect(before.text).toContain('20 Nov 2026')
    expect((await post('/tracking/FR', { mode: 'none', ...origin })).done?.get('done')).toBe('saved')
    expect([await mode('FR'), await mode('DE')]).toEqual(['none', 'aggregate'])
    const refused = await post('/tracking/FR', { mode: 'individual', ...origin })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('id="confirm-error"')
    expect(await mode('FR')).toBe('none')
    await post('/tracking/FR', { mode: 'individual', confirm: 'on', ...origin })
    expect(await mode('FR')).toBe('individual')
    const entries = await l.context.db.select().from(auditEntries).where(eq(auditEntries.subject, 'tracking.FR'))
    expect(entries.map(({ data }) => data)).toEqual([
      expect.objectContaining({ before: 'aggregate', after: 'none' }),
      expect.objectContaining({ before: 'none', after: 'individual', confirmed: true }),
    ])
    expect((await post('/tracking/FR/restore')).done?.get('done')).toBe('restored')
    expect((await currentPolicy(l.context.db, l.network.id)).values.tracking).toEqual(defaultPolicy.values.tracking)
  })

  test('takes a country of its own, and refuses one that is none', async () => {
    const asked = await owner.post(at('/tracking'), { country: 'Espagne' })
    expect(asked.headers.get('location')).toContain('/tracking/ES')
    await post('/tracking/ES', { mode: 'none', ...origin })
    expect((await page('/tracking')).text).toContain('Spain')
    expect(await mode('ES')).toBe('none')
    expect((await post('/tracking', { country: 'Atlantis' })).status).toBe(422)
    expect((await page('/tracking/XX')).status).toBe(404)
    const wrong = await post('/tracking/ES', { mode: 'spy', ...origin, source: '' })
    expect(wrong.text).toContain('id="mode-error"')
    expect(wrong.text).toContain('Say where this figure comes from')
  })
})

describe('caps, budget and prices', () => {
  test('caps are set with their source and put back', async () => {
    const fields = Object.fromEntries(
      defaultPolicy.values.caps.value.map(({ max }, index) => [`max-${index}`, `${max + 1}`]),
    )
    expect((await post('/caps', { ...fields, ...origin })).done?.get('done')).toBe('saved')
    const caps = (await currentPolicy(l.context.db, l.network.id)).values.caps
    expect(caps.value.map(({ max }) => max)).toEqual(defaultPolicy.values.caps.value.map(({ max }) => max + 1))
    expect(caps).toMatchObject({ source: 'Contrat cadre 2027', status: 'set by the network' })
    const wrong = await post('/caps', { ...fields, 'max-0': '-1', ...origin, checkedOn: '2030-01-01' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('id="max-0-error"')
    expect(wrong.text).toContain('This date is yet to come')
    await post('/caps/restore')
    expect((await currentPolicy(l.context.db, l.network.id)).values.caps).toEqual(defaultPolicy.values.caps)
  })

  test('a budget is an amount as people write it, and can be taken away', async () => {
    expect((await post('/budget', { amount: 'beaucoup' })).status).toBe(422)
    await post('/budget', { amount: '250,50' })
    expect((await settings()).settings.dailyBudget).toEqual({ millis: 25_050_000 })
    expect((await page('/caps')).text).toContain('€250.50')
    await post('/budget/restore')
    expect((await settings()).settings.dailyBudget).toBeUndefined()
  })

  test('a price of a country is added by its name, and shown with unit, source and date', async () => {
    const asked = await owner.post(at('/costs'), { country: 'Espagne' })
    expect(asked.headers.get('location')).toContain('/costs/sms-ES')
    expect((await page('/costs/sms-ES')).text).toContain('SMS, Spain')
    expect((await post('/costs/sms-ES', { amount: '0,071', ...origin })).done?.get('done')).toBe('saved')
    const { values } = await currentPolicy(l.context.db, l.network.id)
    expect(values.smsCosts?.value).toEqual({ ...defaultPolicy.values.smsCosts?.value, ES: 7_100 })
    const { text } = await page('/costs')
    expect(text).toContain('€0.071')
    expect(text).toContain('per SMS part')
    expect((await owner.post(at('/costs'), { country: 'Atlantide' })).status).toBe(422)
    await post('/costs/sms-ES/restore')
    expect((await currentPolicy(l.context.db, l.network.id)).values).toEqual(defaultPolicy.values)
    const entries = await l.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'cost.change'))
    expect(entries.map(({ data }) => data)).toMatchObject([
      { before: 6_500, after: 7_100, source: 'Contrat cadre 2027' },
      { before: 7_100, after: null, isDefault: true },
    ])
  })

  test('what has no price has no page', async () => {
    for (const item of ['intranet', 'sms-', 'sms-france']) expect((await page(`/costs/${item}`)).status).toBe(404)
  })
})

describe('the network', () => {
  test('is renamed, and what is wrong is told at its field', async () => {
    const form = {
      title: 'Réseau du Rhône',
      language: 'fr',
      timezone: 'Europe/Paris',
      stopNumber: '38 111',
      contentMonths: '',
    }
    expect((await post('', form)).done?.get('done')).toBe('saved')
    expect(await settings()).toMatchObject({ title: 'Réseau du Rhône', settings: { stopNumber: '38111' } })
    const wrong = await post('', {
      ...form,
      title: '',
      timezone: 'Mars/Olympus',
      stopNumber: 'STOP',
      contentMonths: '1.5',
    })
    expect(wrong.status).toBe(422)
    for (const field of ['title', 'timezone', 'stopNumber', 'contentMonths'])
      expect(wrong.text).toContain(`id="${field}-error"`)
    expect(wrong.text).toContain('value="STOP"')
  })

  test('another is created whole, sandbox or live for ever, and owned by who created it', async () => {
    const form = {
      title: 'Grand Nord',
      name: 'grand-nord',
      country: 'Belgique',
      language: 'fr',
      timezone: 'Europe/Brussels',
    }
    expect((await post('/networks', { ...form, mode: '' })).text).toContain('Choose: sandbox or live')
    const created = await post('/networks', { ...form, mode: 'sandbox' })
    expect(created.done?.get('network')).toBe('grand-nord')
    const [network] = await l.context.db.select().from(networks).where(eq(networks.name, 'grand-nord'))
    expect(network).toMatchObject({ mode: 'sandbox', country: 'BE' })
    expect(await l.context.db.$count(senders, eq(senders.networkId, network!.id))).toBeGreaterThan(3)
    expect((await owner.get('/console/settings?network=grand-nord')).status).toBe(200)
    const again = await post('/networks', { ...form, mode: 'live' })
    expect(again.status).toBe(422)
    expect(again.text).toContain('This name is taken')
  })
})

test('whoever may only look sees the values, and neither forms nor buttons', async () => {
  const id = newId()
  const now = l.clock.now()
  const email = 'auditor@example.org'
  await l.context.db.insert(users).values({ id, name: 'Auditor', email, createdAt: now, updatedAt: now })
  const membership = { networkId: l.network.id, userId: id, role: 'auditor' as const, scope: {}, createdAt: now }
  await l.context.db.insert(memberships).values(membership)
  const auditor = site.browser()
  await auditor.post(await site.link(email))
  for (const path of ['', '/senders', '/hours', '/caps', '/costs']) {
    const { status, text } = await page(path, auditor)
    expect(status, path).toBe(200)
    expect(text, path).toContain('You can look at these settings')
    expect(text, path).not.toMatch(/<form[^>]*action="\/console\/settings/)
  }
  expect((await auditor.post(at('/budget'), { amount: '1' })).status).toBe(403)
})

describe('how long things are kept', () => {
  test('is shown with its source, and a network’s own term takes its place, in the trail', async () => {
    const shown = (await page('/retention')).text
    expect(shown).toContain('deliberation 2020-091')
    expect(shown).toContain('No run yet.')
    expect((await page('/retention/inbound')).text).toContain('Term, in days')
    expect((await page('/retention/nothing')).status).toBe(404)
    const saved = await post('/retention/inbound', { value: '14', ...origin })
    expect([saved.status, saved.done?.get('done')]).toEqual([303, 'saved'])
    const network = await settings()
    expect(ownTerms(network.settings).inbound).toMatchObject({ value: 14, source: origin.source })
    expect((await page('/retention')).text).toContain('14 days')
    const [entry] = await l.context.db.select().from(auditEntries).where(eq(auditEntries.subject, 'retention.inbound'))
    expect(entry!.data).toMatchObject({ before: '30 day', after: '14 day', source: origin.source })
    await post('/retention/inbound/restore')
    expect(ownTerms((await settings()).settings)).toEqual({})
  })

  test('has a line for silence, whose term the list of silent people goes by', async () => {
    expect((await page('/retention')).text).toContain('People not heard of for 36 months')
    expect((await page('/retention/silence')).text).toContain('Term, in months')
    const saved = await post('/retention/silence', { value: '24', ...origin })
    expect([saved.status, saved.done?.get('done')]).toEqual([303, 'saved'])
    const { text } = await page('/retention/silent')
    expect(text).toContain('Not heard of for 24 months')
    expect(text).toContain(origin.source)
    await post('/retention/silence/restore')
    expect((await page('/retention/silent')).text).toContain('Not heard of for 36 months')
  })

  test('is not set without a number, a source and a date', async () => {
    for (const form of [{ ...origin, value: '0' }, { ...origin, value: 'x' }, { value: '14' }]) {
      const refused = await post('/retention/tracking', form)
      expect(refused.status).toBe(422)
      expect(refused.text).toContain('aria-invalid="true"')
    }
    expect(ownTerms((await settings()).settings)).toEqual({})
  })

  test('says what the last run removed and when the next is', async () => {
    const old = new Date(l.clock.now().getTime() - 40 * 86_400_000)
    await l.context.db.insert(inboundEvents).values({
      ...{ id: newId(), source: 'twilio', dedupeKey: newId(), networkId: l.network.id, body: {} },
      ...{ receivedAt: old, appliedAt: old },
    })
    await l.context.db.transaction((tx) =>
      enqueue(tx, {
        ...{ networkId: l.network.id, id: retentionJobId, kind: 'network.retain' as const, payload: {} },
        at: l.clock.now(),
      }),
    )
    await runJobs(l.context)
    const { text } = await page('/retention')
    expect(text).toContain('Last run on')
    const plain = text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
    expect(plain).toMatch(/What providers and phones sent, as it came 30 days 30 days .*? 1 Opens, clicks/)
    const metrics = (await l.context.metrics.text()).body
    expect(metrics).toMatch(/relais_retention_removed\{network="reseau"\} 1/)
    expect(metrics).toMatch(/relais_retention_age_seconds\{network="reseau"\} 0/)
    const of = async () => (await examineRetention(l.relais)).find(({ about }) => about === 'retention of reseau')
    expect(await of()).toMatchObject({ health: 'ok', says: expect.stringContaining('1 rows') })
    l.clock.forward(3 * 86_400_000)
    expect(await of()).toMatchObject({ health: 'bad', says: expect.stringContaining('two days') })
  })
})

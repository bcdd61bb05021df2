import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checklistOf, domainOfCampaign, linksOfCampaign } from '../../src/campaign/checklist/checklist.ts'
import { checkDomain } from '../../src/campaign/checklist/domain.ts'
import { checkCodes } from '../../src/campaign/checklist/item.ts'
import { checkLinks, type LinkReach } from '../../src/campaign/checklist/links.ts'
import { createDraft, putWords } from '../../src/campaign/drafts.ts'
import { readCampaign } from '../../src/campaign/launch.ts'
import { planCampaign } from '../../src/campaign/plan.ts'
import type { Context } from '../../src/context.ts'
import { contacts, stepRuns } from '../../src/db/schema.ts'
import { type Live, live } from '../deliver/live.ts'

const text = (more = '', link = 'https://www.reseau.example.com/portes') => `name: verifie
title: { fr: Portes ouvertes, en: Open days }
class: relational
audience: { segment: tous }
anchor: { launch: 2027-02-01T09:00 }
link: ${link}
steps:
  - { name: annonce, at: launch, intent: relationship, channels: [email, sms], template: message/verifie${more} }
`
const mail = (body: string) => `---\nsubject: Portes ouvertes\npreheader: Venez\n---\n${body}\n`

let l: Live
let campaignId: string
beforeAll(async () => {
  l = await live()
  await words(mail('Bonjour.'), 'Bonjour à tous\n')
  const draft = await createDraft(l.context, l.network, { text: text() }, { actor: 'test' }, l.clock.now())
  campaignId = draft.campaignId
})
afterAll(() => l.close())

const words = (email: string, sms: string) => {
  const own = { template: 'message/verifie', language: 'fr' as const }
  const both = [
    { ...own, channel: 'email' as const, source: email },
    { ...own, channel: 'sms' as const, source: sms },
  ]
  return l.context.db.transaction((tx) => putWords(tx, l.network.id, both, 'test', l.clock.now()))
}
const campaignOf = (given: string) =>
  readCampaign(l.context, l.network, { file: 'verifie.yaml', text: given }, l.clock.now())
async function checked(given = text(), now = l.clock.now(), context: Context = l.context) {
  const campaign = await campaignOf(given)
  const plan = await planCampaign(l.context, l.network, campaign, now)
  const items = await checklistOf(context, l.network, { campaignId, campaign, text: given, plan }, now)
  return new Map(items.map((item) => [item.code, item]))
}
const stateOf = async (code: (typeof checkCodes)[number], given = text()) => (await checked(given)).get(code)?.state
const web = (status: number): LinkReach => ({
  fetch: async () => ({ status, headers: { get: () => null } }),
  resolve: async () => ['93.184.216.34'],
})

test('every check is made once, in its order, and what is wrong says where it is mended', async () => {
  const items = await checked()
  const order = [...items.keys()].map((code) => checkCodes.indexOf(code))
  expect(new Set(order).size).toBe(order.length)
  expect(order.every((place) => place >= 0)).toBe(true)
  for (const { state, href } of items.values()) expect(href === undefined).toBe(state === 'ok')
  for (const code of ['text', 'halt', 'audience', 'subject', 'unsubscribe', 'sms', 'expiry', 'august'] as const)
    expect([code, items.get(code)?.state]).toEqual([code, 'ok'])
})

test('links are fine once they answered, and stop the launch when they do not', async () => {
  expect(await stateOf('links')).toBe('warn')
  const links = await linksOfCampaign(l.context, l.network, await campaignOf(text()))
  expect(links).toContain('https://www.reseau.example.com/portes')
  await checkLinks(l.context.db, l.network.id, links, web(200), l.context.wall.now())
  expect(await stateOf('links')).toBe('ok')
  const gone = text('', 'https://www.reseau.example.com/parti')
  const other = await linksOfCampaign(l.context, l.network, await campaignOf(gone))
  await checkLinks(l.context.db, l.network.id, other, web(404), l.context.wall.now())
  const found = (await checked(gone)).get('links')
  expect(found).toMatchObject({ state: 'stop', params: { which: 'https://www.reseau.example.com/parti' } })
})

test('the domain of the e-mails is looked up when asked, and what it lacks is named', async () => {
  const campaign = await campaignOf(text())
  const domain = await domainOfCampaign(l.context, l.network, campaign)
  expect(domain).toBeDefined()
  expect(await stateOf('domainUntried')).toBe('warn')
  const zone: Record<string, string[]> = { [domain!]: ['v=spf1 -all'], [`_dmarc.${domain}`]: ['v=DMARC1; p=reject'] }
  const asked: string[] = []
  const lookup = async (name: string) => {
    asked.push(name)
    return zone[name] ?? []
  }
  await checkDomain(l.context.db, l.network.id, domain!, lookup, l.context.wall.now())
  expect((await checked()).get('domain')).toMatchObject({ state: 'warn', params: { domain, which: 'DKIM' } })
  const before = asked.length
  await checkDomain(l.context.db, l.network.id, domain!, lookup, l.context.wall.now())
  expect(asked.length).toBe(before)
})

test('a field some have not, a text message of two parts, a missing subject and a step in August are seen', async () => {
  await words(
    '---\nsubject: Portes ouvertes\n---\nBonjour {{ contact.firstName }}.\n',
    `${'Bonjour à tous. '.repeat(14)}\n`,
  )
  const [one] = await l.context.db.select().from(contacts).where(eq(contacts.networkId, l.network.id)).limit(1)
  await l.context.db.update(contacts).set({ firstName: null }).where(eq(contacts.id, one!.id))
  const items = await checked(text().replace('2027-02-01', '2027-08-10'))
  expect(items.get('fields')).toMatchObject({ state: 'warn' })
  expect(items.get('sms')?.state).toBe('warn')
  expect(items.get('subject')).toMatchObject({ state: 'warn', params: { which: 'message/verifie.fr' } })
  expect(items.get('august')).toMatchObject({ state: 'warn', params: { which: 'annonce' } })
})

test('the plan says that a step falls into August or on a bridge, and how many could come to one with a condition', async () => {
  const when =
    '  - { name: relance, when: { notActed: annonce, within: PT48H }, intent: follow-up, template: message/verifie }\n'
  const planOn = async (day: string) =>
    planCampaign(l.context, l.network, await campaignOf(text().replace('2027-02-01', day) + when), l.clock.now())
  const august = await planOn('2027-08-10')
  expect(august.notices).toContainEqual(expect.objectContaining({ code: 'slack.august', step: 'annonce', share: 1 }))
  const relance = august.steps.find(({ step }) => step === 'relance')
  expect(relance).toMatchObject({ at: null, when: { notActed: 'annonce', within: 'PT48H' } })
  expect(relance?.audience).toBe(august.audience)
  // Ascension Day is Thursday, 6 May 2027: the Friday is a bridge.
  const bridge = await planOn('2027-05-07')
  expect(bridge.notices.map(({ code }) => code)).toContain('slack.bridge')
  expect((await planOn('2027-06-08')).notices.map(({ code }) => code)).not.toContain('slack.august')
})

test('hours and caps: who would have to wait or be passed over is counted, and nobody where all is well', async () => {
  await words(mail('Bonjour.'), 'Bonjour à tous\n')
  const by = (channel: string, at: string) =>
    text().replace('channels: [email, sms]', `channels: [${channel}]`).replace('2027-02-01T09:00', at)
  const day = await checked(by('sms', '2027-02-02T10:00'))
  expect([day.get('hours')?.state, day.get('caps')?.state]).toEqual(['ok', 'ok'])
  // At three in the night nobody is texted.
  expect((await checked(by('sms', '2027-02-02T03:00'))).get('hours')).toMatchObject({ state: 'warn' })
  // A marketing message to all an hour after another one is more than an outlet is sent in a day.
  const twice = by('email', '2027-02-02T09:00').replace('relational', 'marketing').trimEnd()
  expect((await checked(twice)).get('caps')).toMatchObject({ state: 'ok' })
  const again =
    '\n  - { name: encore, at: "launch + 0 days, 10:00", intent: relationship, channels: [email], template: message/verifie }\n'
  expect((await checked(twice + again)).get('caps')).toMatchObject({ state: 'warn' })
})

test('the audience is held against the last ones: as many is fine, far more or far fewer is asked about', async () => {
  expect((await checked()).has('usual')).toBe(false)
  const { audience } = await planCampaign(l.context, l.network, await campaignOf(text()), l.clock.now())
  await l.owe('intent: follow-up, channels: [sms], template: challenge/launch', 'class: transactional')
  const reached = async (people: number) => {
    await l.context.db.update(stepRuns).set({ status: 'done', audience: people })
    return (await checked()).get('usual')
  }
  expect(await reached(audience)).toMatchObject({ state: 'ok' })
  expect(await reached(audience * 10)).toMatchObject({ state: 'warn', params: { more: 'less', usual: audience * 10 } })
  expect(await reached(Math.max(1, Math.floor(audience / 3)))).toMatchObject({
    state: 'warn',
    params: { more: 'more' },
  })
})

test('links are asked over real HTTP: one that answers is good, one that is gone stops the launch', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(request.url === '/la' ? 200 : 404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  // A name of the web that this machine answers to; what is called at it is judged as any other.
  const reach: LinkReach = {
    fetch: (url, init) => fetch(url.replace('http://portes.example.com', `http://127.0.0.1:${port}`), init),
    resolve: async () => ['93.184.216.34'],
  }
  const stateAfterAsking = async (path: string) => {
    const given = text('', `http://portes.example.com/${path}`)
    const links = await linksOfCampaign(l.context, l.network, await campaignOf(given))
    await checkLinks(l.context.db, l.network.id, links, reach, l.context.wall.now())
    return stateOf('links', given)
  }
  expect([await stateAfterAsking('la'), await stateAfterAsking('parti')]).toEqual(['ok', 'stop'])
  expect(asked).toContain('HEAD /la')
  server.closeAllConnections()
  server.close()
})

test('a field with something in its place, a short text and a way out are fine; without them each is named', async () => {
  const { db } = l.context
  await db.update(contacts).set({ firstName: null })
  await words(mail('Bonjour {{ contact.firstName | default: "à vous" }}.'), 'Bonjour à tous\n')
  const fine = await checked()
  for (const code of ['fields', 'sms', 'unsubscribe'] as const)
    expect([code, fine.get(code)?.state]).toEqual([code, 'ok'])
  await words(mail('Bonjour {{ contact.firstName }}.'), `${'Bonjour à tous. '.repeat(14)}\n`)
  const faulty = await checked()
  expect(faulty.get('fields')).toMatchObject({ state: 'warn', params: { which: 'contact.firstName' } })
  expect(faulty.get('fields')?.params.count).toBe(faulty.get('fields')?.params.all)
  expect(faulty.get('sms')).toMatchObject({ state: 'warn', params: { count: 2 } })
  // A layout that names the way out and never shows it.
  const { templates } = l.context
  const email = templates.layouts['email.mjml']!.replaceAll(
    '{% if urls.unsubscribe',
    '{% if false and urls.unsubscribe',
  )
  const without = { ...l.context, templates: { ...templates, layouts: { ...templates.layouts, 'email.mjml': email } } }
  expect((await checked(text(), l.clock.now(), without)).get('unsubscribe')).toMatchObject({
    state: 'stop',
    params: { which: 'message/verifie.fr' },
  })
})

test('an empty audience stops the launch', async () => {
  await l.context.db.update(contacts).set({ isActive: false }).where(eq(contacts.networkId, l.network.id))
  expect((await checked()).get('audience')).toMatchObject({ state: 'stop', params: { count: 0 } })
})

import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checklistOf, domainOfCampaign, linksOfCampaign } from '../../src/campaign/checklist/checklist.ts'
import { checkDomain } from '../../src/campaign/checklist/domain.ts'
import { checkCodes } from '../../src/campaign/checklist/item.ts'
import { checkLinks, type LinkReach } from '../../src/campaign/checklist/links.ts'
import { createDraft, putWords } from '../../src/campaign/drafts.ts'
import { readCampaign } from '../../src/campaign/launch.ts'
import { planCampaign } from '../../src/campaign/plan.ts'
import { contacts } from '../../src/db/schema.ts'
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
async function checked(given = text(), now = l.clock.now()) {
  const campaign = await campaignOf(given)
  const plan = await planCampaign(l.context, l.network, campaign, now)
  const items = await checklistOf(l.context, l.network, { campaignId, campaign, text: given, plan }, now)
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

test('an empty audience stops the launch', async () => {
  await l.context.db.update(contacts).set({ isActive: false }).where(eq(contacts.networkId, l.network.id))
  expect((await checked()).get('audience')).toMatchObject({ state: 'stop', params: { count: 0 } })
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import ICAL from 'ical.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { createOwnerSignInLink } from '../../src/accounts/owner-link.ts'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { campaigns, campaignVersions, messages } from '../../src/db/schema.ts'
import { createSite } from '../../src/site.ts'
import { type World, world } from '../world.ts'

let w: World
let publicUrl: string
let campaignId: string
let browser: Awaited<ReturnType<typeof launchChromium>>
const server = createServer()

const text = `name: defi
title: { fr: Défi du Rhône, en: The Rhône challenge }
class: transactional
audience: { segment: tous }
anchor: { launch: 2027-02-01T08:30, end: 2027-03-26T18:00 }
link: https://www.example.com
steps:
  - { name: jour-j, at: launch, intent: reference, channels: [intranet], template: challenge/launch }
  - { name: fin, at: end, intent: reference, channels: [intranet], template: challenge/winners }`

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  w = await world({ config: { publicUrl } })
  server.on('request', getRequestListener(createSite(w.relais).fetch))
  const launched = await launchCampaign(w.context, w.network, { file: 'defi.yaml', text }, 'test', w.clock.now())
  campaignId = launched.campaignId
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  server.closeAllConnections()
  server.close()
  await w?.close()
})

test('a launch date is moved on a phone without script: what moves is shown, then it moves, and the calendar follows', async () => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    locale: 'fr-FR',
    viewport: { width: 390, height: 800 },
  })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const { db, wall, random } = w.context
  await page.goto(await createOwnerSignInLink({ db, wall, random, publicUrl }))
  await page.locator('form[method=post] button[type=submit]').first().click()
  await page.waitForURL('**/console**')
  await page.goto(`${publicUrl}/console/campaigns/${campaignId}/timeline?lang=fr`)
  await page.locator('input[name="anchor.launch"]').fill('2027-02-15T08:30')
  await page.getByRole('button', { name: 'Voir ce qui bouge' }).click()
  await page.waitForURL('**anchor.launch**')
  const rows = await page.locator('#preview tbody tr').allInnerTexts()
  expect(rows[0]).toMatch(/jour-j.*1 févr\. 2027.*15 févr\. 2027.*se déplace/s)
  expect(rows[1]).toMatch(/fin.*ne change pas/s)
  // Looking has changed nothing.
  expect((await db.select().from(campaigns))[0]?.version).toBe(1)

  await page.getByRole('button', { name: 'Déplacer', exact: true }).click()
  await page.waitForURL('**said=moved**')
  expect(await db.select().from(campaignVersions)).toHaveLength(2)
  const due = (await db.select().from(messages)).find(({ step }) => step === 'jour-j')?.dueAt
  expect(due?.toISOString()).toBe('2027-02-15T07:30:00.000Z')

  await page.goto(`${publicUrl}/console/calendar?month=2027-02&lang=fr`)
  expect(await page.locator('.calendar-agenda').innerText()).toMatch(/lundi 15 février.*08:30.*jour-j/s)
  await page.goto(`${publicUrl}/console/calendar/feeds?lang=fr`)
  await page.getByRole('button', { name: 'Créer une adresse' }).click()
  const address = await page.locator('#address code').innerText()
  const feed = await fetch(address)
  expect(feed.headers.get('content-type')).toContain('text/calendar')
  const calendar = new ICAL.Component(ICAL.parse(await feed.text()))
  const starts = calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event).startDate.toJSDate())
  expect(starts).toContainEqual(new Date('2027-02-15T07:30:00Z'))
  await page.goto(`${publicUrl}/console/calendar/feeds?lang=fr`)
  await page.getByRole('button', { name: 'Révoquer' }).click()
  await page.waitForURL('**said=revoked**')
  expect((await fetch(address)).status).toBe(404)
  await context.close()
})

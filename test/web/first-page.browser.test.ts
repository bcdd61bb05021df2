import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { createOwnerSignInLink } from '../../src/accounts/owner-link.ts'
import { createApp } from '../../src/app.ts'
import { tokenKeys } from '../../src/tracking/tokens.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { countingRandom, secret } from './client.ts'
import { pagesContext } from './context.ts'
import { type SmallNetwork, seedSmallNetwork, wallNow } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let server: Server
let browser: Browser
let publicUrl: string
const wall = { now: () => wallNow }
const random = countingRandom()
const advanced: unknown[] = []

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const app = createApp({
    context: pagesContext({ db: store.db, wall, random, publicUrl, secret, dataFolder: store.folder }),
    db: store.db,
    wall,
    secret,
    publicUrl,
    version: '0.1.0',
    channels: [],
    keys: tokenKeys(secret),
    actions: {
      advance: async (_networkId, to) => void advanced.push(to),
      nextEventAt: async () => new Date('2027-01-25T08:00:00Z'),
    },
    plan: async () => demo.plan,
    letterPdf: async () => new TextEncoder().encode('%PDF-1.4'),
  })
  server.on('request', getRequestListener(app.fetch))
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  await store?.drop()
})

/** Nothing sticks out sideways; what one presses is 44 px tall for a thumb, 34 for a mouse (inline links aside). */
async function fits(page: Page): Promise<void> {
  const found = await page.evaluate(`({
    wide: document.documentElement.scrollWidth - window.innerWidth,
    small: [...document.querySelectorAll('button, .button, select, summary, .top a')]
      .filter((element) => element.offsetParent !== null && !element.closest('[popover]:not(:popover-open)'))
      .filter((element) => element.getBoundingClientRect().height < (innerWidth < 960 ? 43.5 : 33.5))
      .map((element) => element.textContent.trim()),
  })`)
  expect(found, page.url()).toEqual({ wide: 0, small: [] })
}

describe.each([
  { width: 390, height: 844, javaScriptEnabled: true },
  { width: 390, height: 844, javaScriptEnabled: false },
  { width: 1280, height: 800, javaScriptEnabled: true },
])('at $width px, with script: $javaScriptEnabled', ({ width, height, javaScriptEnabled }) => {
  test('the owner goes from the one-time link to every kind of message', async () => {
    const context = await browser.newContext({ viewport: { width, height }, locale: 'fr-FR', javaScriptEnabled })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      // The sample e-mail carries a pixel, which the preview must refuse.
      if (message.type() === 'error' && !message.text().includes('/o/abc.gif')) complaints.push(message.text())
    })
    const check = async () => {
      if (javaScriptEnabled) await fits(page)
    }
    const link = await createOwnerSignInLink({ db: store.db, wall, random, publicUrl })

    await page.goto(link)
    await check()
    await page.getByRole('button', { name: 'Ouvrir ma session' }).click()
    await page.waitForURL('**/console')
    await page.goto(`${publicUrl}/console`)
    await expectText(page, 'Bac à sable : rien ne part réellement')
    await check()

    await page.getByRole('link', { name: 'Challenge Grand Nord' }).first().click()
    await expectText(page, 'Le plan, étape par étape')
    expect(await page.getByRole('heading', { level: 3, name: 'lancement' }).isVisible()).toBe(true)
    await check()
    await page.locator('.reasons > summary').first().click()
    await expectText(page, 'Refusé par le contact')
    if (width < 960) await page.getByRole('button', { name: 'Autres déplacements' }).click()
    await page.getByRole('button', { name: 'Un jour' }).click()
    await page.waitForURL('**moved=ok**')
    expect(advanced.at(-1)).toEqual({ by: 'P1D' })

    if (width < 960) await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('link', { name: 'Boîte d’envoi' }).click()
    expect(await page.locator('#rows > tr').count()).toBe(50)
    await check()
    await page.getByRole('link', { name: 'Suite' }).click()
    if (javaScriptEnabled) {
      // The next page joins this one, and the address stays.
      await page.locator('#rows > tr').nth(99).waitFor()
      expect(page.url()).not.toContain('cursor')
    } else await page.waitForURL('**cursor=**')

    await page.goto(`${publicUrl}/console/outbox`)
    await page.getByLabel('Canal').selectOption('sms')
    await page.getByRole('button', { name: 'Filtrer' }).click()
    await page.waitForURL('**channel=sms**')
    expect(await page.locator('#rows .c-email').count()).toBe(0)
    await page.locator('#rows a').first().click()
    await page.locator('.bubble').waitFor()

    const visible: Record<string, string> = { sms: '.bubble', print: '.letter', screen: '.screen-face' }
    for (const [channel, id] of Object.entries(demo.shown)) {
      await page.goto(`${publicUrl}/console/outbox/${id}`)
      const selector = visible[channel]
      if (selector) expect(await page.locator(selector).isVisible(), channel).toBe(true)
      else await page.frameLocator('iframe').locator('body p').first().waitFor()
      await expectText(page, 'Pourquoi ce choix')
      await check()
    }

    await page.goto(`${publicUrl}/console/outbox/${demo.shown.email}`)
    // On a phone the frame is as narrow as a phone already.
    if (width > 390) await page.getByLabel('Téléphone').check()
    const frame = await page.locator('iframe').boundingBox()
    expect(frame!.width).toBeLessThanOrEqual(390)
    await page.frameLocator('iframe').getByText('Ouvrir mon carnet').click()
    expect(context.pages()).toHaveLength(1)
    await page.frameLocator('iframe').getByText('Ouvrir mon carnet').waitFor()

    await page.goto(`${publicUrl}/console/contacts/${demo.contactId}`)
    await expectText(page, 'Fil des messages')
    await check()

    await page.getByRole('button', { name: 'Mon compte et la langue' }).click()
    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    await page.waitForURL(`${publicUrl}/`)
    await page.goto(`${publicUrl}/console`)
    expect(new URL(page.url()).pathname).toBe('/')
    expect(
      complaints.filter((text) => !text.includes('window.open') && !/allow-popups|new window/i.test(text)),
    ).toEqual([])
    await context.close()
  })
})

test('the keyboard reaches the content first, and focus is always to be seen', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'fr-FR' })
  const page = await context.newPage()
  await page.goto(await createOwnerSignInLink({ db: store.db, wall, random, publicUrl }))
  await page.getByRole('button', { name: 'Ouvrir ma session' }).press('Enter')
  await page.waitForURL('**/console')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Aller au contenu')
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
  await page.keyboard.press('Enter')
  expect(new URL(page.url()).hash).toBe('#content')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true)
  await context.close()
})

async function expectText(page: Page, text: string): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout: 10_000 })
}

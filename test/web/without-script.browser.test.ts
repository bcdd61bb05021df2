import { eq } from 'drizzle-orm'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { networks } from '../../src/db/schema.ts'
import { type Browsing, openForBrowsing } from './browsing.ts'
import { seedSmallNetwork } from './small-network.ts'

let here: Browsing & { browser: Browser }

beforeAll(async () => {
  here = await openForBrowsing()
  await seedSmallNetwork(here.store.db, { name: 'acme', number: 2, title: 'Acme Chauffage', mode: 'live' })
})
afterAll(() => here?.close())

describe.each([390, 1280])('without script at %i px', (width) => {
  let context: BrowserContext
  let page: Page
  beforeAll(async () => {
    context = await here.browser.newContext({
      viewport: { width, height: 844 },
      locale: 'fr-FR',
      javaScriptEnabled: false,
    })
    page = await context.newPage()
    await here.signIn(page)
  })
  afterAll(() => context?.close())

  const isPhone = width < 500
  const go = (path: string) => page.goto(here.publicUrl + path)

  test('the rooms are reached by their names, the present one is marked', async () => {
    await go('/console')
    const rooms = page.getByRole('navigation', { name: 'Navigation principale' })
    expect(await rooms.isVisible()).toBe(!isPhone)
    if (isPhone) {
      await page.getByRole('button', { name: 'Menu' }).press('Enter')
      await rooms.waitFor()
    }
    await rooms.getByRole('link', { name: 'Boîte d’envoi' }).click()
    await page.waitForURL('**/console/outbox**')
    expect(await page.locator('.rooms [aria-current=page]').textContent()).toContain('Boîte d’envoi')
  })

  test('a menu closes with Escape, and gives the focus back', async () => {
    await go('/console')
    const account = page.getByRole('button', { name: 'Mon compte et la langue' })
    await account.focus()
    await account.press('Enter')
    const menu = page.getByRole('navigation', { name: 'Mon compte et la langue' })
    await menu.waitFor()
    await page.keyboard.press('Escape')
    expect(await menu.isVisible()).toBe(false)
    expect(await page.locator(':focus').getAttribute('popovertarget')).toBe('account')
  })

  test('the language is chosen in the account’s menu, and stays chosen', async () => {
    await go('/console')
    await page.getByRole('button', { name: 'Mon compte et la langue' }).click()
    await page.getByRole('link', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'What leaves next' }).waitFor()
    await go('/console/outbox')
    await page.getByRole('heading', { name: 'Outbox', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'My account and language' }).click()
    await page.getByRole('link', { name: 'Français' }).click()
    await page.getByRole('heading', { name: 'Boîte d’envoi', level: 1 }).waitFor()
  })

  test('a list is narrowed by its form and turned page by page', async () => {
    await go('/console/outbox')
    expect(await page.locator('#rows > tr').count()).toBe(50)
    const first = await page.locator('#rows > tr').first().textContent()
    await page.locator('#pager a.button').click()
    await page.waitForURL('**cursor=**')
    expect(await page.locator('#rows > tr').first().textContent()).not.toBe(first)
    await go('/console/outbox')
    await page.locator('form.filters select[name=channel]').selectOption('sms')
    await page.locator('form.filters button[type=submit]').click()
    await page.waitForURL('**channel=sms**')
    expect(await page.locator('#rows .c-sms').count()).toBeGreaterThan(0)
    expect(await page.locator('#rows .c-email').count()).toBe(0)
  })

  test('the clock is moved from any page, which comes back where it was', async () => {
    await go('/console/outbox?channel=sms')
    const before = here.site.advanced.length
    if (isPhone) await page.getByRole('button', { name: 'Autres déplacements' }).press('Enter')
    await page.getByRole('button', { name: 'Un jour' }).click()
    await page.waitForURL('**/console/outbox?channel=sms&moved=ok#clock')
    expect(here.site.advanced.slice(before)).toEqual([{ networkId: here.demo.networkId, to: { by: 'P1D' } }])
    await page.getByRole('status').filter({ hasText: 'Nous sommes maintenant' }).waitFor()
    expect((await page.locator('.time-machine').boundingBox())!.height).toBeLessThan(isPhone ? 100 : 90)
  })

  test('another network is turned to, and a live one has no clock', async () => {
    await go('/console')
    await page.getByRole('button', { name: 'Choisir un réseau' }).click()
    await page.getByRole('link', { name: 'Acme Chauffage' }).click()
    await page.getByRole('heading', { name: 'Acme Chauffage', level: 1 }).waitFor()
    expect(await page.locator('#clock').count()).toBe(0)
  })

  test('the example network is not deleted before a look at what goes', async () => {
    await here.store.db.update(networks).set({ isDemo: true }).where(eq(networks.id, here.demo.networkId))
    await go('/console')
    await page.getByRole('link', { name: 'Le supprimer et commencer avec le vôtre' }).click()
    await page.getByRole('heading', { name: 'Supprimer le réseau de démonstration ?' }).waitFor()
    expect(await page.locator('.goes').textContent()).toMatch(/contacts/)
    await page.getByRole('link', { name: 'Revenir' }).click()
    await page.getByRole('heading', { name: 'Ce qui part ensuite' }).waitFor()
  })
})

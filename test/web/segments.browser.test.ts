import { eq } from 'drizzle-orm'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { segments } from '../../src/db/schema.ts'
import { type Browsing, openForBrowsing } from './browsing.ts'
import { pageFaults } from './page-faults.ts'

let here: Browsing & { browser: Browser }

beforeAll(async () => {
  here = await openForBrowsing()
})
afterAll(() => here?.close())

const said = {
  fr: {
    locale: 'fr-FR',
    make: 'Créer un segment',
    add: 'Ajouter une condition',
    save: 'Enregistrer',
    nobody: 'Sur son site, personne :',
    opened: 'Message ouvert, au moins une fois, sur les 60 derniers jours',
    people: /\d+ personnes?/,
    saved: 'Segment enregistré',
    removeSecond: 'Retirer la condition 4',
  },
  en: {
    locale: 'en-GB',
    make: 'New segment',
    add: 'Add a condition',
    save: 'Save',
    nobody: 'At their site, nobody:',
    opened: 'Message opened, at least once, in the last 60 days',
    people: /\d+ (people|person)/,
    saved: 'Segment saved',
    removeSecond: 'Remove condition 4',
  },
} as const

describe.each([
  ['fr', 1280, true],
  ['en', 390, true],
  ['fr', 390, false],
] as const)('the builder in %s at %i px (script: %s)', (language, width, javaScriptEnabled) => {
  const words = said[language]
  let context: BrowserContext
  let page: Page
  beforeAll(async () => {
    context = await here.browser.newContext({
      viewport: { width, height: 844 },
      locale: words.locale,
      javaScriptEnabled,
    })
    page = await context.newPage()
    await here.signIn(page)
  })
  afterAll(() => context?.close())

  const faults = async () => (javaScriptEnabled ? pageFaults(page) : [])
  const add = async (kind: string) => {
    await page.selectOption('#add', kind)
    await page.getByRole('button', { name: words.add }).click()
  }
  const live = (on: Page) => on.locator('#segment-live')

  test('says craftsmen of the East whose shop has nobody who opened anything for 60 days', async () => {
    await page.goto(`${here.publicUrl}/console/segments?lang=${language}`)
    expect(await faults()).toEqual([])
    await page.getByRole('link', { name: words.make }).click()
    await page.fill('#titleFr', `Artisans endormis ${language} ${width} ${javaScriptEnabled}`)
    await add('profile')
    await page.locator('#condition-1 input[value=field]').check()
    await add('area')
    await page.locator('#condition-2 [name="c1.typed"], #condition-2 [name="c1.values"]').first().waitFor()
    const typed = page.locator('[id="c1.typed"]')
    if (await typed.count()) await typed.fill('Est')
    else await page.locator('#condition-2 input[name="c1.values"]').first().check()
    await add('event')
    await page.selectOption('[id="c2.subject"]', 'none')
    await page.selectOption('[id="c2.values"]', 'open')
    await add('reachable')
    await page.getByRole('button', { name: words.removeSecond }).click()
    await page.locator('#segment-live pre').waitFor()
    expect(await page.locator('.condition').count()).toBe(3)
    const beside = await live(page).innerText()
    expect(beside).toContain(words.nobody)
    expect(beside).toContain(words.opened)
    expect(beside).toContain('within: P60D')
    expect(beside).toMatch(words.people)
    expect(await faults()).toEqual([])
  })

  test('lets what stands beside the form follow each change', async () => {
    await page.fill('[id="c2.days"]', '30')
    if (javaScriptEnabled) await page.locator('[id="c2.days"]').blur()
    else await page.locator('.buttons button[value=refresh]').click()
    await page.locator('#segment-live pre', { hasText: 'P30D' }).waitFor()
    await page.fill('[id="c2.days"]', '60')
  })

  test('keeps it, and opens it again as it was', async () => {
    await page.getByRole('button', { name: words.save }).click()
    await page.waitForURL('**said=saved')
    expect(await page.locator('[role=status]').first().innerText()).toContain(words.saved)
    expect(await faults()).toEqual([])
    const id = new URL(page.url()).pathname.split('/').at(-1)!
    const [stored] = await here.store.db.select().from(segments).where(eq(segments.id, id))
    expect(stored?.rule).toMatchObject({
      all: [{ profile: 'field' }, {}, { siteWhere: { none: { event: { type: 'open', within: 'P60D' } } } }],
    })
    await page.goto(`${here.publicUrl}/console/segments/${id}/edit`)
    expect(await page.locator('.condition').count()).toBe(3)
    expect(await page.locator('[id="c2.subject"]').inputValue()).toBe('none')
    expect(await faults()).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { createOwnerSignInLink } from '../../src/accounts/owner-link.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type HandCounted, seedHandCounted } from '../results/hand-counted.ts'
import { openSite, type Site } from './client.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let store: TestDatabase
let known: HandCounted
let site: Site
let browser: Browser
let publicUrl: string
const server = createServer()

beforeAll(async () => {
  store = await freshDatabase()
  known = await seedHandCounted(store.db)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  site = openSite(store.db, { steps: [] }, { publicUrl, dataFolder: store.folder, patienceMs: 20_000 })
  server.on('request', getRequestListener(site.app.fetch))
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  server.closeAllConnections()
  server.close()
  await store.drop()
})

async function openResults(look: {
  width: number
  language: 'fr' | 'en'
  light: 'light' | 'dark'
  isScriptOff?: true
}) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 844 },
    colorScheme: look.light,
    javaScriptEnabled: !look.isScriptOff,
    acceptDownloads: true,
  })
  const page = await context.newPage()
  const { wall, context: parts } = site.deps
  await page.goto(await createOwnerSignInLink({ db: store.db, wall, random: parts.random, publicUrl }))
  await page.locator('form[method=post] button[type=submit]').first().click()
  await page.waitForURL('**/console**')
  await page.goto(`${publicUrl}/console/campaigns/${known.campaignId}/results?lang=${look.language}`)
  return { page, context }
}

test.each([
  { width: 1280, language: 'fr', light: 'light' },
  { width: 1280, language: 'en', light: 'dark' },
  { width: 390, language: 'fr', light: 'dark' },
  { width: 390, language: 'en', light: 'light' },
] as const)('axe finds nothing on the results at $width px in $language, $light', async (look) => {
  const { page, context } = await openResults(look)
  await page.locator('summary').last().click()
  await page.evaluate(axe)
  const found = await page.evaluate(`(async () => {
    const { violations } = await axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(rules)} })
    return [
      document.documentElement.scrollWidth - window.innerWidth,
      ...violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.join(' ')).join(' | ')),
    ]
  })()`)
  expect(found).toEqual([0])
  expect((await page.locator('body').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')).toContain(
    look.language === 'fr'
      ? 'Taux d’ouverture 55 % [44–65 %], mesuré sur 80 contacts ayant accepté (20 %).'
      : 'Open rate 55% [44–65%], measured on 80 contacts who agreed to it (20%).',
  )
  await context.close()
})

test('without script the groups are sorted and told apart, and a file comes down', async () => {
  const { page, context } = await openResults({ width: 1280, language: 'fr', light: 'light', isScriptOff: true })
  await page.getByRole('link', { name: 'Régions' }).click()
  await page.getByRole('link', { name: 'Trier par Ont agi' }).click()
  await page.getByRole('link', { name: 'Trier par Ont agi' }).click()
  const rows = page.locator('#groups tbody tr th')
  expect(await rows.allInnerTexts()).toEqual(['Nord', 'Sud'])
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Ce tableau par groupe (CSV)' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('Résultats Grand Nord.csv')
  expect(readFileSync(await file.path(), 'utf8')).toMatch(/^\ufeffRégion;Partis;/)
  await context.close()
})

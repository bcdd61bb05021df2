import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { createOwnerSignInLink } from '../../src/accounts/owner-link.ts'
import { challengesOf } from '../../src/challenge/challenge.ts'
import { campaigns, messages } from '../../src/db/schema.ts'
import { createSite } from '../../src/site.ts'
import { type World, world } from '../world.ts'

let w: World
let publicUrl: string
let browser: Awaited<ReturnType<typeof launchChromium>>
const server = createServer()

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  w = await world({ config: { publicUrl } })
  server.on('request', getRequestListener(createSite(w.relais).fetch))
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  server.closeAllConnections()
  server.close()
  await w?.close()
})

/** What a marketer does with a page, each thing counted. */
function hands(page: Page) {
  const done: string[] = []
  const act = async (what: string, doing: () => Promise<unknown>) => {
    done.push(what)
    await doing()
  }
  return {
    done,
    act,
    follow: (name: string | RegExp) =>
      act(`link ${name}`, () => page.locator('main').getByRole('link', { name }).first().click()),
    press: (name: string | RegExp) =>
      act(`button ${name}`, () => page.locator('main').getByRole('button', { name }).first().click()),
    fill: (name: string, text: string) =>
      act(`field ${name}`, () => page.locator(`main input[name="${name}"]`).fill(text)),
    tick: (name: string) => act(`tick ${name}`, () => page.locator(`main input[name="${name}"]`).check()),
  }
}

test('a challenge is built from its preset and launched, then its launch is moved, in fewer than fifteen actions', async () => {
  const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1280, height: 900 } })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const { db, wall, random } = w.context
  await page.goto(await createOwnerSignInLink({ db, wall, random, publicUrl }))
  await page.locator('main form[method=post] button[type=submit]').first().click()
  await page.waitForURL('**/console**')

  const { done, act, follow, press, fill, tick } = hands(page)
  await follow('Nouvelle campagne')
  await act('the preset', () => page.locator('main a[href*="preset=challenge"]').click())
  await fill('title', 'Défi du Rhône')
  await fill('launch', '2027-03-01T08:30')
  await press('Créer le brouillon')
  await page.waitForURL('**said=created**')
  await follow(/^Lancer/)
  await press(/^Lancer pour/)
  await page.waitForURL(/\/console\/campaigns\/[^/]+\?/)
  const built = done.length

  const [campaign] = await db.select().from(campaigns)
  expect(campaign).toMatchObject({ status: 'scheduled', title: { fr: 'Défi du Rhône' } })
  const [challenge] = await challengesOf(db, w.network.id)
  expect(challenge).toMatchObject({ campaignId: campaign!.id, startsAt: new Date('2027-03-01T07:30:00Z') })

  await act('the menu of actions', () => page.locator('main summary', { hasText: 'Actions' }).click())
  await follow('Calendrier')
  await fill('anchor.launch', '2027-03-15T08:30')
  await tick('along')
  await press('Voir ce qui bouge')
  await page.waitForURL('**anchor.launch**')
  const rows = (await page.locator('#preview tbody tr').allInnerTexts()).map((row) =>
    row.replaceAll(/[\u00a0\u202f]/g, ' '),
  )
  for (const [step, from, to] of [
    ['teaser', '29 janv. 2027, 09:00', '12 févr. 2027, 09:00'],
    ['kit · Bon à tirer', '9 févr. 2027', '23 févr. 2027'],
    ['kit · Arrivée estimée', '26 févr. 2027', '12 mars 2027'],
    ['launch-day', '1 mars 2027, 08:30', '15 mars 2027, 08:30'],
    ['winners', '13 mai 2027, 09:00', '27 mai 2027, 09:00'],
  ])
    expect(rows).toContain([step, from, to, 'se déplace'].join('\t'))
  expect((await db.select().from(campaigns))[0]?.version, 'looking changes nothing').toBe(1)
  await press('Déplacer')
  await page.waitForURL('**said=moved**')
  expect(built, 'from home to launched').toBeLessThan(10)
  expect(done.length, done.join(' · ')).toBeLessThan(15)

  const shown = (await page.locator('.campaign-timeline li').allInnerTexts()).map((entry) =>
    entry.replaceAll(/\s+/g, ' '),
  )
  expect(shown).toContainEqual(expect.stringMatching(/^lundi 15 mars 2027 à 08:30 launch-day/))
  // The kit lies in letter boxes on the last working day before the launch.
  expect(shown).toContainEqual(expect.stringMatching(/^vendredi 12 mars 2027 à 10:00 kit Arrivée estimée/))
  const due = new Map((await db.select().from(messages)).map(({ step, dueAt }) => [step, dueAt?.toISOString()]))
  expect(due.get('launch-day')).toBe('2027-03-15T07:30:00.000Z')
  expect(due.get('teaser')).toBe('2027-02-12T08:00:00.000Z')
  const [moved] = await challengesOf(db, w.network.id)
  expect(moved).toMatchObject({ startsAt: new Date('2027-03-15T07:30:00Z') })
  await context.close()
})

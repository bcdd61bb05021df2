/** Pictures of every page at both widths and in both lights: `npx tsx scripts/screenshots.ts [folder]`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { createOwnerSignInLink } from '../src/accounts/owner-link.ts'
import { createApp } from '../src/app.ts'
import { openDatabase } from '../src/db/index.ts'
import { systemRandom } from '../src/random.ts'
import { tokenKeys } from '../src/tracking/tokens.ts'
import { pagesContext } from '../test/web/context.ts'
import { seedSmallNetwork, wallNow } from '../test/web/small-network.ts'
import { launchChromium } from './chromium.ts'

const folder = process.argv[2] ?? '/tmp/shots'
mkdirSync(folder, { recursive: true })
const data = mkdtempSync(join(tmpdir(), 'relais-shots-'))
const db = await openDatabase({ path: join(data, 'relais.db') })
await db.migrate()
const seeded = await seedSmallNetwork(db)
await seedSmallNetwork(db, { name: 'acme', number: 2, title: 'Acme Chauffage', mode: 'live' })

const server = createServer()
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('The server has no port.')
const publicUrl = `http://127.0.0.1:${address.port}`
const wall = { now: () => wallNow }
const secret = 'screenshots-only-0123456789abcdef'
const app = createApp({
  context: pagesContext({ db, wall, random: systemRandom, publicUrl, secret, dataFolder: data }),
  db,
  wall,
  secret,
  publicUrl,
  version: '0.0.0',
  channels: [],
  keys: tokenKeys(secret),
  actions: { advance: async () => {}, nextEventAt: async () => new Date('2027-01-25T08:00:00Z') },
  plan: async () => seeded.plan,
  letterPdf: async () => new Uint8Array(),
  onError: (error) => console.error(error),
})
server.on('request', getRequestListener(app.fetch))

const pages: Record<string, string> = {
  home: '/console',
  campaign: `/console/campaigns/${seeded.campaignId}?moved=ok`,
  'campaign-live': '/console?network=acme',
  outbox: '/console/outbox',
  'outbox-empty': '/console/outbox?status=expired',
  email: `/console/outbox/${seeded.shown.email}`,
  sms: `/console/outbox/${seeded.shown.sms}`,
  letter: `/console/outbox/${seeded.shown.print}`,
  post: `/console/outbox/${seeded.shown.intranet}`,
  screen: `/console/outbox/${seeded.shown.screen}`,
  contact: `/console/contacts/${seeded.contactId}`,
  missing: '/nowhere',
}

async function sideways(page: Page): Promise<string> {
  const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
  return Number(wide) > 0 ? ` !! ${wide}px too wide` : ''
}

const browser = await launchChromium()
for (const width of [390, 1280]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme, locale: 'fr-FR' })
    const page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`${page.url()}: ${message.text()}`)
    })
    const shoot = async (name: string) => {
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true })
      console.log(`${name} ${width} ${colorScheme}${await sideways(page)}`)
    }
    await page.goto(publicUrl)
    await shoot('sign-in')
    await page.goto(await createOwnerSignInLink({ db, wall, random: systemRandom, publicUrl }))
    await shoot('link')
    await page.getByRole('button').click()
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(publicUrl + path, { waitUntil: 'networkidle' })
      await shoot(name)
    }
    await context.close()
  }
}
await browser.close()
server.close()
await db.close()
rmSync(data, { recursive: true, force: true })

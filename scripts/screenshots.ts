/**
 * Pictures of every page of the real site with its demo network, at both widths, in both languages and both lights:
 * `npx tsx scripts/screenshots.ts [folder] [--only home,outbox] [--quick]`. `--quick` takes one light and language
 * per width. Says which pages stick out sideways, answer with an error or complain in the console.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { getRequestListener } from '@hono/node-server'
import type { Browser, Page } from 'playwright-core'
import { createOwnerSignInLink } from '../src/accounts/owner-link.ts'
import { atPort, readConfig } from '../src/config.ts'
import { networks } from '../src/db/schema.ts'
import { loadDemo } from '../src/demo.ts'
import { openRelais, type Relais } from '../src/main.ts'
import { createNetwork } from '../src/network/networks.ts'
import { createSite } from '../src/site.ts'
import { advance } from '../src/time-machine.ts'
import { type Language, languages } from '../src/words.ts'
import { launchChromium } from './chromium.ts'
import { publicPages, shownPages } from './shown-pages.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const folder = positionals[0] ?? '/tmp/shots'
/** Pixels of a picture; more cannot be looked at. */
const tallest = 2_400
const only = values.only?.split(',')
mkdirSync(folder, { recursive: true })

/** The demo with its challenge under way takes a while to play: it is played once and kept. */
const keptDemo = join(tmpdir(), `relais-shots-demo-${process.getuid?.() ?? 0}`)

async function openDemo(port: number): Promise<{ relais: Relais; data: string }> {
  const data = mkdtempSync(join(tmpdir(), 'relais-shots-'))
  if (existsSync(keptDemo)) cpSync(keptDemo, data, { recursive: true })
  const env = { RELAIS_DATA: data, LOG_LEVEL: 'warn', PORT: '0', RELAIS_SECRET: 'screenshots-only-0123456789abcdef' }
  const relais = await openRelais(atPort(readConfig(env), port))
  if (existsSync(keptDemo)) return { relais, data }
  const { context } = relais
  await loadDemo(relais)
  const [demo] = await context.db.select().from(networks)
  if (!demo) throw new Error('The demo network was not loaded.')
  await advance(context, demo, { by: 'P40D' })
  await context.db.transaction((tx) =>
    createNetwork(
      tx,
      {
        name: 'acme',
        title: 'Acme Chauffage',
        mode: 'sandbox',
        country: 'FR',
        language: 'fr',
        timezone: 'Europe/Paris',
      },
      context.wall.now(),
    ),
  )
  await relais.close()
  cpSync(data, keptDemo, { recursive: true })
  return { relais: await openRelais(atPort(readConfig(env), port)), data }
}

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port }
}

async function shoot(page: Page, name: string, path: string, complaints: string[]): Promise<void> {
  complaints.length = 0
  const answer = await page.goto(path, { waitUntil: 'networkidle' })
  // A long list shows in its beginning what it looks like.
  const tall = Number(await page.evaluate('document.documentElement.scrollHeight'))
  const width = page.viewportSize()?.width ?? 0
  await page.screenshot({
    path: join(folder, `${name}.png`),
    fullPage: true,
    clip: { x: 0, y: 0, width, height: Math.min(tall, tallest) },
  })
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'))
  const status = answer?.status() ?? 0
  const odd = [
    status >= 400 && !path.endsWith('/nowhere') && `answers ${status}`,
    wide > 0 && `${wide}px too wide`,
    ...complaints.filter((text) => !text.includes('/nowhere') && !/status of 404/.test(text)),
  ].filter(Boolean)
  if (odd.length > 0) console.log(`${name}  !! ${odd.join(' · ')}`)
}

const { server, port } = await listen()
const { relais, data } = await openDemo(port)
const { context } = relais
const publicUrl = `http://localhost:${port}`
const site = createSite(relais)
server.on('request', getRequestListener(site.fetch))
const wanted = Object.entries(await shownPages(context.db)).filter(([name]) => !only || only.includes(name))

const lights = ['light', 'dark'] as const
type Look = [width: number, language: Language, light: (typeof lights)[number]]

async function takeAll(browser: Browser, ...[width, language, colorScheme]: Look) {
  const tab = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    reducedMotion: 'reduce',
  })
  const page = await tab.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  const ending = `${width}-${language}-${colorScheme}`
  // Chosen once, as a reader does: it goes before the user's own language.
  await page.goto(`${publicUrl}/?lang=${language}`)
  for (const [name, path] of Object.entries(publicPages))
    if (!only || only.includes(name)) await shoot(page, `${name}-${ending}`, publicUrl + path, complaints)
  await page.goto(await createOwnerSignInLink({ ...context, publicUrl }))
  await page.locator('form[method=post] button[type=submit]').first().click()
  await page.waitForURL('**/console**')
  for (const [name, path] of wanted) await shoot(page, `${name}-${ending}`, publicUrl + path, complaints)
  await tab.close()
}

const browser = await launchChromium()
try {
  const looks: Look[] = values.quick
    ? [
        [1280, 'fr', 'light'],
        [390, 'en', 'dark'],
      ]
    : [390, 1280].flatMap((width) =>
        languages.flatMap((language) => lights.map((light): Look => [width, language, light])),
      )
  for (const look of looks) await takeAll(browser, ...look)
} finally {
  await browser.close()
  server.close()
  await relais.close()
  rmSync(data, { recursive: true, force: true })
}

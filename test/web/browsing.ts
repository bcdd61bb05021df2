import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../scripts/chromium.ts'
import { createOwnerSignInLink } from '../../src/accounts/owner-link.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { openSite, type Site } from './client.ts'
import { type SmallNetwork, seedSmallNetwork } from './small-network.ts'

export interface Browsing {
  store: TestDatabase
  demo: SmallNetwork
  site: Site
  publicUrl: string
  /** Signs the owner in, in the page's own context. */
  signIn(page: Page): Promise<void>
  close(): Promise<void>
}

/** The small network's site over real HTTP, and Chromium to look at it with. */
export async function openForBrowsing(): Promise<Browsing & { browser: Browser }> {
  const served = await serveSmallNetwork()
  const browser = await launchChromium()
  return {
    ...served,
    browser,
    close: async () => {
      await browser.close()
      await served.close()
    },
  }
}

/** The small network's site over real HTTP. */
export async function serveSmallNetwork(): Promise<Browsing> {
  const store = await freshDatabase()
  const demo = await seedSmallNetwork(store.db)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const site = openSite(store.db, demo.plan, {
    publicUrl,
    letterPdf: async () => new TextEncoder().encode('%PDF-1.4'),
    dataFolder: store.folder,
  })
  server.on('request', getRequestListener(site.app.fetch))
  const { wall, context } = site.deps
  return {
    ...{ store, demo, site, publicUrl },
    signIn: async (page) => {
      await page.goto(await createOwnerSignInLink({ db: store.db, wall, random: context.random, publicUrl }))
      await page.locator('form[method=post] button[type=submit]').first().click()
      await page.waitForURL('**/console**')
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await store.drop()
    },
  }
}

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { eq } from 'drizzle-orm'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { auditEntries, passkeys, sessions, users } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { openSite } from '../web/client.ts'
import { addNetwork, addUser, forgetEverybody, goodPassword } from './people.ts'

let store: TestDatabase
let server: Server
let browser: Browser
let publicUrl: string
let listener: ReturnType<typeof getRequestListener>
const email = 'marie@example.org'

beforeAll(async () => {
  store = await freshDatabase()
  server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // An IP address cannot own a passkey (WebAuthn §5.1.3); localhost can.
  publicUrl = `http://localhost:${(server.address() as AddressInfo).port}`
  browser = await launchChromium()
})
beforeEach(async () => {
  await forgetEverybody(store.db)
  const networkId = await addNetwork(store.db, 'demo', 1)
  await addUser(store.db, { email, password: goodPassword, roles: [[networkId, 'marketer']] })
  listener = getRequestListener(openSite(store.db, undefined, { publicUrl }).app.fetch)
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  await store?.drop()
})

/** A page with a device that knows passkeys, as a phone or a laptop does. */
async function openPage(device: {
  verifiesUser: boolean
}): Promise<{ page: Page; cdp: CDPSession; authenticatorId: string }> {
  const context = await browser.newContext({ locale: 'fr-FR' })
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: device.verifiesUser,
      isUserVerified: device.verifiesUser,
      automaticPresenceSimulation: true,
    },
  })
  return { page, cdp, authenticatorId }
}

const refusal = (page: Page) =>
  page.locator('[role="alert"]:visible', { hasText: 'La clé d’accès n’a pas été reconnue' })

async function signInByPassword(page: Page): Promise<void> {
  await page.goto(publicUrl)
  await page.getByLabel('Adresse e-mail').fill(email)
  await page.getByLabel('Mot de passe').fill(goodPassword)
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
  await page.waitForURL('**/console')
}

async function addPasskey(page: Page): Promise<void> {
  await page.goto(`${publicUrl}/account/passkeys`)
  await page.getByLabel('Nom de cet appareil').fill('Mon portable')
  await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click()
  await page.getByText('La clé d’accès est ajoutée').waitFor()
}

test('a passkey is added, then opens a session by itself, and removed opens none', async () => {
  const { page } = await openPage({ verifiesUser: true })
  await signInByPassword(page)
  await addPasskey(page)
  expect(await page.getByText('Mon portable').isVisible()).toBe(true)
  const [kept] = await store.db.select().from(passkeys)
  expect([kept!.name, kept!.counter]).toEqual(['Mon portable', 1])
  await page.evaluate(`document.querySelector('form[action="/sign-out"]').submit()`)
  await page.waitForURL(`${publicUrl}/`)
  expect(await store.db.$count(sessions)).toBe(0)

  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
  await page.waitForURL('**/console')
  expect(await store.db.$count(sessions)).toBe(1)
  const [signIn] = (await store.db.select().from(auditEntries).orderBy(auditEntries.seq)).slice(-1)
  expect([signIn!.action, signIn!.data]).toEqual(['user.sign_in', { by: 'passkey' }])

  await page.goto(`${publicUrl}/account/passkeys`)
  await page.getByRole('button', { name: 'Retirer' }).click()
  await page.getByText('La clé d’accès est retirée').waitFor()
  await page.context().clearCookies()
  await page.goto(publicUrl)
  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
  await refusal(page).waitFor()
  expect(new URL(page.url()).pathname).not.toBe('/console')
  await page.context().close()
})

test('a passkey asks for no code, since the device has asked who holds it', async () => {
  const { page } = await openPage({ verifiesUser: true })
  await signInByPassword(page)
  await addPasskey(page)
  await store.db.update(users).set({ twoFactorEnabled: true }).where(eq(users.email, email))
  await page.context().clearCookies()
  await page.goto(publicUrl)
  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
  await page.waitForURL('**/console')
  await page.context().close()
})

test('a device that does not ask who holds it is not enough', async () => {
  const { page, cdp, authenticatorId } = await openPage({ verifiesUser: true })
  await signInByPassword(page)
  await addPasskey(page)
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await page.context().clearCookies()
  await page.goto(publicUrl)
  // Somebody who drops the demand from what our server asks for.
  await page.route('**/sign-in/passkey/options', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), userVerification: 'discouraged' } })
  })
  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
  await refusal(page).waitFor()
  await page.waitForURL('**/sign-in/passkey')
  expect(await store.db.$count(sessions)).toBe(1)
  await page.context().close()
})

test('a disabled user’s passkey opens nothing', async () => {
  const { page } = await openPage({ verifiesUser: true })
  await signInByPassword(page)
  await addPasskey(page)
  await store.db.update(users).set({ disabledAt: new Date() }).where(eq(users.email, email))
  await page.goto(`${publicUrl}/account`)
  await page.waitForURL(`${publicUrl}/`)
  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
  await refusal(page).waitFor()
  await page.context().close()
})

test('without script the page offers the other ways in, and they work', async () => {
  const context = await browser.newContext({ locale: 'fr-FR', javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(publicUrl)
  expect(await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).isVisible()).toBe(false)
  await page.getByLabel('Adresse e-mail').fill(email)
  await page.getByRole('button', { name: 'Recevoir un lien par e-mail' }).click()
  await page.waitForURL('**/sign-in/link/sent')
  await signInByPassword(page)
  await context.close()
})

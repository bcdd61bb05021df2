import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { createOwnerSignInLink } from '../../src/accounts/owner-link.ts'
import { conversations } from '../../src/db/schema.ts'
import { createSite } from '../../src/site.ts'
import { applyPending } from '../../src/tracking/inbox.ts'
import { type Live, live, smsStep } from '../deliver/live.ts'
import type { SignedCall } from '../providers/server.ts'
import { pageFaults } from '../web/page-faults.ts'
import { cast } from '../world.ts'

let w: Live
let publicUrl: string
let browser: Awaited<ReturnType<typeof launchChromium>>
const server = createServer()

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  w = await live({ config: { publicUrl } })
  server.on('request', getRequestListener(createSite(w.relais).fetch))
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  server.closeAllConnections()
  server.close()
  await w?.close()
})

/** As Twilio calls us, then as the worker's next look finds it. */
const called = async ({ url, headers, body }: SignedCall) => {
  const answer = await fetch(url, { method: 'POST', headers, body })
  expect(answer.status).toBeLessThan(300)
  await applyPending(w.context.db, w.context.wall)
}

test.each([
  ['fr', true, { take: 'Je m’en charge', answer: 'Répondre par SMS', sent: 'Arrivé', close: 'Clore', closed: 'close' }],
  ['en', false, { take: 'I’ll take it', answer: 'Answer by text', sent: 'Arrived', close: 'Close', closed: 'closed' }],
] as const)(
  'a text comes in, is taken up, answered by text, delivered and closed, in %s, with script: %s',
  async (language, javaScriptEnabled, words) => {
    const [somebody, name] = language === 'fr' ? [cast.marcel, 'Marcel Poteau'] : [cast.odile, 'Odile Martin']
    if (w.twilio.messages.length === 0) {
      await w.owe(smsStep)
      await w.deliver()
    }
    w.clock.forward(60_000)
    await called(w.twilio.inbound(publicUrl, 'Quand arrive ma commande ?', somebody.mobile, '36180'))

    const context = await browser.newContext({
      javaScriptEnabled,
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
      viewport: { width: language === 'fr' ? 1280 : 390, height: 800 },
    })
    const page = await context.newPage()
    const { db, wall, random } = w.context
    await page.goto(await createOwnerSignInLink({ db, wall, random, publicUrl }))
    await page.locator('form[method=post] button[type=submit]').first().click()
    await page.waitForURL('**/console**')
    await page.goto(`${publicUrl}/console/inbox?lang=${language}`)
    await page.locator('.conversations a', { hasText: name }).click()
    await page.waitForURL('**/console/inbox/*')
    expect(await page.locator('.messages').innerText()).toContain('Quand arrive ma commande ?')

    await page.getByRole('button', { name: words.take }).click()
    await page.waitForURL('**done=assigned**')
    await page.locator('#text').fill('Jeudi matin, au comptoir.')
    if (javaScriptEnabled) await page.locator('#answer-size', { hasText: '1 SMS' }).waitFor()
    await page.getByRole('button', { name: words.answer }).click()
    await page.waitForURL('**done=answered**')

    await w.deliver()
    const sent = w.twilio.messages.at(-1)!
    expect(sent).toMatchObject({ to: somebody.mobile, body: 'Jeudi matin, au comptoir.', form: { From: '36180' } })
    w.clock.forward(5_000)
    await called(w.twilio.statusCallback(sent.sid, 'delivered'))
    await page.reload()
    expect(await page.locator('.messages li.out').innerText()).toContain(words.sent)

    await page.getByRole('button', { name: words.close, exact: true }).click()
    await page.waitForURL('**done=closed**')
    expect((await page.locator('.flash').innerText()).toLowerCase()).toContain(words.closed)
    const [kept] = await db.select().from(conversations).where(eq(conversations.address, somebody.mobile))
    expect(kept).toMatchObject({ status: 'closed', unread: 0 })
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false)
    if (javaScriptEnabled) expect(await pageFaults(page)).toEqual([])
    await context.close()
  },
  90_000,
)

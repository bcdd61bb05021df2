import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { allowPassword } from '../../src/accounts/attempts.ts'
import { createAuth } from '../../src/accounts/auth.ts'
import { userByPassword } from '../../src/accounts/passwords.ts'
import { base32, codeAtStep, stepAt } from '../../src/accounts/totp.ts'
import { auditEntries, rateLimits, sessions, twoFactors, users, verifications } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site, secret } from '../web/client.ts'
import { wallNow } from '../web/small-network.ts'
import { actionsOf, addNetwork, addUser, forgetEverybody, goodPassword, mailbox } from './people.ts'

let store: TestDatabase
let site: Site
let mail: ReturnType<typeof mailbox>
let networkId: string
let marie: string
const email = 'marie@example.org'
const minute = 60_000

beforeAll(async () => {
  store = await freshDatabase()
})
beforeEach(async () => {
  await forgetEverybody(store.db)
  networkId = await addNetwork(store.db, 'demo', 1)
  marie = await addUser(store.db, { email, password: goodPassword, roles: [[networkId, 'marketer']] })
  mail = mailbox()
  site = openSite(store.db, undefined, { mailer: mail.mailer })
})
afterAll(() => store.drop())

const signIn = (browser: Browser, password = goodPassword, who = email) => browser.post('/', { email: who, password })
const later = (ms: number) => {
  site.clock.at = new Date(site.clock.at.getTime() + ms)
}
const isIn = async (browser: Browser) => (await browser.get('/account')).status === 200

/** A page without what differs at every answer. */
const textOf = async (response: Response, ...own: string[]) =>
  own.reduce((text, part) => text.replaceAll(part, ''), (await response.text()).replace(/nonce="[^"]*"/g, ''))

test('address and password open a session; the address may be typed in capitals', async () => {
  const browser = site.browser()
  const answer = await signIn(browser, goodPassword, ' Marie@Example.ORG ')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console'])
  expect(await isIn(browser)).toBe(true)
  expect(await actionsOf(store.db)).toEqual(['user.sign_in'])
})

test('whoever was on the way somewhere goes on there, and nowhere else', async () => {
  const browser = site.browser()
  expect((await browser.get('/console/outbox?channel=sms')).headers.get('location')).toBe('/')
  expect((await signIn(browser)).headers.get('location')).toBe('/console/outbox?channel=sms')
  const lured = site.browser()
  lured.cookies.set('relais_wanted', encodeURIComponent('//evil.example/'))
  expect((await signIn(lured)).headers.get('location')).toBe('/console')
})

test('a wrong password, a user without one and an unknown address get the same answer for the same work', async () => {
  await addUser(store.db, { email: 'paul@example.org' })
  const answers = new Set<string>()
  const work = new Set<string>()
  for (const who of [email, 'paul@example.org', 'nobody@example.org']) {
    await store.db.delete(rateLimits)
    const counted = countingDb(store.db)
    const watched = openSite(counted.db, undefined, { mailer: mail.mailer })
    const answer = await watched.browser().post('/', { email: who, password: 'not the right one at all' })
    answers.add(`${answer.status} ${await textOf(answer, who)}`)
    work.add(counted.queries.join(' '))
  }
  expect([...answers]).toHaveLength(1)
  expect([...answers][0]).toMatch(/^422 /)
  expect([...work]).toHaveLength(1)
  const refused = await store.db.select({ subject: auditEntries.subject }).from(auditEntries).orderBy(auditEntries.seq)
  expect(refused.at(-1)!.subject).toBe('unknown')
  expect(JSON.stringify(await store.db.select().from(auditEntries))).not.toContain('nobody@')
})

test('a hash is worked out for a wrong password, for no password and for an unknown address alike', async () => {
  await addUser(store.db, { email: 'paul@example.org' })
  const { $context, ...auth } = createAuth({ db: store.db, wall: site.deps.wall, secret, publicUrl })
  const context = await $context
  const checked: string[] = []
  const counting = {
    ...auth,
    $context: Promise.resolve({
      ...context,
      password: {
        ...context.password,
        verify: async (given: { hash: string; password: string }) => {
          checked.push(given.hash)
          return context.password.verify(given)
        },
      },
    }),
  }
  for (const who of [email, 'paul@example.org', 'nobody@example.org']) {
    const found = await userByPassword(counting, store.db, { email: who, password: 'not the right one at all' })
    expect(found.userId).toBeUndefined()
  }
  expect(checked).toHaveLength(3)
  for (const hash of checked) expect(hash).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
})

test('a link by mail: same answer and same work for a known, a disabled and an unknown address, and one mail', async () => {
  const disabled = await addUser(store.db, { email: 'gone@example.org' })
  await store.db.update(users).set({ disabledAt: wallNow }).where(eq(users.id, disabled))
  const answers = new Set<string>()
  const work = new Set<string>()
  for (const who of ['nobody@example.org', 'gone@example.org', email]) {
    await store.db.delete(rateLimits)
    const counted = countingDb(store.db)
    const watched = openSite(counted.db, undefined, { mailer: mail.mailer })
    const answer = await watched.browser().post('/sign-in/link', { email: who })
    answers.add(`${answer.status} ${answer.headers.get('location')} ${await answer.text()}`)
    work.add(counted.queries.join(' '))
  }
  expect([...answers]).toEqual(['303 /sign-in/link/sent '])
  expect([...work]).toHaveLength(1)
  expect(await mail.takeLink()).toMatch(/^\/sign-in\/[\w-]{43}$/)
  expect(mail.mails).toEqual([])
  expect(await store.db.$count(verifications)).toBe(3)
})

test('a mailed link opens one session once, and not after half an hour', async () => {
  await site.browser().post('/sign-in/link', { email })
  const link = await mail.takeLink()
  expect((await site.browser().get(link)).status).toBe(200)
  expect((await site.browser().post(link)).status).toBe(303)
  const again = await site.browser().post(link)
  expect(again.status).toBe(404)
  expect(await again.text()).toContain('action="/sign-in/link"')
  await site.browser().post('/sign-in/link', { email })
  const late = await mail.takeLink()
  later(30 * minute)
  expect((await site.browser().post(late)).status).toBe(404)
  expect(await store.db.$count(sessions)).toBe(1)
})

test('the mail is in the language of its reader, and carries nothing but the link', async () => {
  await store.db.update(users).set({ language: 'en', name: 'Marie <b>' }).where(eq(users.id, marie))
  await site.browser().post('/sign-in/link', { email })
  await mail.takeLink()
  await site.browser().post('/sign-in/link', { email })
  const [sent] = mail.mails
  expect(sent!.subject).toBe('Your link to sign in to Relais')
  expect(sent!.text).toContain('Hello Marie <b>,')
  expect(sent!.html).toContain('Hello Marie &lt;b&gt;,')
  expect(sent!.html).not.toMatch(/<img|<script/)
})

test('only so many mails go to one address, however often and from wherever somebody asks', async () => {
  for (let n = 0; n < 9; n++) await site.browser(`198.51.100.${n}`).post('/sign-in/link', { email })
  await site.browser().post('/sign-in/link', { email: 'nobody@example.org' })
  expect(mail.mails).toHaveLength(4)
})

test('without a mail service the page does not say that a mail left', async () => {
  const kept = mailbox({ is: 'kept', place: '/var/lib/relais/mail/1.txt' })
  const local = openSite(store.db, undefined, { mailer: kept.mailer })
  const page = await (await local.browser().get('/sign-in/link/sent?lang=en')).text()
  expect(page).toContain('This server has no mail service')
  expect(page).not.toContain('has just left')
})

test('guessing is stopped for one account from one place; the account’s owner elsewhere is not', async () => {
  const guesser = '203.0.113.9'
  const answers: number[] = []
  for (let n = 0; n < 7; n++) answers.push((await signIn(site.browser(guesser), `guess number ${n} of many`)).status)
  expect(answers).toEqual([422, 422, 422, 422, 422, 429, 429])
  const stopped = await signIn(site.browser(guesser))
  expect(stopped.status).toBe(429)
  expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(60)
  expect((await signIn(site.browser('198.51.100.4'))).status).toBe(303)
  later(15 * minute)
  expect((await signIn(site.browser(guesser))).status).toBe(303)
})

test('a forged header neither gives a guesser new tries nor spends those of somebody else', async () => {
  const forged = (n: number) => ({
    'x-forwarded-for': `198.51.100.${n}`,
    'x-relais-ip': `198.51.100.${n}`,
    'x-real-ip': `198.51.100.${n}`,
    forwarded: `for=198.51.100.${n}`,
  })
  const browser = site.browser('203.0.113.9')
  for (let n = 0; n < 5; n++) await browser.post('/', { email, password: 'a guess of many words' }, forged(n))
  expect((await browser.post('/', { email, password: goodPassword }, forged(99))).status).toBe(429)
  for (let n = 0; n < 5; n++)
    expect((await signIn(site.browser(`198.51.100.${n}`))).status, `198.51.100.${n}`).toBe(303)
})

/** Tries that failed, without the cost of their hashes. */
async function failedTries(count: number, given: (n: number) => { email: string; address: string }): Promise<void> {
  for (let n = 0; n < count; n++) await allowPassword(store.db, { ...given(n), now: site.clock.at })
}

test('one place is stopped over all the addresses it tries, known or not', async () => {
  await failedTries(49, (n) => ({ email: `user${n}@example.org`, address: '203.0.113.9' }))
  expect((await signIn(site.browser('203.0.113.9'), 'a guess of many words', 'last@example.org')).status).toBe(422)
  expect((await signIn(site.browser('203.0.113.9'))).status).toBe(429)
  expect((await signIn(site.browser('203.0.113.10'))).status).toBe(303)
})

test('an account attacked from everywhere is slowed down, yet its own device, links and passkeys are not', async () => {
  const own = site.browser('192.0.2.50')
  expect((await signIn(own)).status).toBe(303)
  await own.post('/sign-out')
  await failedTries(40, (n) => ({ email, address: `198.51.${n}.7` }))
  const fresh = await signIn(site.browser('192.0.2.60'))
  expect(fresh.status).toBe(429)
  expect(Number(fresh.headers.get('retry-after'))).toBeLessThanOrEqual(30)
  expect((await signIn(own)).status).toBe(303)
  await site.browser('192.0.2.61').post('/sign-in/link', { email })
  expect((await site.browser('192.0.2.61').post(await mail.takeLink())).status).toBe(303)
  expect((await site.browser('192.0.2.61').post('/sign-in/passkey/options')).status).toBe(200)
  later(31_000)
  expect((await signIn(site.browser('192.0.2.60'))).status).toBe(303)
})

test('a device known for one address is a stranger to another, and a forged one to all', async () => {
  const own = site.browser('203.0.113.9')
  await signIn(own)
  await addUser(store.db, { email: 'paul@example.org', password: goodPassword })
  for (let n = 0; n < 5; n++) await signIn(own, 'a guess of many words', 'paul@example.org')
  expect((await signIn(own, goodPassword, 'paul@example.org')).status).toBe(429)
  const forger = site.browser('203.0.113.10')
  forger.cookies.set('relais_device', `${decodeURIComponent(own.cookies.get('relais_device')!).split('.')[0]}.x.forged`)
  for (let n = 0; n < 5; n++) await signIn(forger, 'a guess of many words')
  expect((await signIn(forger)).status).toBe(429)
})

test('tries made at the same moment all count', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => signIn(site.browser('203.0.113.9'), 'a guess of many words')),
  )
  expect(answers.filter((answer) => answer.status === 422)).toHaveLength(5)
})

test('the addresses that were tried are in no table', async () => {
  await signIn(site.browser(), 'a guess of many words', 'secret.person@example.org')
  await site.browser().post('/sign-in/link', { email: 'secret.person@example.org' })
  const kept = [await store.db.select().from(rateLimits), await store.db.select().from(verifications)]
  expect(JSON.stringify(kept)).not.toContain('secret')
})

test.each(['/', '/sign-in/link', '/sign-in/code', '/sign-in/passkey', '/sign-in/passkey/options', '/account'])(
  'a form that another site posts to %s is refused',
  async (path) => {
    const browser = site.browser()
    await signIn(browser)
    const before = await store.db.$count(auditEntries)
    const forged = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const form = { email, password: goodPassword, name: 'Eve', language: 'en' }
    expect((await browser.post(path, form, forged)).status).toBe(403)
    expect(await store.db.$count(auditEntries)).toBe(before)
  },
)

test('a user who is disabled is out with the next request, and no way in works', async () => {
  const browser = site.browser()
  await signIn(browser)
  await site.browser().post('/sign-in/link', { email })
  const link = await mail.takeLink()
  await store.db.update(users).set({ disabledAt: wallNow }).where(eq(users.id, marie))
  expect(await isIn(browser)).toBe(false)
  expect((await signIn(site.browser())).status).toBe(422)
  expect((await site.browser().post(link)).headers.get('location')).toBe('/?sign-in=refused')
  expect(await store.db.$count(sessions)).toBe(1)
})

test('a session ends after four idle days, and after thirty however busy', async () => {
  const day = 24 * 60 * minute
  const idle = site.browser()
  const busy = site.browser()
  await signIn(idle)
  await signIn(busy)
  later(4 * day - 1)
  expect(await isIn(busy)).toBe(true)
  later(1)
  expect(await isIn(idle)).toBe(false)
  for (let n = 1; n <= 8; n++) {
    later(3 * day)
    expect(await isIn(busy), `day ${4 + 3 * n}`).toBe(true)
  }
  later(2 * day)
  expect(await isIn(busy)).toBe(false)
  expect(await store.db.$count(sessions)).toBe(0)
})

test('a signed-in user sees their sessions and ends one, or all others', async () => {
  const [here, there, third] = [site.browser(), site.browser(), site.browser()]
  await signIn(here)
  for (const browser of [there, third])
    await browser.post(
      '/',
      { email, password: goodPassword },
      { 'user-agent': 'Mozilla/5.0 (iPhone) Version/17.0 Safari/605' },
    )
  const page = await (await here.get('/account?lang=en')).text()
  expect(page).toContain('Safari on iPhone')
  const [path] = /\/account\/sessions\/[^"/]+\/end/.exec(page)!
  expect((await here.post(path)).status).toBe(303)
  expect(await store.db.$count(sessions)).toBe(2)
  await here.post('/account/sessions/others')
  expect(await store.db.$count(sessions)).toBe(1)
  expect([await isIn(here), await isIn(there), await isIn(third)]).toEqual([true, false, false])
})

test('nobody ends another user’s session', async () => {
  await addUser(store.db, { email: 'paul@example.org', password: goodPassword })
  const [mine, theirs] = [site.browser(), site.browser()]
  await signIn(mine)
  const [session] = await store.db.select().from(sessions)
  await signIn(theirs, goodPassword, 'paul@example.org')
  expect((await theirs.post(`/account/sessions/${session!.id}/end`)).status).toBe(404)
  expect(await isIn(mine)).toBe(true)
})

test('a new password needs the old one, gives this session a new cookie and ends the others', async () => {
  const [here, there] = [site.browser(), site.browser()]
  await signIn(here)
  await signIn(there)
  const before = here.cookies.get('relais.session_token')
  const old = new Map(here.cookies)
  const next = 'un parapluie vert au fond du jardin'
  expect((await here.post('/account/password', { current: 'not this one at all', password: next })).status).toBe(422)
  expect((await here.post('/account/password', { current: goodPassword, password: 'marie@example.org' })).status).toBe(
    422,
  )
  expect((await here.post('/account/password', { current: goodPassword, password: next })).status).toBe(303)
  expect(here.cookies.get('relais.session_token')).not.toBe(before)
  expect([await isIn(here), await isIn(there)]).toEqual([true, false])
  const thief = site.browser()
  for (const [name, value] of old) thief.cookies.set(name, value)
  expect(await isIn(thief)).toBe(false)
  expect((await signIn(site.browser())).status).toBe(422)
  expect((await signIn(site.browser(), next)).status).toBe(303)
  expect(await actionsOf(store.db)).toContain('user.password_change')
})

test('half an hour after signing in, a way in is changed only after signing in again, and one comes back', async () => {
  const browser = site.browser()
  await signIn(browser)
  later(31 * minute)
  expect((await browser.get('/account')).status).toBe(200)
  for (const path of ['/account/password', '/account/passkeys', '/account/two-factor'])
    expect((await browser.get(path)).status, path).toBe(403)
  expect((await browser.post('/account/two-factor')).status).toBe(403)
  expect((await browser.post('/account/again', { to: '/account/two-factor' })).headers.get('location')).toBe('/')
  expect((await signIn(browser)).headers.get('location')).toBe('/account/two-factor')
})

test('a session keeps its age when it gets a new cookie', async () => {
  const browser = site.browser()
  await signIn(browser)
  later(20 * minute)
  await browser.post('/account/password', { current: goodPassword, password: 'un parapluie vert au fond du jardin' })
  later(11 * minute)
  expect((await browser.get('/account/password')).status).toBe(403)
})

/** Turns the second step on, and returns the key and the backup codes. */
async function enrol(browser: Browser): Promise<{ key: Uint8Array; codes: string[] }> {
  await browser.post('/account/two-factor')
  const page = await (await browser.get('/account/two-factor/confirm')).text()
  const key = keyIn(/<code>([A-Z2-7 ]+)<\/code>/.exec(page)![1]!)
  const done = await browser.post('/account/two-factor/confirm', { code: codeAtStep(key, stepAt(site.clock.at)) })
  const codes = [...(await done.text()).matchAll(/<code>([a-z2-7]{5}-[a-z2-7]{5})<\/code>/g)].map(([, code]) => code!)
  expect(codes).toHaveLength(10)
  return { key, codes }
}

function keyIn(text: string): Uint8Array {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...text.replaceAll(' ', '')]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, n) =>
    Number.parseInt(bits.slice(n * 8, n * 8 + 8), 2),
  )
  expect(base32(key)).toBe(text.replaceAll(' ', ''))
  return key
}

const codeNow = (key: Uint8Array) => codeAtStep(key, stepAt(site.clock.at))

test('with the second step on, the password alone opens nothing; each code works once', async () => {
  const [here, there] = [site.browser(), site.browser()]
  await signIn(here)
  await signIn(there)
  const { key } = await enrol(here)
  expect([await isIn(here), await isIn(there)]).toEqual([true, false])
  const browser = site.browser()
  expect((await signIn(browser)).headers.get('location')).toBe('/sign-in/code')
  expect(await isIn(browser)).toBe(false)
  // The code that turned it on is used up, though its half minute is not over.
  expect((await browser.post('/sign-in/code', { code: codeNow(key) })).status).toBe(422)
  later(30_000)
  const code = codeNow(key)
  expect((await browser.post('/sign-in/code', { code: `${code.slice(0, 3)} ${code.slice(3)}` })).status).toBe(303)
  expect(await isIn(browser)).toBe(true)
  const replay = site.browser()
  await signIn(replay)
  expect((await replay.post('/sign-in/code', { code })).status).toBe(422)
  expect(await isIn(replay)).toBe(false)
  expect(await actionsOf(store.db)).toContain('user.two_factor_on')
})

test('one code opens one session, however often it is posted at once', async () => {
  const here = site.browser()
  await signIn(here)
  const { key } = await enrol(here)
  later(60_000)
  const browsers = [site.browser(), site.browser(), site.browser()]
  for (const browser of browsers) await signIn(browser)
  const answers = await Promise.all(browsers.map((browser) => browser.post('/sign-in/code', { code: codeNow(key) })))
  expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422, 422])
})

test('a mailed link asks for the code too; the operator’s link does not', async () => {
  const here = site.browser()
  await signIn(here)
  await enrol(here)
  const browser = site.browser()
  await browser.post('/sign-in/link', { email })
  expect((await browser.post(await mail.takeLink())).headers.get('location')).toBe('/sign-in/code')
  expect(await isIn(browser)).toBe(false)
  expect((await browser.post(await site.link(email))).headers.get('location')).not.toBe('/sign-in/code')
  expect(await isIn(browser)).toBe(true)
})

test('a backup code stands for the phone once; new ones replace all old ones', async () => {
  const here = site.browser()
  await signIn(here)
  const { codes } = await enrol(here)
  const kept = (await store.db.select().from(twoFactors))[0]!
  for (const code of codes) expect(JSON.stringify(kept)).not.toContain(code.replace('-', ''))
  const [first, second] = [site.browser(), site.browser()]
  for (const browser of [first, second]) await signIn(browser)
  expect((await first.post('/sign-in/code', { code: codes[3]!.toUpperCase() })).status).toBe(303)
  expect((await second.post('/sign-in/code', { code: codes[3]! })).status).toBe(422)
  await here.post('/account/two-factor/codes')
  expect((await second.post('/sign-in/code', { code: codes[4]! })).status).toBe(422)
})

test('codes cannot be guessed: after ten tries, the account waits', async () => {
  const here = site.browser()
  await signIn(here)
  const { key } = await enrol(here)
  later(16 * minute)
  const answers: number[] = []
  for (let n = 0; n < 12; n++) {
    const browser = site.browser(`198.51.100.${n}`)
    await signIn(browser)
    answers.push((await browser.post('/sign-in/code', { code: String(n).padStart(6, '0') })).status)
  }
  expect(answers.slice(-2)).toEqual([429, 429])
  later(16 * minute)
  const browser = site.browser('192.0.2.60')
  await signIn(browser)
  expect((await browser.post('/sign-in/code', { code: codeNow(key) })).status).toBe(303)
})

test('the first step is forgotten after ten minutes, and cannot be invented', async () => {
  const here = site.browser()
  await signIn(here)
  const { key } = await enrol(here)
  const browser = site.browser()
  await signIn(browser)
  later(10 * minute)
  expect((await browser.post('/sign-in/code', { code: codeNow(key) })).headers.get('location')).toBe(
    '/?sign-in=refused',
  )
  const forger = site.browser()
  forger.cookies.set('relais_second_step', 'A'.repeat(43))
  expect((await forger.post('/sign-in/code', { code: codeNow(key) })).headers.get('location')).toBe('/?sign-in=refused')
})

test('turning the second step off ends the other sessions, and the password is enough again', async () => {
  const here = site.browser()
  await signIn(here)
  await enrol(here)
  const before = here.cookies.get('relais.session_token')
  expect((await here.post('/account/two-factor/end')).status).toBe(303)
  expect(here.cookies.get('relais.session_token')).not.toBe(before)
  expect((await signIn(site.browser())).headers.get('location')).toBe('/console')
})

test('an address changes only once its own mailbox has answered', async () => {
  const browser = site.browser()
  await signIn(browser)
  await browser.post('/account', { name: 'Marie V.', email: 'marie@maison.example', language: 'fr' })
  const [before] = await store.db.select().from(users).where(eq(users.id, marie))
  expect([before!.name, before!.email]).toEqual(['Marie V.', email])
  const link = await mail.takeLink()
  const other = site.browser()
  await addUser(store.db, { email: 'paul@example.org', password: goodPassword })
  await signIn(other, goodPassword, 'paul@example.org')
  expect((await other.post(link)).status).toBe(404)
  // Whoever is not the one who asked has used it up for nobody.
  await browser.post('/account', { name: 'Marie V.', email: 'marie@maison.example', language: 'fr' })
  const mine = await mail.takeLink()
  expect((await browser.get(mine)).status).toBe(200)
  expect((await browser.post(mine)).status).toBe(303)
  expect((await signIn(site.browser(), goodPassword, 'marie@maison.example')).status).toBe(303)
  expect((await signIn(site.browser())).status).toBe(422)
})

test('an address that somebody has cannot be taken', async () => {
  await addUser(store.db, { email: 'paul@example.org' })
  const browser = site.browser()
  await signIn(browser)
  await browser.post('/account', { name: 'Marie', email: 'paul@example.org', language: 'fr' })
  expect((await browser.post(await mail.takeLink())).status).toBe(404)
  const [user] = await store.db.select().from(users).where(eq(users.id, marie))
  expect(user!.email).toBe(email)
})

test('nothing of better-auth’s own is reachable, nor any way to sign up', async () => {
  for (const path of [
    '/sign-in/sign-up/email',
    '/sign-in/sign-in/email',
    '/sign-in/get-session',
    '/sign-in/sign-in/social',
    '/sign-in/list-sessions',
    '/sign-in/passkey/verify-authentication',
    '/sign-in/relais/start-session',
    '/api/auth/sign-up/email',
  ]) {
    const form = { email: 'eve@example.org', password: goodPassword, name: 'Eve', userId: marie }
    expect((await site.browser().post(path, form)).status, path).toBeGreaterThanOrEqual(404)
    const json = await site.app.request(
      publicUrl + path,
      {
        method: 'POST',
        body: JSON.stringify(form),
        headers: { 'content-type': 'application/json', origin: publicUrl },
      },
      { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
    )
    expect(json.status, path).toBeGreaterThanOrEqual(404)
  }
  expect(await store.db.$count(users)).toBe(1)
  expect(await store.db.$count(sessions)).toBe(0)
})

/** The database, with every query's verb and table written down. */
function countingDb(db: typeof store.db): { db: typeof store.db; queries: string[] } {
  const queries: string[] = []
  const watch = <T extends object>(inner: T): T =>
    new Proxy(inner, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver)
        if (typeof value !== 'function') return value
        if (name === 'transaction')
          return (work: (tx: object) => unknown) => Reflect.apply(value, target, [(tx: object) => work(watch(tx))])
        if (['select', 'insert', 'update', 'delete'].includes(String(name)))
          return (...given: unknown[]) => {
            queries.push(String(name))
            return Reflect.apply(value, target, given)
          }
        return value.bind(target)
      },
    })
  return { db: watch(db), queries }
}

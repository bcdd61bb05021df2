import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browsing, openForBrowsing } from './browsing.ts'
import { pagePaths } from './pages.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * Every page in two looks; which two changes from page to page, so that each width meets each language and light
 * without every page being seen eight times.
 */
const looks = [
  { width: 1280, language: 'fr', light: 'light' },
  { width: 390, language: 'en', light: 'dark' },
  { width: 1280, language: 'en', light: 'dark' },
  { width: 390, language: 'fr', light: 'light' },
] as const

let here: Browsing & { browser: Browser }
let paths: string[]

beforeAll(async () => {
  here = await openForBrowsing()
  paths = await pagePaths(here.demo, here.store.db)
})
afterAll(() => here?.close())

interface Seen {
  page: Page
  complaints: string[]
  context: BrowserContext
}

async function openAs({ width, language, light }: (typeof looks)[number]): Promise<Seen> {
  const context = await here.browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 800 },
    colorScheme: light,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // The sample e-mail carries a pixel, which its preview must refuse; a page that says 404 is one to look at too.
    const isExpected = message.text().includes('/o/abc.gif') || message.text().includes('status of 404')
    if (message.type() === 'error' && !isExpected) complaints.push(message.text())
  })
  await here.signIn(page)
  await page.goto(`${here.publicUrl}/console?lang=${language}`)
  return { page, complaints, context }
}

/** A file to keep is no page to look at. */
function ifDownload(error: unknown): null {
  if (String(error).includes('Download is starting')) return null
  throw error
}

/** What axe objects to, and whether the page sticks out sideways. Previews of messages are their authors'. */
async function lookAt({ page, complaints }: Seen, path: string): Promise<string[]> {
  complaints.length = 0
  const answer = await page.goto(here.publicUrl + path, { waitUntil: 'load' }).catch(ifDownload)
  // A message shown in a frame is its author's, and its sandbox lets no script look at it.
  if (!(await answer?.text())?.includes('/relais.css')) return []
  await page.evaluate(axe)
  const found = (await page.evaluate(`(async () => {
    const { violations } = await axe.run(document, {
      iframes: false,
      resultTypes: ['violations'],
      runOnly: ${JSON.stringify(rules)},
    })
    const wide = document.documentElement.scrollWidth - window.innerWidth
    return [
      ...violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join(' | ')),
      ...(wide > 0 ? [wide + ' px too wide'] : []),
    ]
  })()`)) as string[]
  return [...found, ...complaints].map((problem) => `${path} — ${problem}`)
}

test.each([
  ['on a desk', 0],
  ['on a phone', 1],
])(
  'no page %s has a fault that axe can find, sticks out sideways or complains in the console',
  async (_, parity) => {
    const [one, two] = await Promise.all([openAs(looks[parity]!), openAs(looks[parity + 2]!)])
    // The second look of each parity swaps language and light.
    const problems = await Promise.all([
      ...[one, two].map(async (seen, which) => {
        const mine = paths.filter((_path, n) => n % 2 === which)
        const said: string[] = []
        for (const path of mine) said.push(...(await lookAt(seen, path)))
        return said
      }),
    ])
    await Promise.all([one.context.close(), two.context.close()])
    expect(problems.flat()).toEqual([])
    expect(paths.length).toBeGreaterThan(10)
  },
  300_000,
)

test('before signing in, no page has a fault that axe can find', async () => {
  const context = await here.browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'fr-FR' })
  const page = await context.newPage()
  const problems: string[] = []
  for (const path of ['/', '/sign-in/nothing', '/nowhere'])
    problems.push(...(await lookAt({ page, context, complaints: [] }, path)))
  await context.close()
  expect(problems).toEqual([])
})

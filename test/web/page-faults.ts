import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe objects to on the page one is on, and whether it sticks out sideways. Previews are their authors'. */
export async function pageFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return (await page.evaluate(`(async () => {
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
}

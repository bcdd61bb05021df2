import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { loadTemplates } from '../../src/campaign/templates.ts'
import type { EmailContent } from '../../src/channel.ts'
import { type Look, withDress } from '../../src/render/dress.ts'
import { compile } from '../../src/render/render.ts'
import { sampleUrls, sampleValues } from './sample.ts'

const catalog = loadTemplates()
const mails = [...catalog.names]
  .filter((template) => catalog.channels(template).includes('email'))
  .flatMap((template) =>
    [390, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ template, width, scheme }))),
  )

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

interface Measured {
  contrasts: { text: string; ratio: number; size: number }[]
  targets: number[]
  wide: number
}

/** What a reader would stumble over, measured in the page; a text, since these sources are not compiled for one. */
const measure = `(() => {
  const luminance = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((value) => {
      const part = value / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number)
  const backgroundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor)
      if (color[3] !== 0) return color
    }
    return [255, 255, 255]
  }
  const texts = [...document.querySelectorAll('body *')].filter(
    (element) =>
      element.getBoundingClientRect().height > 0 &&
      getComputedStyle(element).opacity !== '0' &&
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()),
  )
  const contrasts = texts.map((element) => {
    const style = getComputedStyle(element)
    const [light, dark] = [luminance(channels(style.color)), luminance(backgroundOf(element))].sort((a, b) => b - a)
    return { text: element.textContent.trim().slice(0, 30), ratio: (light + 0.05) / (dark + 0.05), size: parseFloat(style.fontSize) }
  })
  const links = [...document.querySelectorAll('.button-link, .footer a')]
  return {
    contrasts,
    targets: links.map((link) => link.getBoundingClientRect().height),
    wide: document.documentElement.scrollWidth - window.innerWidth,
  }
})()`

describe('An e-mail in a browser', () => {
  it.each(mails)('can be read and tapped: $template at $width px, $scheme', async ({ template, width, scheme }) => {
    const compiled = await compile(catalog.find(template, 'email', 'fr')!.source, 'email', 'fr')
    const { html } = compiled.render(sampleValues(), sampleUrls({ open: undefined })) as EmailContent
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme })
    await page.setContent(html)
    const { contrasts, targets, wide } = await page.evaluate<Measured>(measure)
    await page.close()
    expect(contrasts.filter(({ ratio }) => ratio < 4.5)).toEqual([])
    expect(contrasts.filter(({ size }) => size < 14)).toEqual([])
    expect(contrasts.length).toBeGreaterThan(5)
    expect(Math.min(...targets)).toBeGreaterThanOrEqual(44)
    expect(wide).toBeLessThanOrEqual(0)
  })

  const logo = { file: '1-0f.png', width: 880, height: 224, alt: { fr: 'Réseau Horizon, réseau de partenaires' } }
  const looks: [name: string, look: Pick<Look, 'main' | 'accent'>][] = [
    ['pale', { main: '#ffe600', accent: '#ffffff' }],
    ['dark', { main: '#0b1020', accent: '#000000' }],
    ['middling', { main: '#808080', accent: '#ff00ff' }],
  ]
  const worn = looks.flatMap(([name, look]) =>
    [390, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ name, look, width, scheme }))),
  )

  it.each(worn)(
    'can be read in a $name brand beside a partner at $width px, $scheme',
    async ({ look, width, scheme }) => {
      const dress = {
        look: {
          ...look,
          logo,
          address: ['3 quai de la Marne', '51000 Châlons'],
          signature: ['Claire'],
          legal: 'RCS Reims',
        },
        pictures: {},
      }
      const source = withDress(catalog.find('challenge/launch', 'email', 'fr')!.source, 'email', dress)
      const partner = { name: 'avec Bâti Pro Lyon', logo: { ...logo, file: '1-0e.png' } }
      const { html } = (await compile(source, 'email', 'fr')).render(
        sampleValues({ partner }),
        sampleUrls({ open: undefined, site: 'http://127.0.0.1:9' }),
      ) as EmailContent
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme })
      await page.setContent(html)
      const { contrasts, targets, wide } = await page.evaluate<Measured>(measure)
      await page.close()
      expect(contrasts.filter(({ ratio }) => ratio < 4.5)).toEqual([])
      expect(contrasts.map(({ text }) => text)).toContain('avec Bâti Pro Lyon')
      expect(Math.min(...targets)).toBeGreaterThanOrEqual(44)
      expect(wide).toBeLessThanOrEqual(0)
    },
  )
})

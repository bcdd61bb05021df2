import { describe, expect, test, vi } from 'vitest'
import { loadTemplates } from '../../src/campaign/templates.ts'
import { type Dress, type Picture, withDress } from '../../src/render/dress.ts'
import { channelNames, languages } from '../../src/words.ts'
import { plainUrls, sampleUrls, sampleValues } from './sample.ts'

const catalog = loadTemplates()
const logo: Picture = { file: '1-0f.png', width: 880, height: 224, alt: { fr: 'Horizon', en: 'Horizon' } }
const look = {
  main: '#ffd500',
  accent: '#b3001b',
  logo,
  address: ['3 quai de la Marne', '51000 Châlons <Nord>'],
  signature: ['Claire Fontaine', 'Directrice'],
  legal: 'Horizon SAS',
} as const
const dresses: (Dress | undefined)[] = [
  undefined,
  { look: { ...look, address: [...look.address], signature: [...look.signature] }, pictures: {} },
  { look: { main: '#0a6070', accent: '#e0a526', signature: ['Seule'] }, pictures: {} },
]
const partners = [undefined, { name: 'Bâti & Fils' }, { name: 'B"P', logo }]
const people = [
  sampleValues(),
  sampleValues({ contact: { language: 'fr', isShared: true } }),
  sampleValues({ contact: { language: 'fr', isShared: false, salutation: 'Mme', lastName: 'O’<b>' } }),
]
const addresses = [sampleUrls(), plainUrls, sampleUrls({ site: 'https://other.example' })]

/** The renderer as it is, and one in which every template is walked by LiquidJS from end to end. */
async function renderers() {
  const straight = await import('../../src/render/render.ts')
  vi.resetModules()
  vi.doMock('../../src/render/straight-line.ts', () => ({ straightLine: () => undefined }))
  const interpreted = await import('../../src/render/render.ts')
  const { parseLiquid } = await import('../../src/render/liquid.ts')
  expect(parseLiquid('{{ a }}', 'text').straight).toBeUndefined()
  vi.doUnmock('../../src/render/straight-line.ts')
  // The files of a project share their modules: what was loaded beside the mock must not stay for the next.
  vi.resetModules()
  return { straight, interpreted }
}

describe('What is written once for everyone', () => {
  test('gives the very bytes that LiquidJS gives for each, whatever the template, look, partner and person', async () => {
    const { straight, interpreted } = await renderers()
    let compared = 0
    for (const template of catalog.names)
      for (const channel of channelNames)
        for (const language of languages)
          for (const dress of dresses) {
            const found = catalog.find(template, channel, language)
            if (!found) continue
            const source = dress ? withDress(found.source, channel, dress) : found.source
            const ours = await straight.compile(source, channel, language)
            const theirs = await interpreted.compile(source, channel, language)
            for (const partner of partners)
              for (const person of people)
                for (const urls of addresses) {
                  const values = { ...person, partner, campaign: { ...person.campaign, class: 'relational' as const } }
                  expect(ours.render(values, urls), `${template} ${channel} ${language}`).toEqual(
                    theirs.render(values, urls),
                  )
                  compared++
                }
          }
    expect(compared).toBeGreaterThan(3_000)
  })
})

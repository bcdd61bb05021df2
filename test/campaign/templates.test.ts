import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fieldsOf } from '../../src/campaign/merge.ts'
import { loadTemplates, templateCatalog } from '../../src/campaign/templates.ts'
import { checkTemplate } from '../../src/render/check.ts'
import { compile } from '../../src/render/render.ts'
import { languages } from '../../src/words.ts'
import { sampleUrls, sampleValues } from '../render/sample.ts'

const catalog = loadTemplates()
const own = ['prize', 'next', 'headline', 'details', 'instruction', 'contact']
const classOf = (template: string) => (template.startsWith('notice/') ? 'urgent_service' : 'marketing')

const all = [...catalog.names].flatMap((template) =>
  catalog.channels(template).flatMap((channel) => languages.map((language) => ({ template, channel, language }))),
)

describe('The templates that come with Relais', () => {
  it('are all read: none has a name that says neither language nor channel', () => {
    expect(catalog.unread).toEqual([])
    expect(all.length).toBeGreaterThan(40)
  })

  it.each(all)('have words without a fault: $template, $channel, $language', ({ template, channel, language }) => {
    const words = catalog.find(template, channel, language)
    expect(words && checkTemplate(words.source, channel, fieldsOf(own), classOf(template))).toEqual([])
  })

  it.each(all)(
    'go out to everyone, named or not: $template, $channel, $language',
    async ({ template, channel, language }) => {
      const compiled = await compile(catalog.find(template, channel, language)!.source, channel, language)
      const base = sampleValues()
      const campaign = {
        ...base.campaign,
        class: classOf(template),
        values: {
          headline: 'Fermeture exceptionnelle de la centrale demain',
          details: 'En raison d’un incident électrique, la centrale sera fermée demain.',
        },
      } as const
      const nobody = { language, isShared: true } as const
      for (const contact of [{ ...base.contact, language }, { language, isShared: false }, nobody]) {
        const content = compiled.render({ ...base, contact, campaign }, sampleUrls())
        expect(JSON.stringify(content)).not.toMatch(/\{\{|\{%|lqd[ot]\d|undefined|\bnull\b|,,| ,/)
        if (content.channel === 'sms') expect(content).toMatchObject({ parts: 1 })
        if (content.channel === 'sms') expect(content.text.includes('STOP')).toBe(classOf(template) === 'marketing')
        if (content.channel === 'email') {
          expect(content.preheader.length).toBeGreaterThanOrEqual(40)
          expect(content.preheader.length).toBeLessThanOrEqual(90)
          expect(content.subject.length).toBeLessThanOrEqual(70)
          expect(content.text).toContain('https://rl.fr/')
        }
      }
    },
  )
})

describe('A catalogue', () => {
  it('reads a folder, and says which files it could not place', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relais-templates-'))
    mkdirSync(join(folder, 'own'))
    writeFileSync(join(folder, 'own/offer.fr.sms.txt'), 'Offre : {{ link }}')
    writeFileSync(join(folder, 'own/offer.sms.txt'), 'no language')
    const found = loadTemplates(folder)
    rmSync(folder, { recursive: true })
    expect(found.channels('own/offer')).toEqual(['sms'])
    expect(found.find('own/offer', 'sms', 'fr')).toEqual({ path: 'own/offer.fr.sms.txt', source: 'Offre : {{ link }}' })
    expect(found.find('own/offer', 'sms', 'en')).toBeUndefined()
    expect(found.unread).toEqual(['own/offer.sms.txt'])
  })

  it('keeps the layout with the words, so that a stored version stays whole', async () => {
    const words = '---\nsubject: S\n---\nBonjour\n'
    const layout = (color: string) =>
      `<mjml><mj-body background-color="${color}"><mj-section><mj-column><mj-text>\n{{ content }}\n</mj-text></mj-column></mj-section></mj-body></mjml>`
    const first = templateCatalog({ 'a/b.fr.email.md': words, 'layouts/email.mjml': layout('#111111') })
    const later = templateCatalog({ 'a/b.fr.email.md': words, 'layouts/email.mjml': layout('#222222') })
    const stored = first.find('a/b', 'email', 'fr')!.source
    const content = (await compile(stored, 'email', 'fr', later.layouts)).render(sampleValues(), sampleUrls())
    expect(content.channel === 'email' && content.html).toContain('#111111')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LetterBlock } from '../../src/channel.ts'
import { compile, type MergeValues } from '../../src/render/render.ts'
import type { ChannelName, MessageClass } from '../../src/words.ts'
import { plainUrls, sampleUrls, sampleValues } from './sample.ts'

const rendered = async (
  source: string,
  channel: ChannelName,
  values: MergeValues = sampleValues(),
  urls = sampleUrls(),
) => (await compile(source, channel, 'fr')).render(values, urls)

const ofClass = (name: MessageClass) => sampleValues({ campaign: { ...sampleValues().campaign, class: name } })

describe('A text message', () => {
  it('holds no HTML entity, and is transliterated to cost what it should', async () => {
    const values = sampleValues({
      contact: { ...sampleValues().contact, firstName: 'Loïc' },
      site: { name: "L'Atelier & Fils" },
    })
    expect(await rendered('{{ greeting }} « {{ site.name }} » vous répond…', 'sms', values)).toEqual({
      channel: 'sms',
      text: 'Bonjour Loic, " L\'Atelier & Fils " vous répond... STOP au 36180',
      parts: 1,
    })
  })

  it('keeps every character when its author says so', async () => {
    const content = await rendered('---\ntransliterate: off\n---\nLoïc', 'sms', ofClass('transactional'))
    expect(content).toMatchObject({ text: 'Loïc', parts: 1 })
  })

  it.each([
    ['marketing', true],
    ['relational', true],
    ['contractual', false],
    ['transactional', false],
    ['urgent_service', false],
  ] as const)('of class %s says STOP: %s', async (name, says) => {
    expect(JSON.stringify(await rendered('Bonjour', 'sms', ofClass(name))).includes('STOP au 36180')).toBe(says)
  })

  it('is refused for marketing when the network has no STOP number, and measured so', async () => {
    const values = sampleValues({ sender: { name: 'Manor' } })
    await expect(rendered('Bonjour', 'sms', values)).rejects.toMatchObject({ code: 'sms.noStop' })
    expect((await compile('Bonjour', 'sms', 'fr')).measure(values, plainUrls).problem).toBe('sms.noStop')
    const elsewhere = sampleValues({ sender: { name: 'Manor', stopText: '' } })
    expect(await rendered('Bonjour', 'sms', elsewhere)).toMatchObject({ text: 'Bonjour' })
  })

  it('is counted after its values, its link and its STOP text', async () => {
    const compiled = await compile('{{ contact.firstName }} {{ link }}', 'sms', 'fr')
    const long = sampleValues({ contact: { ...sampleValues().contact, firstName: 'A'.repeat(126) } })
    expect(compiled.measure(sampleValues(), sampleUrls()).parts).toBe(1)
    expect(compiled.measure(long, sampleUrls()).parts).toBe(2)
    const cyrillic = sampleValues({ contact: { ...sampleValues().contact, firstName: 'Анатолий'.repeat(5) } })
    expect(compiled.measure(cyrillic, sampleUrls()).parts).toBe(2)
  })

  it('replaces written-out links by the tracked ones, where there are any', async () => {
    const source = 'Voir https://www.example.com/r.'
    const tracked = sampleUrls({ click: { 'https://www.example.com/r': 'https://rl.fr/q/1' } })
    expect(await rendered(source, 'sms', ofClass('contractual'), tracked)).toMatchObject({
      text: 'Voir https://rl.fr/q/1.',
    })
    expect(await rendered(source, 'sms', ofClass('contractual'), plainUrls)).toMatchObject({ text: source })
  })

  it('that comes out empty or too long is refused', async () => {
    await expect(rendered('{{ campaign.nothing }}', 'sms')).rejects.toMatchObject({ code: 'sms.empty' })
    await expect(rendered('a'.repeat(1_601), 'sms')).rejects.toMatchObject({ code: 'sms.tooLong' })
  })
})

describe('Someone who shares the address', () => {
  it('is never addressed by name, on any channel', async () => {
    const shared = sampleValues({ contact: { ...sampleValues().contact, isShared: true } })
    const source =
      '{{ greeting }} [{{ contact.firstName }}{{ contact.lastName }}{{ contact.function }}{{ contact.fullName }}]'
    for (const channel of ['sms', 'intranet', 'screen', 'print'] as const) {
      const text = JSON.stringify(await rendered(source, channel, shared))
      expect(text).toContain('Bonjour,')
      expect(text).not.toMatch(/Anatole|Royer|Poseur/)
    }
  })
})

describe('The greeting', () => {
  it.each([
    [{ firstName: 'Anatole', lastName: 'Royer', salutation: 'M.' }, 'Bonjour Anatole,'],
    [{ lastName: 'Fernandez', salutation: 'Mme' }, 'Bonjour Madame Fernandez,'],
    [{ lastName: 'Royer', salutation: 'M.' }, 'Bonjour Monsieur Royer,'],
    [{ lastName: 'Royer' }, 'Bonjour,'],
    [{}, 'Bonjour,'],
    [{ firstName: '  ' }, 'Bonjour,'],
  ])('of %j is "%s"', async (contact, greeting) => {
    const values = sampleValues({ contact: { ...contact, language: 'fr', isShared: false } })
    expect(await rendered('{{ greeting }}', 'screen', values)).toMatchObject({ text: greeting })
  })
})

describe('A letter', () => {
  const letter = async (source: string, values?: MergeValues, urls = sampleUrls()) => {
    const content = await rendered(source, 'print', values, urls)
    if (content.channel !== 'print') throw new Error('not a letter')
    return content
  }

  it('is blocks with bold and italic, in French typography, dated and addressed', async () => {
    const content = await letter(
      '---\ntitle: Votre kit\nqr: Scannez\n---\n# Prêt ?\n\n{{ greeting }}\n\nDu **gras** et de l’*italique* ! Voir [le site](https://example.com/x).\n\n- un\n- **deux**\n\n{% if campaign.nothing %}\nJamais\n{% endif %}\n',
    )
    expect(content).toEqual({
      channel: 'print',
      title: 'Votre kit',
      addressLines: ['Vidal & Fils', 'M. Anatole Royer', '55 PLACE LAMBERT', '25640 GERMONDANS'],
      postcode: '25640',
      country: 'FR',
      senderLines: ['Réseau Manor', '75002 PARIS'],
      dateLine: 'Le 10 décembre 2026',
      blocks: [
        { type: 'heading', text: 'Prêt\u00a0?' },
        { type: 'paragraph', runs: [{ text: 'Bonjour Anatole,' }] },
        {
          type: 'paragraph',
          runs: [
            { text: 'Du ' },
            { text: 'gras', bold: true },
            { text: ' et de l’' },
            { text: 'italique', italic: true },
            { text: '\u00a0! Voir le site (https://example.com/x).' },
          ],
        },
        { type: 'list', items: [[{ text: 'un' }], [{ text: 'deux', bold: true }]] },
      ],
      qr: { url: 'https://rl.fr/a1B2c3', label: 'Scannez' },
    })
  })

  it('has no QR code without an address to lead to', async () => {
    const { link: _, ...campaign } = sampleValues().campaign
    expect(
      (await letter('---\nqr: Scannez\n---\nBonjour', { ...sampleValues(), campaign }, plainUrls)).qr,
    ).toBeUndefined()
  })

  it('keeps its shape whatever a value holds', async () => {
    const compiled = await compile('# {{ contact.firstName }}\n\nUn *{{ site.name }}* mot.', 'print', 'fr')
    const shapeOf = (blocks: LetterBlock[]) => blocks.map((block) => block.type)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const base = sampleValues()
        const content = compiled.render(
          {
            ...base,
            contact: { ...base.contact, firstName: `A${text}`, lastName: null, salutation: null },
            site: { ...base.site, name: 'Vidal', typology: text },
          },
          sampleUrls(),
        )
        expect(content.channel === 'print' && shapeOf(content.blocks)).toEqual(['heading', 'paragraph'])
      }),
    )
  })

  it('is refused, and measured so, when its address cannot be printed', async () => {
    const values = sampleValues({ site: { ...sampleValues().site, postcode: '2564' } })
    await expect(letter('Bonjour', values)).rejects.toThrow('The postcode "2564" is not five digits: correct the site.')
    expect((await compile('Bonjour', 'print', 'fr')).measure(values, plainUrls)).toEqual({
      parts: 1,
      problem: 'address.postcode',
    })
  })
})

describe('A post', () => {
  it('is sanitised HTML with its level of access', async () => {
    const values = sampleValues({ site: { name: '<img src=x onerror=1>' } })
    expect(
      await rendered(
        '---\ntitle: Titre\naccess: owner\n---\nVoir **{{ site.name }}** <i>x</i>\n\n**[Ouvrir]({{ link }})**',
        'intranet',
        values,
      ),
    ).toEqual({
      channel: 'intranet',
      title: 'Titre',
      accessLevel: 'owner',
      html: '<p>Voir <strong>&lt;img src=x onerror=1&gt;</strong> &lt;i&gt;x&lt;/i&gt;</p>\n<p><a class="button" href="https://rl.fr/a1B2c3">Ouvrir</a></p>',
    })
  })

  it('with an unknown level of access is refused', async () => {
    await expect(rendered('---\naccess: boss\n---\nx', 'intranet')).rejects.toThrow('"boss" is no access level')
  })
})

describe('A screen message', () => {
  it('is a title and text, and asks for an acknowledgement when its step does', async () => {
    const values = sampleValues({ step: { name: 'notice', asksAcknowledgement: true } })
    expect(await rendered('---\ntitle: Attention !\n---\nFermé demain & après', 'screen', values)).toEqual({
      channel: 'screen',
      title: 'Attention\u00a0!',
      text: 'Fermé demain & après',
      asksAcknowledgement: true,
    })
  })

  it('that cannot be read in passing is refused', async () => {
    await expect(rendered('a'.repeat(501), 'screen')).rejects.toMatchObject({ code: 'screen.tooLong' })
  })
})

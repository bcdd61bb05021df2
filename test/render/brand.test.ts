import { describe, expect, test } from 'vitest'
import { loadTemplates } from '../../src/campaign/templates.ts'
import type { EmailContent, IntranetContent, PrintContent, ScreenContent } from '../../src/channel.ts'
import { checkTemplate } from '../../src/render/check.ts'
import { type Dress, type Look, type Picture, withDress } from '../../src/render/dress.ts'
import { maxEmailBytes } from '../../src/render/email.ts'
import { compile, RenderProblem } from '../../src/render/render.ts'
import { baseFields } from '../../src/render/values.ts'
import type { ChannelName } from '../../src/words.ts'
import { sampleUrls, sampleValues } from './sample.ts'

const catalog = loadTemplates()
const logo: Picture = {
  file: '1-0f.png',
  width: 880,
  height: 224,
  alt: { fr: 'Réseau Horizon', en: 'Horizon network' },
}
const look: Look = {
  main: '#ffd500',
  accent: '#b3001b',
  logo,
  address: ['3 quai de la Marne', '51000 Châlons <Nord>'],
  signature: ['Claire Fontaine', 'Directrice du réseau'],
  legal: 'Horizon SAS, capital de 40 000 €, RCS Reims 123 456 789',
}
const team: Picture = { file: '1-ab.jpg', width: 1_104, height: 400, alt: { fr: 'L’équipe', en: 'The team' } }
const pictures = { team }

const wordsOf = (channel: ChannelName, language: 'fr' | 'en' = 'fr') =>
  catalog.find('challenge/launch', channel, language)!.source
const dressed = (channel: ChannelName, source = wordsOf(channel), dress: Dress = { look, pictures }) =>
  withDress(source, channel, dress)
async function rendered<T>(channel: ChannelName, source: string, values = sampleValues()): Promise<T> {
  return (await compile(source, channel, 'fr')).render(values, sampleUrls()) as T
}

describe('an e-mail in its network’s look', () => {
  test('has the logo with its size and description, from the public address', async () => {
    const { html } = await rendered<EmailContent>('email', dressed('email'))
    expect(html).toContain('src="https://rl.fr/i/1-0f.png" width="220" height="56" alt="Réseau Horizon"')
    expect(html).not.toContain('brand.')
  })

  test('has its colours, those for text darkened until they can be read', async () => {
    const { html } = await rendered<EmailContent>('email', dressed('email'))
    expect(html).toMatch(/class="button-cell"[^>]*background-color: #ffd500/)
    expect(html).toMatch(/class="button-link"[^>]*color: #000000/)
    expect(html).not.toMatch(/style="[^"]*[^-]color: #ffd500/)
    expect(html).toContain('border-top:4px solid #b3001b')
    expect(html).not.toContain('#0a6070')
  })

  test('says who signs, where, and what the law wants, in HTML and in text', async () => {
    const { html, text } = await rendered<EmailContent>('email', dressed('email'))
    expect(html).toContain('Claire Fontaine<br>Directrice du réseau')
    expect(html).toContain('3 quai de la Marne · 51000 Châlons &lt;Nord&gt;')
    for (const said of ['Claire Fontaine\nDirectrice du réseau\n', '51000 Châlons <Nord>', look.legal!])
      expect(text).toContain(said)
  })

  test('stays far from where Gmail cuts it off', async () => {
    const { html } = await rendered<EmailContent>('email', dressed('email'))
    expect(Buffer.byteLength(html)).toBeLessThan(maxEmailBytes / 3)
  })

  test('shows the partner beside the network, and only where there is one', async () => {
    const partner = { name: 'avec Bâti Pro <Lyon>', logo: { ...logo, file: '1-pa.png', width: 90, height: 30 } }
    const { html } = await rendered<EmailContent>('email', dressed('email'), sampleValues({ partner }))
    expect(html).toContain('src="https://rl.fr/i/1-pa.png" width="90" height="30"')
    expect(html).toContain('avec Bâti Pro &lt;Lyon&gt;')
    expect((await rendered<EmailContent>('email', dressed('email'))).html).not.toContain('class="partner"')
    const bare = await rendered<EmailContent>('email', wordsOf('email'), sampleValues({ partner }))
    expect(bare.html).toMatch(/<strong class="logo"[^>]*>Réseau Manor<\/strong>/)
  })

  test('is the same bytes whenever it is rendered', async () => {
    const one = await rendered<EmailContent>('email', dressed('email'))
    expect(await rendered<EmailContent>('email', dressed('email'))).toEqual(one)
  })
})

describe('letters, posts and screens', () => {
  test('a letter has the logo, the address under the name, the signature and the legal line', async () => {
    const content = await rendered<PrintContent>('print', dressed('print'))
    expect(content).toMatchObject({
      logo: { file: '1-0f.png', width: 880, height: 224, alt: 'Réseau Horizon' },
      senderLines: ['Réseau Manor', '3 quai de la Marne', '51000 Châlons <Nord>'],
      legal: look.legal,
    })
    expect(content.blocks.at(-1)).toEqual({
      type: 'paragraph',
      runs: [{ text: 'Claire Fontaine', bold: true }, { text: '\nDirectrice du réseau' }],
    })
  })

  test('without a brand a letter is signed by the network, as before', async () => {
    const content = await rendered<PrintContent>('print', wordsOf('print'))
    expect(content.blocks.at(-1)).toEqual({ type: 'paragraph', runs: [{ text: 'Réseau Manor', bold: true }] })
    expect(content).not.toHaveProperty('logo')
  })

  test('posts and screens carry colours that can be read', async () => {
    const face = { main: '#ffd500', onMain: '#000000', accent: '#b3001b' }
    expect((await rendered<IntranetContent>('intranet', dressed('intranet'))).face).toMatchObject(face)
    expect((await rendered<ScreenContent>('screen', dressed('screen'))).face).toMatchObject(face)
    expect(await rendered<ScreenContent>('screen', wordsOf('screen'))).not.toHaveProperty('face')
  })

  test('what does not show on a channel makes no other version there', () => {
    const other = { look: { ...look, legal: 'Autre mention' }, pictures: {} }
    expect(dressed('screen', wordsOf('screen'), other)).toBe(dressed('screen'))
    expect(dressed('sms', wordsOf('sms'))).toBe(wordsOf('sms'))
    expect(dressed('email', wordsOf('email'), other)).not.toBe(dressed('email'))
  })
})

const mail = (body: string) => `---\nsubject: S\n---\n${body}\n`

describe('a picture of the library in words', () => {
  test('is shown at the width of the words, with what was written for those who do not see it', async () => {
    const source = dressed('email', mail('Avant\n\n![Toute l’équipe "A"](library:team)\n\nAprès'))
    const { html, text } = await rendered<EmailContent>('email', source)
    expect(html).toContain(
      '<img src="https://rl.fr/i/1-ab.jpg" width="552" height="200" alt="Toute l’équipe &quot;A&quot;"',
    )
    expect(text).toContain('[Toute l’équipe "A"]')
  })

  test('takes the library’s own description where none was written', async () => {
    const { html } = await rendered<IntranetContent>('intranet', dressed('intranet', '![](library:team)'))
    expect(html).toContain('width="1104" height="400" alt="L’équipe"')
  })

  test('is a block of a letter', async () => {
    const { blocks } = await rendered<PrintContent>('print', dressed('print', 'Avant\n\n![](library:team)\n\nAprès'))
    expect(blocks.map((block) => block.type)).toEqual(['paragraph', 'picture', 'paragraph'])
    expect(blocks[1]).toEqual({
      type: 'picture',
      picture: { file: '1-ab.jpg', width: 1_104, height: 400, alt: 'L’équipe' },
    })
  })

  test('may be described by a value, which cannot break out of its place', async () => {
    const source = dressed('email', mail('![{{ site.name }}](library:team)'))
    const site = { ...sampleValues().site, name: '"><script>alert(1)</script>' }
    const { html } = await rendered<EmailContent>('email', source, sampleValues({ site }))
    expect(html).not.toContain('<script>alert')
    expect(html).toContain('alt="&#34;&gt;&lt;script&gt;')
  })

  test.each([
    ['from elsewhere', '![x](https://tracker.example/pixel.gif)', 'picture.foreign'],
    ['in the words themselves', '![x](data:image/png;base64,AAAA)', 'picture.foreign'],
    ['whose name is a value', '![x](library:{{ site.name }})', 'picture.name'],
    ['with a path for a name', '![x](library:../secret)', 'picture.name'],
    ['that is in no library', '![x](library:nobody)', 'picture.unknown'],
    ['among words', 'voici ![x](library:team) notre équipe', 'picture.place'],
    ['in a heading', '# ![x](library:team)', 'picture.place'],
    ['in a list', '- ![x](library:team)', 'picture.place'],
  ])('%s is refused, and said how to mend', async (_, body, code) => {
    const failure = await compile(dressed('email', mail(body)), 'email', 'fr').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(RenderProblem)
    expect(failure).toMatchObject({ code })
  })

  test('is checked with its place when a campaign is read', () => {
    const faults = (channel: ChannelName, source: string) =>
      checkTemplate(source, channel, baseFields).map(({ code, line, column }) => `${line}:${column} ${code}`)
    const words = mail('![a](library:team)\n\n![b](library:nobody)\n\n![c](https://x.example/y.png)')
    expect(faults('email', dressed('email', words))).toEqual(['6:1 picture.unknown', '8:1 picture.foreign'])
    // Before it is a network's own, nobody knows which pictures there are.
    expect(faults('email', mail('![a](library:team)'))).toEqual([])
    expect(faults('sms', 'Voir ![a](library:team)')).toEqual(['1:6 picture.channel'])
    expect(faults('email', mail('[a](library:team)'))).toEqual(['4:5 link.unsafe'])
  })
})

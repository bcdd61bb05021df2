import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadTemplates } from '../../src/campaign/templates.ts'
import type { EmailContent } from '../../src/channel.ts'
import { compile, linksIn, type MergeValues, type RenderUrls } from '../../src/render/render.ts'
import { messageClasses } from '../../src/words.ts'
import { plainUrls, sampleUrls, sampleValues } from './sample.ts'

const { layouts, find } = loadTemplates()

async function email(
  body: string,
  values: MergeValues = sampleValues(),
  urls: RenderUrls = sampleUrls(),
  subject = 'Sujet',
): Promise<EmailContent> {
  const compiled = await compile(`---\nsubject: ${subject}\n---\n${body}`, 'email', 'fr', layouts)
  const content = compiled.render(values, urls)
  if (content.channel !== 'email') throw new Error('not an e-mail')
  return content
}

describe('An e-mail', () => {
  it('is the same bytes however often it is rendered', async () => {
    const source = find('challenge/launch', 'email', 'fr')!.source
    const once = (await compile(source, 'email', 'fr')).render(sampleValues(), sampleUrls())
    const again = (await compile(`${source}`, 'email', 'fr')).render(
      JSON.parse(JSON.stringify(sampleValues())) as MergeValues,
      sampleUrls(),
    )
    expect(JSON.stringify(again)).toBe(JSON.stringify(once))
  })

  it('has a table layout of 600 px, its language, both colour schemes, and stays far below what Gmail clips', async () => {
    const { html } = await email('Bonjour')
    expect(html).toMatch(/<html lang="fr"/)
    expect(html).toContain('max-width:600px')
    expect(html).toContain('name="color-scheme"')
    expect(Buffer.byteLength(html)).toBeLessThan(30_000)
  })

  it('has a text part with the same words and the same links', async () => {
    const { html, text } = await email(
      '# Titre\n\nVoyez [le règlement](https://www.example.com/r) et **[inscrivez-vous]({{ link }})**.\n\n**[Je participe]({{ link }})**\n\n- un\n- deux',
      undefined,
      sampleUrls({ click: { 'https://www.example.com/r': 'https://rl.fr/c/1' } }),
    )
    const hrefs = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)
    for (const href of hrefs) expect(text).toContain(href)
    expect(new Set(hrefs)).toEqual(
      new Set(['https://rl.fr/c/1', 'https://rl.fr/a1B2c3', 'https://rl.fr/u/abc', 'https://rl.fr/prefs/abc']),
    )
    expect(text).toContain('Titre\n\nVoyez le règlement (https://rl.fr/c/1)')
    expect(text).toContain('- un\n- deux')
    expect(text).not.toMatch(/<|&amp;|&#39;/)
  })

  it('carries neither pixel nor tracked link where they were not agreed', async () => {
    const body = 'Voyez [le règlement](https://www.example.com/r) ou [jouez]({{ link }}).'
    const { html, text } = await email(body, undefined, plainUrls)
    expect(html).not.toContain('<img')
    expect(html).toContain('href="https://www.example.com/r"')
    expect(html).toContain('href="https://www.example.com/challenge"')
    expect(text).not.toContain('/c/')
    expect((await email(body)).html).toMatch(/<img src="https:\/\/rl\.fr\/o\/abc\.gif"[^>]*\/><\/body>/)
  })

  it('offers two ways in its foot: out of the messages, and out of being measured', async () => {
    const { html } = await email('Bonjour', undefined, sampleUrls({ tracking: 'https://rl.fr/t/abc' }))
    expect(html).toMatch(/<a href="https:\/\/rl\.fr\/u\/abc"[^>]*>Se désinscrire<\/a>/)
    expect(html).toMatch(/<a href="https:\/\/rl\.fr\/t\/abc"[^>]*>Gérer le suivi<\/a>/)
  })

  it.each(messageClasses)(
    'of class %s has the one-click headers of RFC 8058 only where a way out is owed',
    async (name) => {
      const values = sampleValues({ campaign: { ...sampleValues().campaign, class: name } })
      const { headers } = await email('Bonjour', values)
      expect(headers).toEqual(
        name === 'urgent_service' || name === 'transactional'
          ? {}
          : { 'List-Unsubscribe': '<https://rl.fr/u/abc>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      )
    },
  )

  it.each(['marketing', 'relational'] as const)('of class %s is refused without a way out', async (name) => {
    const values = sampleValues({ campaign: { ...sampleValues().campaign, class: name } })
    const urls = { click: {}, site: 'https://rl.fr' }
    await expect(email('Bonjour', values, urls)).rejects.toThrow('must offer a way out')
    const compiled = await compile('---\nsubject: S\n---\nBonjour', 'email', 'fr', layouts)
    expect(compiled.measure(values, urls)).toEqual({ parts: 1, problem: 'unsubscribe.missing' })
  })

  it('keeps its subject on one line, whatever the values hold', async () => {
    const values = sampleValues({
      contact: { ...sampleValues().contact, firstName: 'A\r\nBcc: victim@example.com' },
    })
    const { subject } = await email('x', values, undefined, 'Bonjour {{ contact.firstName }}')
    expect(subject).toBe('Bonjour A Bcc: victim@example.com')
  })

  it('whose subject comes out empty is refused', async () => {
    const values = sampleValues({ contact: { language: 'fr', isShared: false } })
    await expect(email('x', values, undefined, '{{ contact.firstName }}')).rejects.toThrow('subject is empty')
  })

  it('sets French signs apart with no-break spaces, and leaves addresses alone', async () => {
    const { html } = await email('Prêt ? Allez ! « Oui » : 12:30, [ici](https://example.com/a?b)')
    expect(html).toContain('Prêt\u00a0? Allez\u00a0! «\u00a0Oui\u00a0»\u00a0: 12:30')
  })

  it('shows HTML in the words as text', async () => {
    const { html } = await email('Bonjour <script>alert(1)</script> <b>gras</b>')
    expect(html).not.toMatch(/<script|<b>/)
    expect(html).toContain('&lt;script&gt;')
  })

  it.each([
    ['[x](javascript:alert(1))', 'refused'],
    ['[x](JaVaScRiPt:alert(1))', 'refused'],
    ['[x](data:text/html,x)', 'refused'],
    ['[x](//evil.example)', 'refused'],
    ['[x]({{ link }}{{ contact.firstName }})', 'put together from values'],
  ])('with the link %s is refused', async (body, message) => {
    await expect(email(body)).rejects.toThrow(message)
  })

  it('loses a personal address that is not one, and encodes values inside an address', async () => {
    const values = sampleValues({
      campaign: { ...sampleValues().campaign, values: { url: 'javascript:alert(1)' } },
      site: { name: 'Vidal & Fils "x"' },
    })
    const { html } = await email('[a]({{ campaign.url }}) [b](https://example.com/?s={{ site.name }}&t=1)', values)
    expect(html).not.toContain('javascript:')
    expect(html).toContain('href="https://example.com/?s=Vidal+%26+Fils+%22x%22&amp;t=1"')
  })

  it('is refused when Gmail would clip it', async () => {
    await expect(email('Une phrase de plus. '.repeat(6_000))).rejects.toThrow('larger than 100 kB')
  })

  it('never lets a value become markup, an attribute, a tag or a header', async () => {
    const source = find('challenge/launch', 'email', 'fr')!.source
    const compiled = await compile(source, 'email', 'fr')
    const calm = compiled.render(sampleValues(), sampleUrls()) as EmailContent
    const tags = (html: string) => html.replace(/>[^<]*</g, '><').match(/<[^>]*>/g)
    const nasty = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom(
        '<img src=x onerror=alert(1)>',
        '"><script>',
        "' onclick='x",
        '{{ 1 | plus: 1 }}',
        '{% if %}',
        'lqdo0z',
        '</td></table>',
        'a\r\nBcc: x@y.z',
        '\u2028',
        '\u0001h\u0002',
        '&lt;b&gt;',
      ),
    )
    fc.assert(
      fc.property(nasty, nasty, (first, second) => {
        const base = sampleValues()
        const content = compiled.render(
          {
            ...base,
            contact: { ...base.contact, firstName: first },
            site: { ...base.site, name: second },
            network: { title: first },
            campaign: { ...base.campaign, title: `T${second}`, values: { prize: first } },
            sender: { ...base.sender, name: second },
          },
          sampleUrls(),
        ) as EmailContent
        // The title and the document label repeat the subject; everything else must be tag for tag the same.
        const stripped = (html: string) => tags(html)?.map((tag) => tag.replace(/aria-label="[^"]*"/, ''))
        expect(stripped(content.html)).toEqual(stripped(calm.html))
        expect(content.subject).not.toMatch(/[\r\n\u2028\u2029]/)
        expect(content.headers).toEqual(calm.headers)
      }),
      { numRuns: 300 },
    )
  })
})

describe('The links of a template', () => {
  it('are the written-out ones, each once, without the sentence around them', () => {
    expect(
      linksIn(
        '---\nsubject: S https://no.example/\n---\n[a](https://a.example/x?y=1) https://b.example/z. (https://c.example/w) [a](https://a.example/x?y=1) [p](https://d.example/?s={{ site.name }}) {{ link }}',
      ),
    ).toEqual(['https://a.example/x?y=1', 'https://b.example/z', 'https://c.example/w'])
  })
})

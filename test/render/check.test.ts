import { describe, expect, it } from 'vitest'
import { checkTemplate } from '../../src/render/check.ts'
import { liquidFor, parseLiquid, renderLiquid } from '../../src/render/liquid.ts'
import { baseFields } from '../../src/render/values.ts'
import type { ChannelName, MessageClass } from '../../src/words.ts'

const check = (source: string, channel: ChannelName = 'intranet', messageClass?: MessageClass) =>
  checkTemplate(source, channel, [...baseFields, 'campaign.prize'], messageClass).map(
    ({ line, column, message, suggestion }) =>
      `${line}:${column} ${message}${suggestion ? ` Did you mean "${suggestion}"?` : ''}`,
  )

describe('A template', () => {
  it.each([
    ['an unclosed tag', 'Bonjour\n{% if link %}\nfin', ['2:1 The tag {% if link %} is never closed.']],
    ['an unclosed output', 'Bonjour {{ greeting', ['1:9 The output {{ greeting is never closed: end it with }}.']],
    [
      'an unknown field',
      'a\n{{ contact.firstnam }}',
      ['2:4 There is no field "contact.firstnam". Did you mean "contact.firstName"?'],
    ],
    ['a field of nothing', '{{ prenom }}', ['1:4 There is no field "prenom". Known: greeting, language, link, date.']],
    ['raw', '{{ greeting | raw }}', ['1:1 The filter raw is refused: values are always escaped. Remove "| raw".']],
    [
      'an include',
      '{% include "package.json" %}',
      ['1:1 The tag include is refused: a template cannot read other files. Put the words here.'],
    ],
    [
      'a render',
      'x {% render "a" %}',
      ['1:3 The tag render is refused: a template cannot read other files. Put the words here.'],
    ],
    [
      'javascript:',
      '[x](javascript:alert(1))',
      ['1:5 The address "javascript:alert(1" is refused: a link begins with https://, http://, mailto: or tel:.'],
    ],
    [
      'a front matter of its own',
      '---\ntitre: x\n---\n',
      ['2:1 Expected one of title: access: here, followed by its text on the same line.'],
    ],
    ['the clock', '{{ "now" | date: "%Y" }}', ['1:1 There is no filter "date".']],
    ['chance', '{{ contact.attributes | sample }}', ['1:1 There is no filter "sample".']],
  ])('with %s is told so, with the place', (_, source, expected) => {
    const found = check(source)
    expect(found).toHaveLength(expected.length)
    for (const [index, message] of expected.entries()) expect(found[index]).toContain(message)
  })

  it('has all its faults listed at once', () => {
    expect(check('{{ greeting | raw }}\n{{ a | nofilter }}\n{% include "x" %}\n[x](javascript:1)')).toHaveLength(4)
  })

  it('of marketing mail without a way out is refused; with one, not', () => {
    const words = '---\nsubject: S\n---\nBonjour'
    expect(check(words, 'email', 'marketing').join()).toContain('needs an unsubscribe link')
    expect(check(words, 'email', 'urgent_service')).toEqual([])
    expect(check(`${words} [x]({{ urls.unsubscribe }})`, 'email', 'marketing')).toEqual([])
  })

  it('of an e-mail without a subject is refused', () => {
    expect(check('Bonjour', 'email')).toEqual([
      '1:1 An e-mail needs a subject: write "subject: …" between --- lines at the top.',
    ])
  })

  it('of 500 kB is warned about', () => {
    const [first] = checkTemplate(`---\nsubject: S\n---\n${'mot '.repeat(125_000)}`, 'email', baseFields)
    expect(first).toMatchObject({ severity: 'warning', code: 'tooBig' })
  })

  it('of an SMS with HTML entities or an urgent STOP is refused', () => {
    expect(check('Aujourd&#39;hui', 'sms').join()).toContain('"&#39;" is HTML')
    expect(check('Fermé. STOP au 36180', 'sms', 'urgent_service').join()).toContain('must not say STOP')
    expect(check('Promo. STOP au 36180', 'sms', 'marketing')).toEqual([])
  })

  it('that names people without a way round a missing name is warned about', () => {
    expect(check('Bonjour {{ contact.firstName }}').join()).toContain('use {{ greeting }}, or add | default')
    expect(check('Bonjour {{ contact.firstName | default: "à vous" }}')).toEqual([])
    expect(check('{% if contact.firstName %}{{ contact.firstName }}{% endif %}')).toEqual([])
  })

  it('may leave out a field of its campaign that a condition guards', () => {
    expect(check('{% if campaign.next %}{{ campaign.next }}{% endif %}{{ campaign.prize }}')).toEqual([])
    expect(check('{{ campaign.nxt }}')).toHaveLength(1)
  })
})

describe('Liquid', () => {
  const run = (source: string, scope: object = {}) => renderLiquid(parseLiquid(source, 'html'), scope, 'html')

  it('stops a loop that would not end', () => {
    expect(() => run('{% for a in (1..1000000000) %}x{% endfor %}')).toThrow('asks for too much work')
    const nested = '{% for a in (1..9999) %}{% for b in (1..9999) %}{{ a }}{% endfor %}{% endfor %}'
    expect(() => run(nested)).toThrow('asks for too much work')
  })

  it('stops text that doubles itself', () => {
    const doubling = `{% assign s = "aaaaaaaaaaaaaaaa" %}${'{% assign s = s | append: s %}'.repeat(25)}{{ s }}`
    expect(() => run(doubling)).toThrow('asks for too much work')
  })

  it('stops a template too long to parse', () => {
    expect(() => parseLiquid('x'.repeat(700_000), 'html')).toThrow('asks for too much work')
  })

  it('reaches own fields only', () => {
    expect(run('{{ a.constructor.name }}{{ a.__proto__ }}{{ constructor }}{{ a.toString }}', { a: {} })).toBe('')
    const loop = '{% for x in l %}{{ a.constructor.name }}{{ a.__proto__.x }}{% endfor %}'
    expect(run(loop, { a: {}, l: [1] })).toBe('')
  })

  it('knows no tag or filter that reads files, tells the time or escapes the escaping', () => {
    for (const context of ['html', 'text'] as const) {
      const { tags, filters } = liquidFor(context)
      for (const tag of [
        'include',
        'render',
        'layout',
        'block',
        'raw',
        'echo',
        'liquid',
        'cycle',
        'tablerow',
        'capture',
      ]) {
        expect(tags).not.toHaveProperty(tag)
      }
      for (const filter of ['raw', 'date', 'sample', 'json', 'inspect']) expect(filters).not.toHaveProperty(filter)
    }
  })
})

import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Content } from '../../src/channel.ts'
import { dictionaryOf, keep, readContent } from '../../src/deliver/rendered.ts'

const text = (words: string): Content => ({ channel: 'sms', text: words, parts: 1 })
const long = text('Bonjour à tous. '.repeat(2_000))

describe('content that is kept', () => {
  test('comes back as it was, with a dictionary of any size and without', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 3_000 }),
        fc.option(fc.string({ minLength: 1, maxLength: 60_000 }), { nil: undefined }),
        (words, other) => {
          const dictionary = other === undefined ? null : dictionaryOf(text(other))
          expect(readContent(keep(text(words), dictionary).body, dictionary)).toEqual(text(words))
        },
      ),
    )
  })

  test('is read as it was packed before: deflated against its dictionary', () => {
    const dictionary = dictionaryOf(text('Bonjour à tous. '))
    const bytes = Buffer.from(JSON.stringify(long))
    const body = Buffer.concat([Buffer.of(0x01), deflateRawSync(bytes, { dictionary })])
    expect(readContent(body, dictionary)).toEqual(long)
  })

  test('takes little room where it is nearly its dictionary, and is compressed where it is not', () => {
    const words = (name: string) => text(`${'Bonjour à tous, voici ce qui change. '.repeat(200)}${name}`)
    const near = keep(words('Claire'), dictionaryOf(words('-'))).body
    expect([near[0], near.length < 80]).toEqual([0x02, true])
    const far = keep(long, dictionaryOf(text('something else'))).body
    expect([far[0], far.length < 1_000]).toEqual([0x01, true])
  })

  test('has the same hash however it is packed', () => {
    expect(keep(long, dictionaryOf(long)).hash).toBe(keep(long).hash)
  })

  test('is not read beyond what is allowed, nor against another dictionary', () => {
    const dictionary = dictionaryOf(text('Bonjour à tous. '))
    for (const own of [dictionary, null])
      expect(() => readContent(keep(long, own).body, own, 1_000)).toThrow(/larger than 1000|output length/i)
    expect(() => readContent(keep(long, dictionary).body, null)).toThrow('has none')
    expect(() => readContent(keep(long, dictionary).body, dictionaryOf(text('other')))).toThrow()
  })
})

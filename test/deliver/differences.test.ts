import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { differences, together } from '../../src/deliver/differences.ts'

const bytes = (text: string) => Buffer.from(text)
const roomy = 1_000_000

describe('differences', () => {
  test('with what they were taken from, any text comes back', () => {
    // Few letters, so that copies are long, overlap and stand in several places.
    const words = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '<p>', 'Bonjour '), maxLength: 600 })
    fc.assert(
      fc.property(words, words, words, (first, second, base) => {
        const text = bytes(first + base + second + base.slice(0, 40))
        const packed = differences(text, bytes(base), roomy)!
        expect(together(packed, bytes(base)).equals(text)).toBe(true)
      }),
    )
  })

  test('of a letter to one person and the letter to nobody are little more than the name', () => {
    const layout = Array.from({ length: 400 }, (_, row) => `<td id="${row}">`).join('')
    const letter = (name: string) => bytes(`${layout}Bonjour ${name}, à bientôt.${layout}`)
    const packed = differences(letter('Claire Fontaine'), letter('-'), roomy)!
    expect(packed.length).toBeLessThan(100)
    expect(together(packed, letter('-')).equals(letter('Claire Fontaine'))).toBe(true)
  })

  test('that would take more than allowed are not taken', () => {
    const text = bytes('0123456789'.repeat(30))
    expect(differences(text, bytes('something else entirely'), 200)).toBeUndefined()
    expect(differences(text, bytes('something else entirely'), 400)).toBeDefined()
  })

  test('against another text, cut short, altered or too large are refused', () => {
    const base = bytes('Bonjour à tous, voici les nouvelles de la semaine. '.repeat(20))
    const text = bytes(`${base}Claire`)
    const packed = differences(text, base, roomy)!
    expect(() => together(packed, bytes('another'))).toThrow('from another text')
    expect(() => together(packed, base, 100)).toThrow('larger than 100')
    for (let length = 0; length < packed.length; length++)
      expect(() => together(packed.subarray(0, length), base)).toThrow(/damaged|another text/)
    for (let at = 4; at < packed.length; at++)
      for (const byte of [0x00, 0x7f, 0xff]) {
        const altered = Buffer.from(packed)
        altered[at] = byte
        let read: Buffer | undefined
        try {
          read = together(altered, base, 10_000)
        } catch (error) {
          expect((error as Error).message).toMatch(/damaged|larger than/)
        }
        if (read && byte !== packed[at]) expect(read.length).toBeLessThanOrEqual(10_000)
      }
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breakLines, frenchSpaces, type Shape, wordsOf } from '../../../channels/print/typeset.ts'

/** Every character is 500 wide: what counts here is where lines break. */
const shape: Shape = (_face, text) => ({ operands: `(${text})`, width: [...text].length * 500 })
const textOf = (words: ReturnType<typeof wordsOf>[number]) =>
  words
    .map((word, i) => `${i === 0 || word.isGlued ? '' : ' '}${word.spans.map((span) => span.text).join('')}`)
    .join('')
const broken = (text: string, characters: number) =>
  wordsOf([{ text }], shape).flatMap((words) => breakLines(words, characters * 500, 500, true))

describe('breaking a paragraph into lines', () => {
  it('loses and adds nothing, and keeps within the measure', () => {
    const word = fc.stringMatching(/^[a-zà-ÿ]{1,12}$/)
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 12, max: 80 }),
        (words, characters) => {
          const lines = broken(words.join(' '), characters)
          expect(lines.map((line) => textOf(line.words)).join(' ')).toBe(words.join(' '))
          for (const [i, line] of lines.entries()) {
            const natural = line.words.reduce((sum, one) => sum + one.width, 0) + (line.words.length - 1) * 500
            const set = natural + line.stretch * (line.words.length - 1)
            expect(set).toBeLessThanOrEqual(characters * 500 + 1e-6)
            if (i === lines.length - 1) expect(line.stretch).toBe(0)
            else if (line.stretch > 0) expect(set).toBeCloseTo(characters * 500, 6)
          }
        },
      ),
    )
  })

  it('breaks after a hyphen, never at a non-breaking space', () => {
    expect(broken('un porte-parole', 9).map((line) => textOf(line.words))).toEqual(['un porte-', 'parole'])
    expect(broken('cent 10\u00a0000\u202f€', 10).map((line) => textOf(line.words))).toEqual([
      'cent',
      '10\u00a0000\u202f€',
    ])
  })

  it('keeps the faces of a word that changes in its middle', () => {
    const [words] = wordsOf([{ text: 'très ' }, { text: 'im', bold: true }, { text: 'portant', italic: true }], shape)
    expect(words?.map((word) => word.spans.map((span) => `${span.face}:${span.text}`))).toEqual([
      ['regular:très'],
      ['bold:im', 'italic:portant'],
    ])
  })

  it('refuses a word wider than its line', () => {
    expect(() => broken(`voici ${'x'.repeat(50)}`, 40)).toThrow(/wider than its line/)
  })

  it('begins a new line where the text does', () => {
    expect(broken('un\ndeux\r\ntrois', 40).map((line) => textOf(line.words))).toEqual(['un', 'deux', 'trois'])
  })
})

describe('French spaces', () => {
  it('hold signs and guillemets to their words', () => {
    expect(frenchSpaces('Prêts ? « Oui » : 10 % ; 5 €')).toBe(
      'Prêts\u00a0? «\u00a0Oui\u00a0»\u00a0: 10\u00a0%\u00a0; 5\u00a0€',
    )
  })
})

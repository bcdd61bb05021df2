import { describe, expect, it } from 'vitest'
import { setLetter } from '../../../channels/print/letter.ts'
import { frDlRight } from '../../../channels/print/profile.ts'
import type { Shape } from '../../../channels/print/typeset.ts'
import type { LetterBlock, PrintContent } from '../../../src/channel.ts'
import { contents } from '../outgoing.ts'

/** Every character is half an em wide: what counts here is what stands on which page. */
const shape: Shape = (_face, text) => ({ operands: `(${text})`, width: [...text].length * 500 })
const { qr: _qr, ...plain } = contents.print
const pagesOf = (changes: Partial<PrintContent>, maxPages = 10): string[] =>
  setLetter(
    { pieceId: 'piece-1', language: 'fr', content: { ...plain, ...changes } },
    { ...frDlRight, maxPages },
    shape,
    (face) => face,
    { mark: 'R-1', isSpecimen: false },
  ).pages

/** A paragraph of so many lines, each named by its place. */
const paragraph = (lines: number): LetterBlock => ({
  type: 'paragraph',
  runs: [{ text: Array.from({ length: lines }, (_, i) => `l${i + 1}/${lines}`).join('\n') }],
})
const linesOf = (page: string): string[] => [...page.matchAll(/\((l\d+\/\d+)\)/g)].map((match) => match[1] ?? '')

describe('a letter over several pages', () => {
  it.each([2, 3, 4, 5, 7])('never leaves one line of a paragraph of %i alone on a page', (length) => {
    for (let before = 0; before < length + 40; before++) {
      const pages = pagesOf({ blocks: [...Array(before).fill(paragraph(1)), ...Array(20).fill(paragraph(length))] })
      for (const page of pages.map((one) => linesOf(one).filter((line) => line.endsWith(`/${length}`)))) {
        const [first = `l1/${length}`] = page
        expect(first).not.toBe(`l${length}/${length}`)
        if (page.length > 0) expect(page.at(-1)).not.toBe(`l1/${length}`)
      }
      const all = pages.flatMap(linesOf)
      expect(all).toHaveLength(before + 20 * length)
    }
  })

  it('keeps a heading with the lines it announces', () => {
    for (let before = 0; before < 40; before++) {
      const heading: LetterBlock = { type: 'heading', text: 'Ensuite' }
      const pages = pagesOf({ blocks: [...Array(before).fill(paragraph(1)), heading, paragraph(5)] })
      const page = pages.find((one) => one.includes('(Ensuite)')) ?? ''
      expect(page.indexOf('(l1/5)')).toBeGreaterThan(page.indexOf('(Ensuite)'))
    }
  })

  it('keeps a code whole, on the next page when it must', () => {
    for (let before = 0; before < 40; before++) {
      const pages = pagesOf({ blocks: Array(before).fill(paragraph(1)), qr: contents.print.qr })
      const [page = '', ...others] = pages.filter((one) => one.includes('BI /W'))
      expect(others).toEqual([])
      expect(page).toContain('(rl.example/q/Ab3dE6gH)')
    }
  })

  it('names the piece and the page on every one', () => {
    const pages = pagesOf({ blocks: Array(100).fill(paragraph(1)) })
    pages.forEach((page, i) => {
      expect(page).toContain(`(R-1  piece-1  ${i + 1}/${pages.length})`)
    })
  })

  it('is excluded rather than cut when it is longer than the profile allows', () => {
    expect(() => pagesOf({ blocks: Array(100).fill(paragraph(1)) }, 1)).toThrow(/longer than 1 pages/)
  })
})

describe('the head of a letter', () => {
  it('does not print the title twice when the text begins with it', () => {
    const [page = ''] = pagesOf({ blocks: [{ type: 'heading', text: plain.title }, paragraph(1)] })
    expect(page.match(/\(challenge\)/g)).toHaveLength(1)
  })

  it('is excluded when the sender’s lines would run into the window', () => {
    expect(() => pagesOf({ senderLines: Array(12).fill('Réseau Horizon') })).toThrow(/sender lines do not fit/)
  })
})

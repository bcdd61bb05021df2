import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { colourOf, contrast, luminance, readableOn, textOn } from '../../src/render/contrast.ts'
import { tonesOf } from '../../src/render/look.ts'

const aColour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('contrast', () => {
  // WCAG 2.2 defines the formula; these are the values its own examples and checkers give.
  test.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4.0],
    ['#0000ff', '#ffffff', 8.59],
    ['#ffff00', '#ffffff', 1.07],
    ['#00ff00', '#000000', 15.3],
    ['#123456', '#123456', 1],
  ])('of %s and %s is %d', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2)
    expect(contrast(other, one)).toBe(contrast(one, other))
  })

  test('luminance runs from black to white', () => {
    expect([luminance('#000000'), luminance('#ffffff')]).toEqual([0, 1])
    expect(luminance('#808080')).toBeCloseTo(0.2159, 4)
  })
})

test.each([
  ['#0A6070', '#0a6070'],
  ['0a6070', '#0a6070'],
  [' #abc ', '#aabbcc'],
  ['red', undefined],
  ['#12345', undefined],
  ['#0a6070;background:url(x)', undefined],
  ['', undefined],
])('%s as a colour is %s', (text, colour) => {
  expect(colourOf(text)).toBe(colour)
})

describe('a colour for text', () => {
  test('stays itself where it can be read', () => {
    expect(readableOn('#0a6070', '#ffffff')).toBe('#0a6070')
    expect(readableOn('#767676', '#ffffff')).toBe('#767676')
  })

  test('is darkened on light grounds and lightened on dark ones, no more than it must', () => {
    expect(contrast(readableOn('#777777', '#ffffff'), '#ffffff')).toBeLessThan(4.7)
    expect(luminance(readableOn('#ffd500', '#ffffff'))).toBeLessThan(luminance('#ffd500'))
    expect(luminance(readableOn('#0a2540', '#1c262a'))).toBeGreaterThan(luminance('#0a2540'))
  })

  test('can be read on any ground whatever was chosen', () => {
    fc.assert(
      fc.property(aColour, aColour, (colour, ground) => {
        expect(contrast(readableOn(colour, ground), ground)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(textOn(ground), ground)).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })

  test('every text of a look can be read, by day and by night', () => {
    fc.assert(
      fc.property(aColour, aColour, (main, accent) => {
        const tones = tonesOf({ main, accent })
        for (const [text, ground] of [
          [tones.heading, '#ffffff'],
          [tones.heading, '#eef1f0'],
          [tones.link, '#ffffff'],
          [tones.buttonText, tones.button],
          [tones.linkDark, '#1c262a'],
          [tones.buttonTextDark, tones.buttonDark],
        ] as const)
          expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })
})

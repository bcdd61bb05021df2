import fc from 'fast-check'
import PDFDocument from 'pdfkit'
import { describe, expect, test } from 'vitest'
import { drawJourney } from '../../../src/challenge/theme/drawing.ts'
import {
  placeAsTrack,
  placeInWords,
  placeOf,
  reachedFrom,
  themeOf,
  themes,
} from '../../../src/challenge/theme/journey.ts'
import { printDrawing, type Sheet } from '../../../src/challenge/theme/print-drawing.ts'

const sled = themeOf('sled-race')

describe('a place on the way', () => {
  test('four ninths of one’s objective are Winnipeg', () => {
    const place = placeOf(sled, reachedFrom(sled, 4))
    expect(placeInWords(sled, place, 'fr')).toBe('étape 4/9\u00a0: Winnipeg')
    expect(placeInWords(sled, place, 'en')).toBe('stage 4/9: Winnipeg')
    expect(placeAsTrack(place)).toBe('●●●●○○○○○')
    expect(place.next).toEqual({ fr: 'Thunder Bay', en: 'Thunder Bay' })
  })

  test('begins at the start and ends at the goal, however much more is done', () => {
    expect(placeOf(sled, 0)).toMatchObject({ stage: 0, x: 54, y: 305 })
    expect(placeOf(sled, -1)).toMatchObject({ stage: 0, part: 0 })
    for (const progress of [1000, 1700])
      expect(placeOf(sled, progress)).toMatchObject({ stage: 9, part: 0, x: 561, y: 347 })
  })

  test.each(themes)('$name: more is never further back, and every stage is reached where it says', (theme) => {
    fc.assert(
      fc.property(fc.nat(1200), fc.nat(1200), (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((progress) => placeOf(theme, progress))
        expect(more!.stage + more!.part).toBeGreaterThanOrEqual(less!.stage + less!.part)
      }),
    )
    for (let stage = 1; stage < theme.stops.length; stage += 1) {
      expect(placeOf(theme, reachedFrom(theme, stage)).stage).toBe(stage)
      expect(placeOf(theme, reachedFrom(theme, stage) - 1).stage).toBe(stage - 1)
    }
  })
})

describe('the drawing', () => {
  test.each(themes)('$name stays on its ground, in both languages, with a token for each', (theme) => {
    for (const language of ['fr', 'en'] as const)
      for (let progress = 0; progress <= 1000; progress += 50) {
        const { marks } = drawJourney(
          theme,
          [
            { initials: 'AB', progress: 300 },
            { initials: 'Me', progress, isOwn: true },
          ],
          language,
        )
        expect(marks.filter(({ kind, ink }) => kind === 'disc' && (ink === 'own' || ink === 'token'))).toHaveLength(2)
        for (const mark of marks) {
          if (mark.kind === 'path') continue
          const half =
            mark.kind === 'text' ? (mark.text.length * mark.size * 0.6) / (mark.anchor === 'middle' ? 2 : 1) : mark.r
          const left = mark.kind === 'text' && mark.anchor === 'start' ? mark.x : mark.x - half
          const right = mark.kind === 'text' && mark.anchor === 'end' ? mark.x : mark.x + half
          expect(left).toBeGreaterThanOrEqual(-8)
          expect(right).toBeLessThanOrEqual(theme.width + 8)
          expect(mark.y).toBeGreaterThan(0)
          expect(mark.y).toBeLessThan(theme.height)
        }
      }
  })

  test('paper draws the same', () => {
    const pdf = new PDFDocument({ size: 'A4', compress: false })
    const parts: Buffer[] = []
    pdf.on('data', (part: Buffer) => parts.push(part))
    const height = printDrawing(
      pdf as unknown as Sheet,
      drawJourney(sled, [{ initials: 'Me', progress: 450, isOwn: true }], 'fr'),
      50,
      60,
      320,
    )
    expect(height).toBe(225)
    expect(pdf.bufferedPageRange().count).toBe(1)
    pdf.end()
  })
})

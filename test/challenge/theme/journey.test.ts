import fc from 'fast-check'
import { imageSize } from 'image-size'
import { describe, expect, test } from 'vitest'
import { drawJourney } from '../../../src/challenge/theme/drawing.ts'
import { shapesOf } from '../../../src/challenge/theme/inks.ts'
import {
  placeAsTrack,
  placeInWords,
  placeOf,
  reachedFrom,
  themeOf,
  themes,
} from '../../../src/challenge/theme/journey.ts'
import { outlineOf } from '../../../src/challenge/theme/outline.ts'
import { mapCalled, mapName, mapPicture } from '../../../src/challenge/theme/picture.ts'
import { printedMap } from '../../../src/challenge/theme/printed.ts'
import { decodePng } from '../../../src/library/png-file.ts'

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

  test.each(themes)(
    '$name: a picture for mail programs, the same bytes for everybody at the same stop',
    async (theme) => {
      const last = theme.stops.length - 1
      const png = mapPicture(mapName(theme.name, last))!
      expect(imageSize(png)).toMatchObject({ type: 'png', width: 1_104, height: 776 })
      const { rgba, width } = await decodePng(png)
      const goal = theme.stops[last]!
      // The token of whoever has arrived lies over the goal, in its own colour.
      const at = 4 * (Math.round((goal.y - 26 - 14) * 1.725) * width + Math.round(goal.x * 1.725))
      expect([...rgba.slice(at, at + 3)]).toEqual([0xf2, 0xb5, 0x44])
      expect(Buffer.byteLength(png)).toBeLessThan(100_000)
      expect(mapPicture(mapName(theme.name, last + 1))).toBeUndefined()
      expect(mapPicture(mapName(theme.name))).toBeDefined()
    },
  )

  test('nothing else is a map', () => {
    for (const name of ['', 'sled', 'sled-race-', 'sled-race-04', 'sled-race-4-4', '../sled-race'])
      expect(mapPicture(name), name).toBeUndefined()
  })

  test('paper draws the same in lines of black ink, with the names of the stops beside them', () => {
    const drawn = printedMap('journey/sled-race-4/fr')!
    expect(drawn).toMatchObject({ width: 640, height: 450 })
    expect(drawn.words.map(({ text }) => text)).toEqual(['4 Winnipeg', '5 Thunder Bay'])
    expect(drawn.shapes.length).toBe(shapesOf(mapCalled('sled-race-4', 'fr')!).length)
    expect(printedMap('journey/sled-race-4/de')).toBeUndefined()
    expect(printedMap('1-9f86d081884c7d65.png')).toBeUndefined()
  })

  test('a curve is drawn as lines that keep to it', () => {
    const [line] = outlineOf('M0 0Q10 0 10 10Z')
    expect(line!.isClosed).toBe(true)
    expect(line!.points.at(-1)).toEqual([10, 10])
    expect(line!.points).toContainEqual([7.5, 2.5])
    expect(() => outlineOf('M0 0A1 1 0 0 1 2 2')).toThrow('use M, L, Q and Z')
  })
})

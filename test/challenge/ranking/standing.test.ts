import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFrozen, windowFor } from '../../../src/challenge/ranking/shown.ts'
import { type Scored, standing } from '../../../src/challenge/ranking/standing.ts'

const at = (t: number) => new Date(Date.UTC(2027, 0, 11) + t * 60_000)
const scored = (id: string, score: number, t = 0): Scored => ({ id, score, reachedAt: at(t), name: id })
const ranks = (list: Scored[]) => standing(list).map(({ id, rank }) => `${id}${rank}`)

describe('places', () => {
  test('D1, B2, A2, C4: equals share a rank, the earlier is listed first, and the next rank counts them all', () => {
    expect(ranks([scored('A', 120, 5), scored('B', 120, 3), scored('C', 90), scored('D', 150)])).toEqual([
      'D1',
      'B2',
      'A2',
      'C4',
    ])
  })

  test('names decide between those who reached it at once', () => {
    expect(ranks([scored('Z', 10, 1), scored('Y', 10, 1), scored('X', 10, 2)])).toEqual(['Y1', 'Z1', 'X1'])
  })

  test('do not depend on the order rows come in, and a rank is one more than those above', () => {
    const entry = fc.record({
      id: fc.uuid(),
      score: fc.nat(5),
      reachedAt: fc.nat(3).map(at),
      name: fc.constantFrom('a', 'b', 'é'),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: ({ id }) => id, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        (list, draws) => {
          const shuffled = list
            .map((one) => ({ one, by: draws.next().value as number }))
            .sort((a, b) => a.by - b.by)
            .map(({ one }) => one)
          const placed = standing(list)
          expect(standing(shuffled)).toEqual(placed)
          for (const { score, rank } of placed)
            expect(rank).toBe(1 + list.filter((other) => other.score > score).length)
        },
      ),
    )
  })
})

describe('what is shown', () => {
  test('the first three, one’s own place and two on each side', () => {
    expect(windowFor(43, 20)).toEqual({ places: [0, 1, 2, 18, 19, 20, 21, 22], gapBefore: 3 })
    expect(windowFor(43, 3)).toEqual({ places: [0, 1, 2, 3, 4, 5] })
    expect(windowFor(43, undefined)).toEqual({ places: [0, 1, 2] })
  })

  test('never the end of the list, except oneself', () => {
    expect(windowFor(43, 42).places).toEqual([0, 1, 2, 42])
    expect(windowFor(43, 40).places).toEqual([0, 1, 2, 38, 39, 40])
    expect(windowFor(43, 39).places).toEqual([0, 1, 2, 37, 38, 39])
    expect(windowFor(4, 0).places).toEqual([0, 1, 2])
    expect(windowFor(1, 0).places).toEqual([0])
    expect(windowFor(0, undefined).places).toEqual([])
  })

  test('of any list, at most eight places, one’s own among them, and none of the last three but one’s own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(399), (size, drawn) => {
        const own = drawn % size
        const { places } = windowFor(size, own)
        expect(places.length).toBeLessThanOrEqual(8)
        expect(places).toContain(own)
        for (const place of places) if (place !== own && place > 2) expect(place).toBeLessThan(size - 3)
      }),
    )
  })

  test('nothing in the freeze, until the provisional ranking is out', () => {
    const endsAt = new Date('2027-03-12T17:00:00Z')
    const rules = { endsAt, freezeDays: 10 }
    expect(isFrozen(new Date('2027-03-02T16:59:59Z'), rules)).toBe(false)
    expect(isFrozen(new Date('2027-03-02T17:00:00Z'), rules)).toBe(true)
    expect(isFrozen(new Date('2027-03-14T00:00:00Z'), rules)).toBe(true)
    expect(
      isFrozen(new Date('2027-03-17T08:00:00Z'), { ...rules, publishedAt: new Date('2027-03-17T08:00:00Z') }),
    ).toBe(false)
    expect(isFrozen(endsAt, { endsAt, freezeDays: 0 })).toBe(false)
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heldOutOf, type Outlet, sizeOf } from '../../src/routing/holdout.ts'

const outlets = (count: number, strata: number): Outlet[] =>
  Array.from({ length: count }, (_, n) => ({ id: `id ${n}`, key: `S${n}`, stratum: `stratum ${n % strata}` }))

test('every stratum gives its share, give or take one outlet; the same on every replay, whatever the order', () => {
  const share = fc.double({ min: 0.01, max: 0.5, noNaN: true })
  fc.assert(
    fc.property(fc.nat(300), fc.integer({ min: 1, max: 9 }), share, fc.string(), (count, strata, asked, seed) => {
      const all = outlets(count, strata)
      const heldOut = heldOutOf(all, asked, seed)
      expect(heldOutOf([...all].reverse(), asked, seed)).toEqual(heldOut)
      for (let n = 0; n < strata; n++) {
        const alike = all.filter(({ stratum }) => stratum === `stratum ${n}`)
        const taken = alike.filter(({ id }) => heldOut.has(id)).length
        expect(Math.abs(taken - alike.length * asked)).toBeLessThan(1)
      }
    }),
  )
})

test('where every outlet is a stratum of its own, the share still comes out over many', () => {
  const heldOut = heldOutOf(outlets(4_000, 4_000), 0.1, 'réseau|challenge')
  expect(heldOut.size / 4_000).toBeGreaterThan(0.085)
  expect(heldOut.size / 4_000).toBeLessThan(0.115)
})

test('another campaign leaves out others', () => {
  const [one, two] = ['one', 'two'].map((seed) => heldOutOf(outlets(1_000, 4), 0.1, seed))
  expect([one!.size, two!.size]).toEqual([100, 100])
  const both = [...one!].filter((id) => two!.has(id)).length
  expect(both).toBeGreaterThan(0)
  expect(both).toBeLessThan(30)
})

test.each([
  [1, '1'],
  [2, '2-3'],
  [3, '2-3'],
  [4, '4-9'],
  [9, '4-9'],
  [10, '10+'],
  [400, '10+'],
])('an outlet of %i is of size %s', (people, size) => {
  expect(sizeOf(people)).toBe(size)
})

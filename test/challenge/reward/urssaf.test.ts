import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { monthlyCents, smicOf } from '../../../src/challenge/reward/smic.ts'
import { estimate, estimateFor, marginal, thresholdsOf, treatmentOf } from '../../../src/challenge/reward/urssaf.ts'

describe('the minimum wage', () => {
  test('12.02 € an hour are 1,823.03 € a month, 12.31 € are 1,867.02 €', () => {
    expect(monthlyCents(1202)).toBe(182_303)
    expect(monthlyCents(1231)).toBe(186_702)
  })

  test('of a year is that of 1 January, or the latest, as the network says', () => {
    expect(smicOf(2026, 'january')).toMatchObject({ monthlyCents: 182_303, isCarriedOver: false })
    expect(smicOf(2026, 'latest')).toMatchObject({ monthlyCents: 186_702, isCarriedOver: false })
    expect(smicOf(2027, 'january')).toMatchObject({ monthlyCents: 186_702, isCarriedOver: true })
    expect(smicOf(2024, 'january')).toBeUndefined()
  })

  test('a row of the network’s own goes before ours of the same day', () => {
    const row = {
      from: '2027-01-01',
      hourlyCents: 1250,
      source: 'décret',
      status: 'set by the network',
      checkedOn: '2027-01-02',
    } as const
    expect(smicOf(2027, 'january', [row])).toMatchObject({ monthlyCents: monthlyCents(1250), isCarriedOver: false })
    expect(smicOf(2026, 'january', [{ ...row, from: '2026-01-01' }])?.row.hourlyCents).toBe(1250)
  })
})

describe('the contribution', () => {
  test.each([
    [182_303, 27_345, 273_455, 22_500, 0, 0],
    [182_303, 27_345, 273_455, 50_000, 4531, 0],
    [182_303, 27_345, 273_455, 100_000, 14_531, 0],
    [182_303, 27_345, 273_455, 300_000, 49_222, 26_545],
    [186_702, 28_005, 280_053, 22_500, 0, 0],
    [186_702, 28_005, 280_053, 50_000, 4399, 0],
    [186_702, 28_005, 280_053, 100_000, 14_399, 0],
    [186_702, 28_005, 280_053, 300_000, 50_410, 19_947],
  ])(
    'minimum wage %i: free to %i, flat to %i; of %i, %i and %i above',
    (smic, free, flat, total, contribution, excess) => {
      expect(thresholdsOf(smic)).toEqual({ freeCents: free, flatCents: flat })
      expect(estimate(total, smic)).toMatchObject({ contributionCents: contribution, excessCents: excess })
    },
  )

  test.each([
    [182_303, 2531],
    [186_702, 2399],
  ])(
    '200 € and then 200 €, over two challenges of one year: nothing, then what crosses the threshold',
    (smic, second) => {
      expect(marginal('flat', 0, 20_000, smic).contributionCents).toBe(0)
      expect(marginal('flat', 20_000, 20_000, smic).contributionCents).toBe(second)
    },
  )

  test('a cent on each side of both thresholds', () => {
    const smic = 182_303
    expect(estimate(27_345, smic).baseCents).toBe(0)
    expect(estimate(27_346, smic)).toEqual({ baseCents: 1, contributionCents: 0, excessCents: 0 })
    expect(estimate(27_350, smic).contributionCents).toBe(1)
    expect(estimate(273_455, smic).excessCents).toBe(0)
    expect(estimate(273_456, smic)).toEqual({ baseCents: 246_110, contributionCents: 49_222, excessCents: 1 })
  })

  test('however a year is cut into rewards, what each adds is together what the year owes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 20 }),
        fc.integer({ min: 100_000, max: 300_000 }),
        fc.constantFrom('flat', 'same_group', 'not_customer_facing', 'other_regime'),
        (rewards, smic, treatment) => {
          const sum = { baseCents: 0, contributionCents: 0, excessCents: 0 }
          let total = 0
          for (const cents of rewards) {
            const added = marginal(treatment, total, cents, smic)
            total += cents
            for (const key of ['baseCents', 'contributionCents', 'excessCents'] as const) {
              expect(added[key]).toBeGreaterThanOrEqual(0)
              sum[key] += added[key]
            }
          }
          expect(sum).toEqual(estimateFor(treatment, total, smic))
        },
      ),
    )
  })
})

describe('whom the flat rule is for', () => {
  const seller = { regime: 'employee', isCustomerFacing: true, isSameGroup: false } as const

  test('employees of others who deal with customers', () => {
    expect(treatmentOf(seller)).toBe('flat')
    expect(treatmentOf({ ...seller, isCustomerFacing: false })).toBe('not_customer_facing')
    expect(treatmentOf({ ...seller, isSameGroup: true })).toBe('same_group')
    expect(treatmentOf({ ...seller, regime: 'self_employed', isSameGroup: true })).toBe('other_regime')
  })

  test('for others all is ordinary pay, and for the self-employed nothing is reckoned', () => {
    expect(estimateFor('not_customer_facing', 10_000, 182_303)).toEqual({
      baseCents: 0,
      contributionCents: 0,
      excessCents: 10_000,
    })
    expect(estimateFor('same_group', 10_000, 182_303).excessCents).toBe(10_000)
    expect(estimateFor('other_regime', 400_000, 182_303)).toEqual({
      baseCents: 0,
      contributionCents: 0,
      excessCents: 0,
    })
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CampaignDefinition, campaignDefinition } from '../../src/campaign/definition.ts'
import { stepMoment } from '../../src/campaign/moments.ts'
import { firstOccurrences, isRecurring, nextOccurrence } from '../../src/campaign/occurrences.ts'
import { inOrder, type MovedStep } from '../../src/campaign/reflow.ts'

/** Zones that change their clocks by an hour, by half of one, at midnight, on other days, or never. */
const zones = [
  'Europe/Paris',
  'America/Martinique',
  'Indian/Reunion',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Pacific/Auckland',
  'Asia/Beirut',
] as const
const regions = ['FR', 'FR-67', 'RE', 'GP', 'BE', 'CH-GE', 'GB-SCT', 'US'] as const

const place = fc.record({ timezone: fc.constantFrom(...zones), region: fc.constantFrom(...regions) })
const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
const date = fc
  .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2031-12-31T00:00:00Z'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10))
const network = fc.record({
  timezone: fc.constantFrom(...zones),
  country: fc.constantFrom('FR', 'RE', 'BE', 'US'),
  settings: fc.record({
    closures: fc.array(
      fc.tuple(date, fc.nat(20)).map(([from, days]) => ({
        from,
        to: new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10),
      })),
      { maxLength: 4 },
    ),
  }),
})
const launchedAt = new Date('2025-12-01T09:00:00Z')

const campaignOf = (launch: string, steps: Record<string, unknown>[], timezone = 'recipient'): CampaignDefinition =>
  campaignDefinition.parse({
    name: 'any',
    title: { fr: 'Essai' },
    class: 'relational',
    audience: { segment: 'all' },
    anchor: { launch, timezone },
    steps: steps.map((step, index) => ({ name: `s${index}`, intent: 'relationship', template: 'a/b', ...step })),
  })

test('Steps counted on from one another are due in their order, wherever the recipient lives', () => {
  const further = fc.tuple(fc.nat(25), fc.constantFrom('working days', 'days', 'weeks', 'hours'))
  fc.assert(
    fc.property(
      date,
      time,
      place,
      network,
      fc.array(further, { minLength: 1, maxLength: 8 }),
      (day, at, home, own, all) => {
        const campaign = campaignOf(`${day}T${at}`, [
          { at: 'launch' },
          ...all.map(([amount, unit], index) => ({ at: `s${index} + ${amount} ${unit}` })),
        ])
        const moments = campaign.steps.map((step) => stepMoment(campaign, step, home, own, launchedAt)!.getTime())
        expect(moments).toEqual([...moments].sort((a, b) => a - b))
      },
    ),
    { numRuns: 150 },
  )
})

test('A recurring step loses no day, repeats none and keeps their order', () => {
  const rhythm = fc.oneof(
    fc.record({ every: fc.constantFrom('day', 'week', '2 weeks', 'month', 'quarter', 'year') }),
    fc.record({
      every: fc.constantFrom('month', 'quarter'),
      on: fc.constantFrom(
        'first tuesday',
        'last friday',
        '31',
        '30',
        'last day',
        'last working day',
        'first working day',
      ),
    }),
    fc.record({
      every: fc.constantFrom('FREQ=MONTHLY;BYDAY=2MO', 'FREQ=WEEKLY;BYDAY=MO,SA', 'FREQ=MONTHLY;BYMONTHDAY=31'),
    }),
  )
  const closed = fc.constantFrom('next', 'previous', 'keep')
  fc.assert(
    fc.property(date, time, place, network, rhythm, closed, (day, at, home, own, written, shift) => {
      const campaign = campaignOf(`${day}T${at}`, [{ at: 'launch', ...written, closed: shift, count: 12 }])
      const [step] = campaign.steps
      if (!step || !isRecurring(step)) throw new Error('It should recur.')
      const { dates } = firstOccurrences(campaign, step, own, launchedAt, 20)
      const chained: string[] = []
      for (let next = nextOccurrence(campaign, step, own, launchedAt); next; ) {
        chained.push(next)
        next = nextOccurrence(campaign, step, own, launchedAt, next)
      }
      expect(chained).toEqual(dates)
      expect([...new Set(dates)].sort()).toEqual(dates)
      const moments = dates.map((one) => stepMoment(campaign, step, home, own, launchedAt, one)!.getTime())
      expect(moments).toEqual([...moments].sort((a, b) => a - b))
    }),
    { numRuns: 60 },
  )
})

test('However dates move, steps that wait keep the order they had', () => {
  const instant = fc
    .integer({ min: 0, max: 400 })
    .map((day) => new Date(Date.parse('2027-01-01T08:00:00Z') + day * 86_400_000))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(instant, fc.boolean(), fc.constantFrom('moves', 'stays', 'past', 'skipped', 'now')), {
        maxLength: 12,
      }),
      (all) => {
        const steps = all.map(
          ([to, isSeries, fate], index): MovedStep => ({
            ...{ messageId: `m${index}`, step: `s${index}`, position: index, occurrence: '1', becomes: '1' },
            ...{ from: to, to, isSeries, fate: fate as MovedStep['fate'] },
          }),
        )
        const made = inOrder(steps)
        expect(made.map(({ step }) => step)).toEqual(steps.map(({ step }) => step))
        const waiting = made.filter(({ fate, isSeries }) => !isSeries && fate !== 'past' && fate !== 'skipped')
        const moments = waiting.map(({ to }) => to!.getTime())
        expect(moments).toEqual([...moments].sort((a, b) => a - b))
        for (const [index, step] of made.entries())
          expect(step.to!.getTime()).toBeGreaterThanOrEqual(steps[index]!.to!.getTime())
      },
    ),
    { numRuns: 200 },
  )
})

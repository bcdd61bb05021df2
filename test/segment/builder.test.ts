import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BuilderForm,
  comparisons,
  conditionKinds,
  emptyLine,
  formOf,
  groups,
  ruleOf,
  subjects,
  unsaid,
} from '../../src/segment/builder.ts'
import { segmentRule } from '../../src/segment/rule.ts'

const valuesFor: Record<string, string[]> = {
  profile: ['field', 'sales'],
  language: ['fr'],
  engagement: ['hot', 'warm'],
  event: ['open'],
  reachable: ['sms'],
  consent: ['denied'],
}

const line = fc
  .record({
    kind: fc.constantFrom(...conditionKinds),
    subject: fc.constantFrom(...subjects),
    compare: fc.constantFrom(...comparisons.filter((one) => one !== 'after' && one !== 'before')),
    days: fc.constantFrom('', '7', '60'),
  })
  .map(({ kind, subject, compare, days }) => ({
    ...emptyLine(kind),
    ...{ subject, compare, values: valuesFor[kind] ?? ['12'], name: 'metier' },
    channel: kind === 'consent' ? 'sms' : '',
    days: kind === 'event' ? days : kind === 'lastActivity' ? days || '30' : '',
  }))

const form = fc.record({
  group: fc.constantFrom(...groups),
  lines: fc.array(line, { minLength: 2, maxLength: 5 }),
})

describe('the builder', () => {
  test('says only rules of the grammar, and opens what it said as the same rule', () => {
    fc.assert(
      fc.property(form, (given: BuilderForm) => {
        const rule = ruleOf(given)!
        expect(segmentRule.safeParse(rule).success).toBe(true)
        expect(ruleOf(formOf(rule)!)).toEqual(rule)
      }),
    )
  })

  test('says nothing while a line is not complete, and which', () => {
    const half = { group: 'all' as const, lines: [{ ...emptyLine('profile'), values: ['field'] }, emptyLine('tier')] }
    expect(ruleOf(half)).toBeUndefined()
    expect(unsaid(half)).toEqual([1])
  })

  test('leaves what it has no lines for to be written', () => {
    expect(formOf({ all: [{ any: [{ profile: 'field' }, { profile: 'sales' }] }, 'vendeurs'] })).toBeUndefined()
    expect(formOf({ event: { type: 'open', campaign: 'grand-nord' } })).toBeUndefined()
    expect(formOf({ siteWhere: { count: { of: 'vendeurs', max: 2 } } })).toBeUndefined()
  })
})

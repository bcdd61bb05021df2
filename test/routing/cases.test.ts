import { describe, expect, test } from 'vitest'
import { defaultCases } from '../../src/routing/default-cases.ts'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { policyCaseSchema } from '../../src/routing/policy-case.ts'
import { runCases } from '../../src/routing/run-cases.ts'
import type { Policy } from '../../src/routing/types.ts'

describe('the shipped cases', () => {
  test.each(defaultCases.map((one) => [one.name.en, one] as const))('%s', (_, one) => {
    expect(policyCaseSchema.parse(JSON.parse(JSON.stringify(one)))).toEqual(one)
    const [result] = runCases(defaultPolicy, [one])
    expect({
      ...result!.got,
      because: result!.got.because.map(({ code }) => code),
      wrong: result!.wrong,
    }).toMatchObject({ outcome: one.expected.outcome, wrong: [] })
    expect(result!.isPassed).toBe(true)
  })

  test('are twenty at the least, under names of their own, and try every rule of the shipped table', () => {
    expect(defaultCases.length).toBeGreaterThanOrEqual(20)
    for (const language of ['fr', 'en'] as const)
      expect(new Set(defaultCases.map(({ name }) => name[language])).size).toBe(defaultCases.length)
    const matched = new Set(runCases(defaultPolicy, defaultCases).map(({ got }) => got.rule))
    expect([...matched].sort()).toEqual(defaultPolicy.rules.map(({ id }) => id).sort())
  })
})

test('a case that fails says what was expected and what came instead, with its trace', () => {
  const letters: Policy = { ...defaultPolicy, rules: [{ id: 'letters', when: {}, channels: ['print', 'intranet'] }] }
  const [first] = runCases(letters, defaultCases)
  expect(first).toMatchObject({
    isPassed: false,
    wrong: ['channel', 'rule'],
    got: { outcome: 'send', channel: 'print', rule: 'letters' },
  })
  expect(first!.trace).toContainEqual(expect.objectContaining({ rule: 'policy.letters' }))
})

test('a case names a local time, also in the week the clocks change', () => {
  const one = defaultCases.find(({ name }) => name.en === 'Follow-up, field: SMS')!
  for (const [at, outcome] of [
    ['2027-03-29T07:59', 'defer'],
    ['2027-03-30T08:00', 'send'],
    ['2026-10-26T08:00', 'send'],
    ['2026-10-26T07:59', 'defer'],
  ] as const)
    expect(runCases(defaultPolicy, [{ ...one, at }])[0]!.got.outcome, at).toBe(outcome)
})

test('a case that expects nothing to be sent names no channel', () => {
  const [one] = defaultCases
  const wrong = policyCaseSchema.safeParse({ ...one, expected: { outcome: 'none', channel: 'sms' } })
  expect(wrong.error?.issues.map(({ path }) => path.join('.'))).toEqual(['expected.channel'])
})

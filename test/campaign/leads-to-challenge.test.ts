import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { leadsToChallenge } from '../../src/campaign/leads-to-challenge.ts'
import { presets } from '../../src/campaign/presets.ts'

type Step = Parameters<typeof leadsToChallenge>[1] & { name: string }
const challenge = { period: { from: 'launch', to: 'end' } } as NonNullable<
  Parameters<typeof leadsToChallenge>[0]['challenge']
>
const step = (more: object) => ({ asksRegistration: false, ...more }) as Step

test.each([
  [{ asksRegistration: true }, true],
  [{ to: 'registered' }, true],
  [{ to: { all: ['registered', { not: 'left' }] } }, true],
  [{ to: { not: 'registered' } }, false],
  [{ to: { all: [{ not: 'registered' }, 'opened'] } }, false],
  [{}, false],
  [{ at: 'end + 8 working days, 09:00' }, true],
  [{ at: 'end - 2 days' }, false],
  [{ at: 'launch + 3 days' }, false],
])('a step with %j leads to the challenge: %s', (more, leads) => {
  expect(leadsToChallenge({ challenge }, step(more))).toBe(leads)
  // Without a challenge only where it asks to register, as an invitation does.
  expect(leadsToChallenge({}, step(more))).toBe('asksRegistration' in more)
})

test('what the challenge preset says to register, to tell results or of the winners leads there', () => {
  const preset = presets().find(({ name }) => name === 'challenge')!
  const { steps } = parse(preset.text) as { steps: Step[] }
  const there = steps.filter((one) => leadsToChallenge({ challenge }, step(one))).map(({ name }) => name)
  expect(there).toEqual(['kit', 'launch-day', 'relance', 'standing', 'winners'])
})

import { expect, test } from 'vitest'
import { outage } from '../../src/chaos/outage.ts'

test('a provider that is down and back: nothing lost, nothing twice, no storm, urgent texts first, expired ones never', async () => {
  const found = await outage({ seed: '1', scale: 0.02 })
  expect(found).toMatchObject({ messages: 45, lost: 0, extra: 0 })
  expect(found.notes[0]).toMatch(/, [1-9]\d* tries in 10 minutes, .* 0 before the urgent ones, [1-9]\d* expired$/)
}, 300_000)

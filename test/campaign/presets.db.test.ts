import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCampaign } from '../../src/campaign/launch.ts'
import { planCampaign } from '../../src/campaign/plan.ts'
import { presets } from '../../src/campaign/presets.ts'
import { type World, world } from '../world.ts'

let w: World
beforeAll(async () => {
  w = await world({ at: new Date('2026-11-23T08:00:00Z') })
})
afterAll(() => w.close())

test.each(presets().map(({ name, text }) => [name, text]))(
  '%s can be planned as it comes, step by step',
  async (name, text) => {
    const campaign = await readCampaign(w.context, w.network, { file: `${name}.yaml`, text }, w.clock.now())
    const plan = await planCampaign(w.context, w.network, campaign, w.clock.now())
    expect(plan.audience).toBeGreaterThan(0)
    // A series comes in August too; nothing else is to be said.
    expect(plan.notices.filter(({ code }) => !code.startsWith('slack.'))).toEqual([])
    for (const { name: step } of campaign.steps) expect(plan.steps.map((planned) => planned.step)).toContain(step)
  },
)

test('the quarterly bulletin is one letter for each outlet, four times a year', async () => {
  const { text } = presets().find(({ name }) => name === 'quarterly-bulletin')!
  const campaign = await readCampaign(w.context, w.network, { file: 'x.yaml', text }, w.clock.now())
  const { steps } = await planCampaign(w.context, w.network, campaign, w.clock.now())
  const letters = steps.filter(({ step }) => step === 'bulletin')
  expect(letters.slice(0, 4).map(({ at }) => at?.slice(0, 10))).toEqual([
    '2027-03-31',
    '2027-06-30',
    '2027-09-30',
    '2027-12-31',
  ])
  const { byChannel, deliveriesByChannel } = letters[0]!
  expect(deliveriesByChannel.print).toBeLessThan(byChannel.print)
})

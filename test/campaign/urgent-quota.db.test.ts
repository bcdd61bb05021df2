import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { UrgentQuotaReached, urgentLaunchedBy } from '../../src/campaign/urgent-quota.ts'
import { auditEntries, campaigns } from '../../src/db/schema.ts'
import { type World, world } from '../world.ts'

let live: World
beforeAll(async () => {
  live = await world({ mode: 'live', at: new Date('2027-01-04T08:00:00Z') })
})
afterAll(() => live.close())

const launch = (w: World, name: string, actor: string, messageClass = 'urgent_service', reason = 'reason: recall\n') =>
  launchCampaign(
    w.context,
    w.network,
    {
      file: `${name}.yaml`,
      text: `name: ${name}\ntitle: { fr: Avis, en: Notice }\nclass: ${messageClass}\n${reason}audience: { segment: tous }\nanchor: { launch: now }\nlink: https://www.example.com\nsteps:\n  - { name: avis, at: launch, intent: notice, urgency: ${messageClass === 'urgent_service' ? 'immediate' : 'normal'}, template: challenge/launch }\n`,
    },
    actor,
    w.clock.now(),
  )

test('each sender may launch four urgent notices a calendar month, and is told so; colleagues and other classes go on', async () => {
  for (const name of ['un', 'deux', 'trois', 'quatre']) await launch(live, name, 'odile')
  expect(await urgentLaunchedBy(live.context.db, live.network, 'odile', live.clock.now())).toBe(4)
  await expect(launch(live, 'cinq', 'odile')).rejects.toThrow(UrgentQuotaReached)
  await expect(launch(live, 'cinq', 'odile')).rejects.toThrow(/4 urgent notices were launched by the same sender/)
  expect(await live.context.db.$count(campaigns)).toBe(4)
  await launch(live, 'contrat', 'odile', 'contractual')
  await launch(live, 'cinq', 'karim')
  // The same file again is no other notice.
  expect(await launch(live, 'un', 'odile')).toMatchObject({ isNew: false })
  const launched = await live.context.db.select().from(auditEntries)
  expect(launched.filter(({ action }) => action === 'campaign.launch')).toHaveLength(6)
  // One minute before the month is over in Paris, and one after.
  live.clock.set(new Date('2027-01-31T22:59:00Z'))
  await expect(launch(live, 'six', 'odile')).rejects.toThrow(UrgentQuotaReached)
  live.clock.set(new Date('2027-01-31T23:01:00Z'))
  expect(await launch(live, 'six', 'odile')).toMatchObject({ isNew: true })
})

test('in a live network an urgent notice is launched with a reason, which the journal keeps; a rehearsal needs none', async () => {
  await expect(launch(live, 'sans-motif', 'lucas', 'urgent_service', '')).rejects.toThrow(/say why with reason: recall/)
  const { campaignId } = await launch(live, 'avec-motif', 'lucas')
  const entries = await live.context.db.select().from(auditEntries)
  expect(entries.find(({ subject }) => subject === campaignId)?.data).toMatchObject({ reason: 'recall' })
  const rehearsal = await world({ mode: 'sandbox', at: live.clock.now() })
  expect(await launch(rehearsal, 'sans-motif', 'lucas', 'urgent_service', '')).toMatchObject({ isNew: true })
  await rehearsal.close()
})

test('a network sets its own limit', async () => {
  const network = { ...live.network, settings: { ...live.network.settings, launching: { urgentPerMonth: 1 } } }
  await expect(launch({ ...live, network }, 'sept', 'odile')).rejects.toThrow(/1 are allowed/)
})

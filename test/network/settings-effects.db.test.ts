import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCampaign } from '../../src/campaign/launch.ts'
import { planCampaign } from '../../src/campaign/plan.ts'
import { auditEntries, decisions, deliveries, networks, policies } from '../../src/db/schema.ts'
import { addClosure, changeBudget, changeGeneral, removeClosure } from '../../src/network/change-settings.ts'
import { changeRouting, type RoutingOverrides, refreshPolicies } from '../../src/network/routing-settings.ts'
import { currentPolicy } from '../../src/outbox/step.ts'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { type Live, live, mailStep, smsStep } from '../deliver/live.ts'

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

const act = () => ({ networkId: l.network.id, actor: 'test', at: l.clock.now() })
const set = async (change: (own: RoutingOverrides) => RoutingOverrides) => {
  await l.context.db.transaction((tx) => changeRouting(tx, act(), change))
  await fresh()
}
const fresh = async () => {
  const [network] = await l.context.db.select().from(networks).where(eq(networks.id, l.network.id))
  Object.assign(l.network, network)
}
const said = { source: 'Contrat cadre 2027', checkedOn: '2027-01-04', setBy: 'test' }
const decisionsNow = () => l.context.db.select().from(decisions)
const campaign = (step: string) =>
  `name: plan
title: { fr: Plan, en: Plan }
class: marketing
audience: { segment: tous }
anchor: { launch: now, timezone: Europe/Paris }
link: https://www.reseau.example.com/defi
steps: [{ name: seule, at: launch, ${step} }]
`
const plan = async (step: string) => {
  const now = l.clock.now()
  const definition = await readCampaign(l.context, l.network, { file: 'plan.yaml', text: campaign(step) }, now)
  return (await planCampaign(l.context, l.network, definition, now)).steps[0]!
}

describe('hours', () => {
  const afternoons = { soft: { '2': [[840, 1080]] as [number, number][] }, hard: null, holidaysClosed: true }

  test('a narrower habit of a country holds messages until it opens', async () => {
    await set((own) => ({ ...own, quietHours: { FR: { value: afternoons, ...said } } }))
    await l.owe(smsStep)
    const held = (await l.of('P1'))[0]!
    expect(held).toMatchObject({ status: 'held', reason: 'quiet_hours' })
    expect(held.dueAt.toISOString()).toMatch(/^2027-01-12T13:/)
  })

  test('hours of mail for one profile concern that profile alone', async () => {
    await set((own) => ({ ...own, emailHours: { office: { value: { '3': [[600, 660]] }, ...said } } }))
    await l.owe(mailStep)
    expect((await l.of('P2', 'email'))[0]).toMatchObject({ status: 'held', reason: 'quiet_hours' })
    expect((await l.of('P4', 'email'))[0]).toMatchObject({ status: 'queued' })
  })

  test('each change is a version of the policy, which says who set it and after which source', async () => {
    await set((own) => ({ ...own, quietHours: { FR: { value: afternoons, ...said } } }))
    await set((own) => ({ ...own, quietHours: {} }))
    const rows = await l.context.db.select().from(policies)
    expect(rows.map(({ version, createdBy }) => [version, createdBy])).toEqual([
      [2, 'test'],
      [3, 'test'],
    ])
    const [own, restored] = rows.map(({ policy }) => policy as typeof defaultPolicy)
    expect(own!.values.quietHours).toMatchObject({ status: 'set by the network', checkedOn: '2027-01-04' })
    expect(own!.values.quietHours.source).toMatch(/^FR: Contrat cadre 2027; others: /)
    expect(restored!.values).toEqual(defaultPolicy.values)
    expect((await currentPolicy(l.context.db, l.network.id)).version).toBe(3)
  })

  test('nothing is written where nothing changes, at a start neither', async () => {
    await set((own) => ({ ...own, quietHours: { FR: { value: afternoons, ...said } } }))
    await l.context.db.transaction((tx) => refreshPolicies(tx, l.clock.now()))
    await set((own) => own)
    expect(await l.context.db.$count(policies)).toBe(1)
  })
})

describe('closing days', () => {
  const closure = { label: 'Inventaire', from: '2027-01-12', to: '2027-01-13' }
  const close = async (more = {}) => {
    await l.context.db.transaction((tx) => addClosure(tx, act(), { ...closure, ...more }))
    await fresh()
  }

  test('hold what is not urgent until the network is open again', async () => {
    await close()
    await l.owe(smsStep)
    const held = (await l.of('P1'))[0]!
    expect(held).toMatchObject({ status: 'held', reason: 'quiet_hours' })
    expect(held.dueAt.toISOString()).toMatch(/^2027-01-14T07:/)
  })

  test('let urgent service pass', async () => {
    await close()
    await l.owe(
      'intent: notice, urgency: immediate, channels: [sms], template: notice/urgent',
      'class: urgent_service\nreason: closure',
    )
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'queued' })
  })

  test('of one region leave the others open', async () => {
    await close({ region: 'RE' })
    await l.owe(smsStep)
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'queued' })
  })

  test('are no working days', async () => {
    const step = 'name: seule, at: "launch + 1 working day"'
    const text = campaign(smsStep).replace('name: seule, at: launch', step)
    const at = async () => {
      const now = l.clock.now()
      const definition = await readCampaign(l.context, l.network, { file: 'plan.yaml', text }, now)
      return (await planCampaign(l.context, l.network, definition, now)).steps[0]!.at
    }
    expect(await at()).toBe('2027-01-13T09:00:00.000Z')
    await close()
    expect(await at()).toBe('2027-01-14T09:00:00.000Z')
  })

  test('are open again once removed', async () => {
    await close()
    const { db } = l.context
    const id = l.network.settings.closures![0]!.id
    expect(await db.transaction((tx) => removeClosure(tx, act(), id))).toBe(true)
    expect(await db.transaction((tx) => removeClosure(tx, act(), id))).toBe(false)
    await fresh()
    await l.owe(smsStep)
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'queued' })
    expect(await db.$count(auditEntries, eq(auditEntries.action, 'holiday.change'))).toBe(2)
  })
})

describe('caps', () => {
  test('a cap of none closes a channel to marketing, and the decision says so', async () => {
    const caps = defaultPolicy.values.caps.value.map((cap) => (cap.channel === 'sms' ? { ...cap, max: 0 } : cap))
    await set((own) => ({ ...own, caps: { value: caps, ...said } }))
    await l.owe(smsStep)
    expect(await l.of('P1')).toEqual([])
    const made = await decisionsNow()
    expect(JSON.stringify(made.map(({ trace }) => trace))).toContain('cap_reached')
  })

  test('a day’s budget stops what costs, lets urgent service pass, and counts what was decided', async () => {
    // Two texts of 0.065 €: the third is one too many.
    await l.context.db.transaction((tx) => changeBudget(tx, act(), { millis: 13_000 }))
    await fresh()
    await l.owe(smsStep)
    const { db } = l.context
    expect(await db.$count(deliveries, eq(deliveries.channel, 'sms'))).toBe(2)
    const made = await decisionsNow()
    expect(JSON.stringify(made.filter(({ channel }) => channel === null))).toContain('budget_spent')
    await l.owe(
      'intent: notice, urgency: immediate, channels: [sms], template: notice/urgent',
      'class: urgent_service\nreason: closure',
    )
    expect(await db.$count(deliveries, eq(deliveries.channel, 'sms'))).toBeGreaterThan(4)
  })

  test('without a limit nothing stops', async () => {
    await l.owe(smsStep)
    expect(await l.context.db.$count(deliveries, eq(deliveries.channel, 'sms'))).toBeGreaterThan(2)
  })
})

describe('costs', () => {
  test('a network’s own price is what its plan reckons with', async () => {
    const before = await plan(smsStep)
    await set((own) => ({ ...own, costs: { sms: { value: 130_000, ...said } } }))
    const after = await plan(smsStep)
    // Five people: 5 × 0.065 €, then 5 × 1.30 €.
    expect([before.cost.min, before.cost.max]).toEqual([33, 33])
    expect([after.cost.min, after.cost.max]).toEqual([650, 650])
  })

  test('a price for one country holds for its numbers, and in what may follow on SMS', async () => {
    const fallback = `intent: follow-up, channels: [email], template: challenge/launch, fallback: { ifNot: acted, after: PT48H }`
    const before = await plan(fallback)
    await set((own) => ({ ...own, smsCosts: { FR: { value: 65_000, ...said } } }))
    const after = await plan(fallback)
    expect(after.cost.max).toBeGreaterThan(before.cost.max)
    expect(after.cost.min).toBe(before.cost.min)
    expect((await plan(smsStep)).cost.min).toBeGreaterThan(0)
  })
})

describe('general settings', () => {
  test('what changes is on record with what it was, and nothing else', async () => {
    const general = { title: 'Réseau du Rhône', language: 'fr' as const, timezone: 'Europe/Paris', contentMonths: 6 }
    await l.context.db.transaction((tx) => changeGeneral(tx, act(), general))
    await fresh()
    expect(l.network).toMatchObject({ title: 'Réseau du Rhône', settings: { contentMonths: 6 } })
    const entries = await l.context.db.select().from(auditEntries)
    expect(entries.map(({ action, subject, data }) => [action, subject, data])).toEqual([
      ['settings.change', 'title', { before: 'Réseau Rhône', after: 'Réseau du Rhône' }],
      ['settings.change', 'contentMonths', { before: null, after: 6 }],
    ])
  })

  test('the number for STOP is what texts end with', async () => {
    await l.context.db.transaction((tx) =>
      changeGeneral(tx, act(), { title: 'R', language: 'fr', timezone: 'Europe/Paris', stopNumber: '38111' }),
    )
    await fresh()
    await l.owe(smsStep)
    await l.deliver()
    expect(l.twilio.messages.length).toBeGreaterThan(0)
    expect(l.twilio.messages.every(({ body }) => body.endsWith('STOP au 38111'))).toBe(true)
  })
})

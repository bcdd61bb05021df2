import { setTimeout as pause } from 'node:timers/promises'
import { and, eq } from 'drizzle-orm'
import { launchCampaign } from '../src/campaign/launch.ts'
import { startTwilio } from '../src/chaos/providers/twilio.ts'
import { businessNow } from '../src/clock.ts'
import type { Context } from '../src/context.ts'
import { deliveries, senders } from '../src/db/schema.ts'
import { deliverDue } from '../src/deliver/deliver-due.ts'
import { openLanes } from '../src/deliver/lanes.ts'
import { fanOut, startStep } from '../src/outbox/fan-out.ts'
import { embeddedPace } from '../src/pace/embedded.ts'
import { burstUnits } from '../src/pace/pace.ts'
import { fannedOut, loaded } from './spine.ts'

const text = (name: string, more: string) => `name: ${name}
title: { fr: Mesure, en: Measure }
class: transactional
audience: { segment: tous }
anchor: { launch: 2027-01-11T10:00, timezone: recipient }
link: https://www.example.com/bench
steps:
  - { name: annonce, at: launch, intent: follow-up, channels: [sms], template: challenge/launch${more} }
`

export interface Pacing {
  /** Segments a second asked for. */
  rate: number
  /** Segments a second that reached the stand-in, and how much of the rate that is. */
  achieved: number
  ratio: number
  /** The most within any one second, and what the rate, one burst and one message allow. */
  most: number
  allowed: number
  /** From the moment an urgent text is decided to its call (milliseconds), idle and beside the bulk. */
  urgentIdleMs: number
  urgentBesideBulkMs: number
}

/** The engine on a real clock, a stand-in for Twilio beside it: what leaves of a bulk campaign at a rate, and what is urgent. */
export async function benchPacing(rate: number, seconds: number): Promise<Pacing> {
  const arrivals: { at: number; delivery: string }[] = []
  const twilio = await startTwilio({ now: () => new Date() })
  const made = await loaded(Math.max(50, Math.ceil(rate * seconds * 1.5)), text('bench', ''), {
    mode: 'live',
    config: {
      twilio: { accountSid: twilio.accountSid, authToken: twilio.authToken, from: '36180', baseUrl: twilio.url },
    },
  })
  const { network, relais } = made.space
  const lanes = openLanes(relais.context.log)
  const context: Context = { ...relais.context, lanes, pace: embeddedPace(() => performance.now()) }
  const now = () => businessNow(context.wall.now(), network)
  const ofSms = and(eq(senders.networkId, network.id), eq(senders.channel, 'sms'))
  await context.db.update(senders).set({ ratePerSecond: rate }).where(ofSms)

  const look = () => deliverDue(context, network, now())
  const heard = () => {
    for (const { form, createdAt } of twilio.messages.slice(arrivals.length))
      arrivals.push({
        at: createdAt.getTime(),
        delivery: new URL(form.StatusCallback ?? 'none:').searchParams.get('d') ?? '',
      })
  }
  const urgent = async (name: string) => {
    const source = { file: 'urgent.yaml', text: text(name, ', urgency: immediate') }
    const launched = await launchCampaign(context, network, source, 'bench', new Date(now().getTime() - 60_000))
    const { messageId } = launched.steps[0]!
    await context.db.transaction((tx) => startStep(tx, network, messageId, now()))
    await fanOut(context, network, messageId, now(), () => false)
    const ids = new Set(
      (await context.db.select({ id: deliveries.id }).from(deliveries).where(eq(deliveries.messageId, messageId))).map(
        ({ id }) => id,
      ),
    )
    const asked = Date.now()
    await look()
    for (;;) {
      heard()
      const first = arrivals.find(({ delivery }) => ids.has(delivery))
      if (first) {
        // One is enough; the others would only keep the rate busy.
        const rest = and(eq(deliveries.messageId, messageId), eq(deliveries.status, 'queued'))
        await context.db.update(deliveries).set({ status: 'canceled' }).where(rest)
        return first.at - asked
      }
      await pause(1)
    }
  }
  const idle = await urgent('urgent-1')
  // What ran ahead is made up for; then the bulk has its rate to itself.
  await pause(3_000)
  heard()
  await fannedOut(made)
  const bulkFrom = arrivals.length
  const end = performance.now() + seconds * 1_000
  while (performance.now() < end) {
    await look()
    await pause(200)
  }
  heard()
  const bulk = arrivals.slice(bulkFrom)
  const beside = await urgent('urgent-2')
  await lanes.end()
  const parts = new Map(
    (await context.db.select({ id: deliveries.id, parts: deliveries.parts }).from(deliveries)).map((row) => [
      row.id,
      row.parts ?? 1,
    ]),
  )
  const units = bulk.flatMap(({ at, delivery }) => Array<number>(parts.get(delivery) ?? 1).fill(at))
  await made.space.close()
  await twilio.close()
  return { rate, ...measured(units, rate), urgentIdleMs: idle, urgentBesideBulkMs: beside }
}

function measured(units: readonly number[], rate: number) {
  const span = units.at(-1)! - units[0]!
  const achieved = (units.filter((at) => at > units[0]!).length * 1_000) / span
  let most = 0
  for (let first = 0, last = 0; last < units.length; last++) {
    while (units[last]! - units[first]! >= 1_000) first++
    most = Math.max(most, last - first + 1)
  }
  return {
    achieved: Number(achieved.toFixed(2)),
    ratio: Number((achieved / rate).toFixed(3)),
    most,
    allowed: rate + burstUnits(rate),
  }
}

/** `npm run bench pacing`: what leaves at a rate, and how long what is urgent takes beside it; a real clock, so real time. */
export async function printPacing(seconds: number, print: (line: string) => void): Promise<void> {
  print('rate   achieved  of it   most in 1 s  allowed  urgent idle  beside bulk  ratio')
  for (const rate of [10, 100]) {
    const { achieved, ratio, most, allowed, urgentIdleMs, urgentBesideBulkMs } = await benchPacing(rate, seconds)
    const cells = [rate, achieved, ratio, most, allowed, `${urgentIdleMs} ms`, `${urgentBesideBulkMs} ms`]
    const widths = [7, 10, 8, 13, 9, 13, 13]
    const ratioOfUrgent = (urgentBesideBulkMs / Math.max(1, urgentIdleMs)).toFixed(2)
    print(cells.map((cell, column) => String(cell).padEnd(widths[column]!)).join('') + ratioOfUrgent)
  }
}

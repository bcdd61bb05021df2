import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Pool } from 'undici'
import { businessNow } from '../src/clock.ts'
import { deliverDue } from '../src/deliver/deliver-due.ts'
import { compare, type Figure, type Side } from './measure.ts'
import { fannedOut, loaded } from './spine.ts'
import type { Workspace } from './workspace.ts'

const campaign = `name: bench
title: { fr: Mesure, en: Measure }
class: transactional
audience: { segment: tous }
anchor: { launch: 2027-01-11T10:00, timezone: recipient }
link: https://www.example.com/bench
steps:
  - { name: annonce, at: launch, intent: follow-up, channels: [sms], template: challenge/launch }
`

interface StandIn {
  url: string
  accountSid: string
  authToken: string
}

/** As many at a time as the engine has: four batches of four. */
const inFlight = 16

/** Text messages to the stand-in for Twilio from claim to settlement, against the bare POSTs with undici. */
export async function benchSms(people: number, pairs: number): Promise<Figure> {
  const child = fork(new URL('./program-twilio.ts', import.meta.url), { execArgv: process.execArgv })
  const [standIn] = (await once(child, 'message')) as [StandIn]
  const spaces: Workspace[] = []
  const product: Side = {
    prepare: async () => {
      const made = await loaded(people, campaign, {
        mode: 'live',
        config: {
          twilio: {
            accountSid: standIn.accountSid,
            authToken: standIn.authToken,
            from: '36180',
            baseUrl: standIn.url,
          },
        },
      })
      spaces.push(made.space)
      await fannedOut(made)
      const { context } = made.space.relais
      return () => deliverDue(context, made.space.network, businessNow(context.wall.now(), made.space.network))
    },
  }
  const ceiling: Side = { prepare: async () => () => barePosts(standIn, people) }
  const figure = await compare(
    {
      name: 'sms',
      unit: 'messages',
      against: `bare undici POSTs to the same stand-in, ${inFlight} in flight`,
      floor: 0.12,
      goal: 0.6,
    },
    product,
    ceiling,
    pairs,
  )
  for (const space of spaces) await space.close()
  await everybodyTold(child, people)
  child.disconnect()
  return figure
}

/** The fastest fault would win otherwise. */
async function everybodyTold(child: ChildProcess, people: number) {
  child.send('count')
  const [{ taken }] = (await once(child, 'message')) as [{ taken: number }]
  if (taken < people) throw new Error(`The stand-in was told ${taken} numbers of ${people}.`)
}

async function barePosts({ url, accountSid, authToken }: StandIn, count: number): Promise<number> {
  const pool = new Pool(url, { connections: inFlight })
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
  let next = 0
  const one = async () => {
    while (next < count) {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          To: `+336${String(next++).padStart(8, '0')}`,
          From: '36180',
          Body: 'Mesure : c’est parti ! Inscrivez-vous en 1 minute : https://rl.example/q/ABCDEFGH',
        }).toString(),
      })
      const told = (await body.json()) as { sid?: string }
      if (statusCode !== 201 || !told.sid) throw new Error(`The stand-in answered ${statusCode}.`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  await pool.close()
  return count
}

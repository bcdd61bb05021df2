import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { deliveries, renderedContents, senders } from '../../src/db/schema.ts'
import { changeSettings } from '../../src/network/networks.ts'
import { preferSenders, sendersOf, syncLiveSenders, unknownSenders } from '../../src/network/senders.ts'
import { findContact } from '../../src/network/timeline.ts'
import { advance } from '../../src/time-machine.ts'
import { tick } from '../../src/worker.ts'
import { cast, type World, world } from '../world.ts'

const campaign = (sender: string) => `name: texto
title: { fr: Texto, en: Text }
class: marketing
audience: { rule: { profile: field } }
anchor: { launch: 2027-01-12T10:00, timezone: recipient }
sender: ${sender}
link: https://www.reseau.example.com/defi
steps:
  - { name: annonce, at: launch, intent: follow-up, channels: [sms], template: challenge/launch }
`

let w: World
afterEach(() => w.close())

describe('in a sandbox network', () => {
  beforeEach(async () => {
    w = await world()
  })

  test('a campaign is sent by the sender it names, the others keep to their channels', async () => {
    await changeSettings(w.context.db, w.network.id, { stopNumber: '36180' })
    w.network.settings = { stopNumber: '36180' }
    const source = { file: 'texto.yaml', text: campaign('{ sms: Nom court }') }
    await launchCampaign(w.context, w.network, source, 'test', w.clock.now())
    await advance(w.context, w.network, { by: 'P2D' })
    const [wanted] = (await sendersOf(w.context.db, w.network.id)).filter((sender) => sender.name === 'Nom court')
    const sent = await w.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
    expect(sent.length).toBeGreaterThan(0)
    expect(sent.every((delivery) => delivery.senderId === wanted!.id)).toBe(true)
  })

  test('a sender that is not there keeps the campaign from being launched, and the message names those that are', async () => {
    const source = { file: 'texto.yaml', text: campaign('Inconnu') }
    const launch = launchCampaign(w.context, w.network, source, 'test', w.clock.now())
    await expect(launch).rejects.toThrow(/No sender of reseau is named "Inconnu".*Numéro court/)
  })

  test('choosing is by name, on the channel named or on every channel that has it', async () => {
    const all = await sendersOf(w.context.db, w.network.id)
    const defaults = (choice: Parameters<typeof preferSenders>[1]) =>
      preferSenders(all, choice)
        .filter((sender) => sender.isDefault && (sender.channel === 'sms' || sender.channel === 'email'))
        .map((sender) => sender.name)
        .sort()
    expect(defaults(undefined)).toEqual(['Animation du réseau', 'Numéro court'])
    expect(defaults('Nom court')).toEqual(['Animation du réseau', 'Nom court'])
    expect(defaults({ email: 'Nom court' })).toEqual(['Animation du réseau', 'Numéro court'])
    expect(unknownSenders(all, { sms: 'Nom court', email: 'Personne' })).toEqual(['Personne'])
  })

  test('content is erased when its time is over; its hash stays', async () => {
    await changeSettings(w.context.db, w.network.id, { stopNumber: '36180', contentMonths: 1 })
    w.network.settings = { stopNumber: '36180', contentMonths: 1 }
    const source = { file: 'texto.yaml', text: campaign('Numéro court') }
    await launchCampaign(w.context, w.network, source, 'test', w.clock.now())
    await advance(w.context, w.network, { by: 'P2D' })
    expect(await w.context.db.$count(renderedContents)).toBeGreaterThan(0)
    await advance(w.context, w.network, { by: 'P40D' })
    while (await tick(w.context, w.network, new Date(w.clock.now().getTime() + w.network.clockOffsetMs)));
    expect(await w.context.db.$count(renderedContents)).toBe(0)
    const kept = await w.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
    expect(kept.every((delivery) => delivery.contentHash !== null)).toBe(true)
  })

  test('a person is found by identifier, mailbox or mobile, but never by a mailbox several share', async () => {
    const { db } = w.context
    const id = await w.contactId(cast.odile.id)
    expect(await findContact(db, w.network.id, cast.odile.id)).toMatchObject({ id })
    expect(await findContact(db, w.network.id, 'Odile.Martin@batipro.example.com')).toMatchObject({ id })
    expect(await findContact(db, w.network.id, '06 39 98 00 02')).toMatchObject({ id })
    expect(await findContact(db, w.network.id, 'nobody@batipro.example.com')).toBeUndefined()
    expect(await findContact(db, w.network.id, 'nobody')).toBeUndefined()
  })
})

test('a live network follows what the environment says of its providers', async () => {
  w = await world({ mode: 'live' })
  const { db } = w.context
  const plan = {
    channel: 'sms' as const,
    name: 'Twilio',
    provider: 'twilio',
    address: '36180',
    isTwoWay: true,
    isDefault: true,
  }
  await syncLiveSenders(db, [plan], w.clock.now())
  await syncLiveSenders(db, [{ ...plan, address: 'RESEAU', isTwoWay: false }], w.clock.now())
  const rows = await db.select().from(senders).where(eq(senders.channel, 'sms'))
  expect(rows).toEqual([expect.objectContaining({ name: 'Twilio', address: 'RESEAU', isTwoWay: false })])
})

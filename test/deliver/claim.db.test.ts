import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { InboundEvent } from '../../src/channel.ts'
import type { Context } from '../../src/context.ts'
import { newId, type Tx } from '../../src/db/index.ts'
import {
  addresses,
  campaigns,
  consents,
  contacts,
  deliveries,
  suppressions,
  trackingChoices,
} from '../../src/db/schema.ts'
import { claim } from '../../src/deliver/claim.ts'
import { addressHash } from '../../src/network/suppression.ts'
import { receive } from '../../src/tracking/inbox.ts'
import { look } from '../../src/worker.ts'
import { cast, castFile } from '../world.ts'
import { type Live, live, mailStep, smsStep } from './live.ts'
import { addContactMobile } from './new-mobile.ts'

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(async () => {
  await l.close()
})

const stopped = (mobile: string) =>
  l.context.db.insert(suppressions).values({
    networkId: l.network.id,
    id: newId(),
    scope: 'channel_sender',
    addressHash: addressHash('mobile', mobile),
    channel: 'sms',
    reason: 'stop',
    source: 'test',
    occurredAt: l.clock.now(),
  })
const consentTo = async (who: string, channel: 'sms' | 'email', action: 'grant' | 'withdraw') =>
  l.context.db.insert(consents).values({
    networkId: l.network.id,
    id: newId(),
    contactId: await l.contactId(who),
    channel,
    purpose: 'receive',
    action,
    value: action === 'grant' ? 'yes' : 'no',
    basis: 'consent',
    source: 'test',
    actor: 'test',
    occurredAt: l.clock.now(),
    recordedAt: l.clock.now(),
  })
const texted = () => l.twilio.messages.map((message) => message.to)

describe('what changed after the decision is honoured', () => {
  test('a STOP that was committed', async () => {
    await l.owe(smsStep)
    await stopped(cast.marcel.mobile)
    await l.deliver()
    expect(texted()).not.toContain(cast.marcel.mobile)
    expect(texted()).toContain(cast.odile.mobile)
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'suppressed', reason: 'suppressed_sender', attempt: 0 })
  })

  test('a STOP that has only come in, and is not applied yet', async () => {
    await l.owe(smsStep)
    const stop: InboundEvent = {
      dedupeKey: 'stop-1',
      type: 'stop',
      provider: 'twilio',
      data: { from: cast.marcel.mobile, to: '36180', text: 'STOP' },
    }
    await receive(l.context.db, 'twilio', [stop], l.clock.now())
    await look(l.context, l.network, l.clock.now())
    expect(texted()).not.toContain(cast.marcel.mobile)
    expect(texted()).toContain(cast.odile.mobile)
  })

  test('a consent that was withdrawn', async () => {
    await l.owe(smsStep)
    await consentTo('P1', 'sms', 'withdraw')
    await l.deliver()
    expect(texted()).not.toContain(cast.marcel.mobile)
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'suppressed', reason: 'consent_denied' })
  })

  test('an address that died', async () => {
    await l.owe(smsStep)
    await l.context.db
      .update(addresses)
      .set({ status: 'dead' })
      .where(eq(addresses.hash, addressHash('mobile', cast.marcel.mobile)))
    await l.deliver()
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'suppressed', reason: 'address_unusable' })
  })

  test('somebody who has left', async () => {
    await l.owe(smsStep)
    await l.context.db.update(contacts).set({ isActive: false }).where(eq(contacts.externalId, 'P1'))
    await l.deliver()
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'canceled', reason: 'nobody_left' })
  })

  test('who is closed here gets the next channel, once', async () => {
    await l.owe('intent: follow-up, template: challenge/launch', 'audience: { rule: { profile: owner } }')
    expect((await l.of('P4', 'email'))[0]).toMatchObject({ status: 'queued' })
    await consentTo('P4', 'email', 'withdraw')
    for (let times = 0; times < 3; times++) await look(l.context, l.network, l.clock.now())
    expect(l.sendgrid.mails).toEqual([])
    expect(texted()).toEqual([cast.helene.mobile])
    expect((await l.of('P4'))[0]).toMatchObject({ status: 'accepted', fallbackOf: (await l.of('P4', 'email'))[0]!.id })
  })

  test('a new number: it leaves for the one of today, and its receipts close that one', async () => {
    await l.owe(smsStep)
    const id = await l.contactId('P1')
    const [old] = await l.of('P1')
    await l.context.db.update(addresses).set({ normalised: null }).where(eq(addresses.id, old!.addressId!))
    const fresh = await addContactMobile(l, id, '+33639980077')
    await l.deliver()
    expect(texted()).toContain('+33639980077')
    expect((await l.of('P1'))[0]).toMatchObject({ addressId: fresh })
  })

  test('a refusal to be measured: neither pixel nor tracked link, although it was decided otherwise', async () => {
    await l.owe(mailStep, 'audience: { rule: { profile: office } }')
    expect((await l.of('P2', 'email'))[0]).toMatchObject({ trackingMode: 'individual' })
    const contactId = await l.contactId('P2')
    await l.context.db.insert(trackingChoices).values(
      (['opens', 'clicks'] as const).map((subject) => ({
        networkId: l.network.id,
        id: newId(),
        contactId,
        subject,
        choice: 'refused' as const,
        source: 'test',
        occurredAt: l.clock.now(),
      })),
    )
    await l.deliver()
    const { html } = l.sendgrid.mails[0]!
    expect(html).not.toMatch(/\/[oc]\/[A-Za-z0-9_-]{20}/)
    expect((await l.of('P2', 'email'))[0]).toMatchObject({ status: 'accepted', trackingMode: 'none' })
  })
})

describe('one of two colleagues behind a mailbox withdraws', () => {
  test('it leaves for the other', async () => {
    await l.close()
    const colleague =
      'S3;Le Comptoir du Rhône;Distributeur;Gold;8 quai Perrache;69002;Lyon;France;contact@comptoir.example.com;P8;Zoé;Blanc;Magasinière;Comptoir;contact@comptoir.example.com;;fr;oui;;'
    l = await live({ file: `${castFile}\r\n${colleague}` })
    await l.owe(mailStep)
    const [shared] = await l.of('P5', 'email')
    expect((await l.of('P8', 'email'))[0]?.id).toBe(shared!.id)
    await consentTo('P5', 'email', 'withdraw')
    await l.deliver()
    expect(l.sendgrid.mails.filter((mail) => mail.to === cast.lucas.email)).toHaveLength(1)
    expect((await l.of('P8', 'email'))[0]).toMatchObject({ status: 'accepted' })
  })
})

describe('the campaign itself', () => {
  const set = (status: 'paused' | 'running' | 'canceled') => l.context.db.update(campaigns).set({ status })

  test('paused, its messages are held; going on, they leave', async () => {
    await l.owe(smsStep)
    await set('paused')
    await l.deliver()
    expect(texted()).toEqual([])
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'held', reason: 'paused' })
    await l.deliver()
    expect(texted()).toEqual([])
    await set('running')
    await l.deliver()
    expect(texted()).toContain(cast.marcel.mobile)
  })

  test('canceled, nothing of it leaves any more', async () => {
    await l.owe(smsStep)
    await set('canceled')
    await l.deliver()
    expect(texted()).toEqual([])
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'canceled', reason: 'campaign_canceled' })
  })
})

describe('time', () => {
  test('what has expired is not sent', async () => {
    await l.owe(`${smsStep}, expires: PT2H`)
    l.clock.forward(2 * 3_600_000)
    await l.deliver()
    expect(texted()).toEqual([])
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'expired', reason: 'expired' })
  })

  test('decided before the evening, claimed after it: held until decent hours, then sent', async () => {
    l.clock.set(new Date('2027-01-12T18:59:00Z'))
    await l.owe(smsStep)
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'queued' })
    l.clock.set(new Date('2027-01-12T19:30:00Z'))
    await l.deliver()
    expect(texted()).toEqual([])
    const [held] = await l.of('P1')
    expect(held).toMatchObject({ status: 'held', reason: 'quiet_hours', attempt: 0 })
    expect(held!.dueAt.getTime()).toBeGreaterThanOrEqual(Date.parse('2027-01-13T07:00:00Z'))
    expect(held!.dueAt.getTime()).toBeLessThan(Date.parse('2027-01-13T09:00:00Z'))
    l.clock.set(new Date(held!.dueAt.getTime() - 1_000))
    await l.deliver()
    expect(texted()).not.toContain(cast.marcel.mobile)
    l.clock.set(held!.dueAt)
    await l.deliver()
    expect(texted()).toContain(cast.marcel.mobile)
  })
})

describe('a provider that is gone', () => {
  test('holds its messages; back again, it sends them', async () => {
    await l.owe(smsStep)
    const without: Context = {
      ...l.context,
      channels: l.context.channels.filter(({ provider }) => provider !== 'twilio'),
    }
    await l.deliver(without)
    await l.deliver(without)
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'held', reason: 'no_provider' })
    await l.deliver()
    expect(texted()).toContain(cast.marcel.mobile)
  })
})

describe('a check that breaks stops the message: nothing is sent unchecked', () => {
  test('for one person: the others leave, that one waits for a human', async () => {
    await l.owe(smsStep)
    // Hours that no program of ours writes: whatever reads them breaks.
    await l.context.db
      .update(contacts)
      .set({ preferredHours: 'noon' as never })
      .where(eq(contacts.externalId, 'P1'))
    await l.deliver()
    expect(texted()).not.toContain(cast.marcel.mobile)
    expect(texted()).toContain(cast.odile.mobile)
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'needs_review', reason: 'check_failed', attempt: 0 })
  })

  test('when the database cannot answer it, nothing is claimed and nothing leaves', async () => {
    await l.owe(smsStep)
    const { db } = l.context
    const blind = (tx: Tx): Tx =>
      new Proxy(tx, {
        get: (target, key) => {
          if (key !== 'select') return Reflect.get(target, key)
          return (...columns: Parameters<Tx['select']>) => {
            const query = target.select(...columns)
            const from = query.from.bind(query)
            return Object.assign(query, {
              from: (table: Parameters<typeof from>[0]) => {
                if (table === (consents as unknown)) throw new Error('the disk is gone')
                return from(table)
              },
            })
          }
        },
      })
    const failing: Context = {
      ...l.context,
      db: Object.assign(Object.create(db), {
        select: db.select.bind(db),
        update: db.update.bind(db),
        transaction: <T>(work: (tx: Tx) => Promise<T>) => db.transaction((tx) => work(blind(tx))),
      }),
    }
    await expect(l.deliver(failing)).rejects.toThrow('the disk is gone')
    expect(texted()).toEqual([])
    expect(await db.$count(deliveries, eq(deliveries.status, 'sending'))).toBe(0)
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'queued', attempt: 0, claimedBy: null })
  })
})

test('what is urgent is claimed first', async () => {
  await l.owe(smsStep)
  await l.owe(
    'intent: notice, urgency: immediate, channels: [sms], template: notice/urgent',
    'class: urgent_service\nreason: closure\nvalues: { headline: { fr: Fermeture, en: Closed } }',
  )
  const urgent = await l.context.db.$count(deliveries, eq(deliveries.priority, 0))
  const { claimed } = await claim(l.context, l.network, l.clock.now(), urgent + 2)
  expect(claimed.map(({ delivery }) => delivery.priority)).toEqual([...Array.from({ length: urgent }, () => 0), 2, 2])
})

import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { Context } from '../../src/context.ts'
import { attempts, auditEntries, events, inboundEvents, networks, secrets, senders } from '../../src/db/schema.ts'
import { resolveDoubts } from '../../src/deliver/doubt.ts'
import { createNetwork } from '../../src/network/networks.ts'
import { rotateSecrets } from '../../src/network/rotate-secrets.ts'
import {
  accountsOf,
  credentialsOf,
  removeCredentials,
  SandboxHasNoCredentials,
  saveCredentials,
} from '../../src/network/secrets.ts'
import { sendersOf, syncLiveSenders } from '../../src/network/senders.ts'
import { openVault } from '../../src/network/vault.ts'
import { applyPending } from '../../src/tracking/inbox.ts'
import { type Live, live, mailStep, smsStep } from '../deliver/live.ts'
import { type FakeSendGrid, startSendGrid } from '../providers/sendgrid.ts'
import type { SignedCall } from '../providers/server.ts'
import { startSmtp } from '../providers/smtp.ts'
import { type FakeTwilio, signTwilio, startTwilio } from '../providers/twilio.ts'
import { cast, fakeRandom } from '../world.ts'

const ownSid = `AC${'1'.repeat(32)}`
const ownToken = 'swordfish-token-of-the-network'
const ownKey = 'SG.swordfish-key-of-the-network'

/** The field of the best tier: Marcel alone. */
const toMarcel = 'audience: { rule: { all: [{ profile: field }, { tier: Gold }] } }'

let l: Live
/** The account of the network, beside the installation's `l.twilio`. */
let own: FakeTwilio
let ownMail: FakeSendGrid

beforeEach(async () => {
  own = await startTwilio({ accountSid: ownSid, authToken: ownToken, now: () => l.clock.now() })
  ownMail = await startSendGrid({ apiKey: ownKey })
  l = await live({ config: { providerUrls: { twilio: own.url, sendgrid: ownMail.url } } })
})
afterEach(async () => {
  await l.close()
  await own.close()
  await ownMail.close()
})

const act = () => ({ network: l.network, actor: 'test', at: l.clock.now() })
const twilioAccount = {
  provider: 'twilio' as const,
  accountSid: ownSid,
  authToken: ownToken,
  from: '38500',
}
const mailAccount = () => ({
  provider: 'sendgrid' as const,
  apiKey: ownKey,
  webhookPublicKey: ownMail.webhookPublicKey,
  region: 'global' as const,
  from: 'animation@vauquelin.example.com',
})
const save = (credentials: Parameters<typeof saveCredentials>[3], vault = l.context.vault) =>
  l.context.db.transaction((tx) => saveCredentials(tx, vault, act(), credentials))
/** The network as it stands: what was saved is in its settings too. */
const fresh = async () => {
  const [network] = await l.context.db.select().from(networks).where(eq(networks.id, l.network.id))
  l.network.settings = network!.settings
  return network!
}
const site = () =>
  createApp({
    context: l.context,
    db: l.context.db,
    wall: l.clock,
    secret: 'a secret of the tests, long enough to be taken',
    publicUrl: l.context.publicUrl,
    version: 'test',
    channels: l.context.channels,
    keys: l.context.keys,
    actions: { advance: async () => {}, nextEventAt: async () => undefined },
    plan: async () => ({ steps: [] }),
  })
const call = ({ url, headers, body }: SignedCall) =>
  site().request(url, { method: 'POST', headers, body }, { incoming: { socket: { remoteAddress: '192.0.2.1' } } })

describe('a live network with an account of its own', () => {
  test('sends by it, from its own sender, without a restart; the installation’s account carries nothing', async () => {
    await save(twilioAccount)
    await l.owe(smsStep)
    await l.deliver()
    expect(l.twilio.messages).toEqual([])
    expect(own.messages.length).toBeGreaterThan(0)
    expect(own.messages.every(({ form }) => form.From === '38500')).toBe(true)
    const callback = new URL(own.messages[0]!.form.StatusCallback!)
    expect(callback.pathname).toBe(`/webhooks/twilio/status/${l.network.id}`)
  })

  test('keeps the installation’s account for the other channels', async () => {
    await save(twilioAccount)
    await l.owe(mailStep)
    await l.deliver()
    expect(l.sendgrid.mails.length).toBeGreaterThan(0)
    expect(ownMail.mails).toEqual([])
  })

  test('takes new credentials at the next hand-over, and the old ones are used no more', async () => {
    await save({ ...twilioAccount, authToken: 'wrong-token-0000' })
    await l.owe(smsStep)
    await l.deliver()
    expect(own.messages).toEqual([])
    const [refused] = await l.of('P1')
    expect(refused).toMatchObject({ status: 'queued', reason: 'credentials' })
    await save(twilioAccount)
    l.clock.set(new Date(refused!.dueAt.getTime() + 1_000))
    await l.deliver()
    expect(own.messages.map(({ to }) => to)).toContain(cast.marcel.mobile)
  })

  test('goes back to the installation’s account when its own is forgotten', async () => {
    await save(twilioAccount)
    const gone = await l.context.db.transaction((tx) => removeCredentials(tx, act(), 'twilio', l.context.liveSenders))
    expect(gone).toBe(true)
    await l.owe(smsStep)
    await l.deliver()
    expect(own.messages).toEqual([])
    expect(l.twilio.messages.every(({ form }) => form.From === '36180')).toBe(true)
    expect(l.twilio.messages.length).toBeGreaterThan(0)
  })

  test('keeps its senders through a restart, which follows the environment for the others only', async () => {
    await save(twilioAccount)
    await syncLiveSenders(l.context.db, l.context.liveSenders, l.clock.now())
    const all = await sendersOf(l.context.db, l.network.id)
    expect(all.filter(({ channel }) => channel === 'sms')).toEqual([
      expect.objectContaining({ provider: 'twilio', address: '38500', isTwoWay: true, isDefault: true }),
    ])
    expect(all.find(({ channel }) => channel === 'email')).toMatchObject({ credentialsRef: 'environment' })
  })

  test('has one account for a channel: a relay takes the place of SendGrid', async () => {
    const relay = await startSmtp({ user: 'animation', password: 'swordfish' })
    await save(mailAccount())
    const { hostname, port } = new URL(relay.url)
    const from = 'animation@vauquelin.example.com'
    const signIn = { user: 'animation', password: 'swordfish' }
    await save({ provider: 'smtp', security: 'starttls', host: hostname, port: Number(port), ...signIn, from })
    await l.owe(mailStep)
    await l.deliver()
    const accounts = await accountsOf(l.context.db, l.context.vault, l.network.id)
    expect(accounts.map(({ provider }) => provider)).toEqual(['smtp'])
    expect(relay.mails.length).toBeGreaterThan(0)
    expect(relay.mails.every((mail) => mail.from === from)).toBe(true)
    expect([...l.sendgrid.mails, ...ownMail.mails]).toEqual([])
    await relay.close()
  })

  test('a doubt about what the former account was given is never taken for a message that did not leave', async () => {
    l.twilio.plan.next('500-after')
    await l.owe(smsStep, toMarcel)
    await l.deliver()
    const [doubtful] = await l.of('P1')
    expect(doubtful).toMatchObject({ status: 'unknown' })
    await save(twilioAccount)
    const network = await fresh()
    await resolveDoubts(l.context, network, new Date(doubtful!.dueAt.getTime() + 1))
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'unknown', attempt: 1 })
    await resolveDoubts(l.context, network, new Date(doubtful!.dueAt.getTime() + 30 * 3_600_000))
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'needs_review' })
    expect(own.messages).toEqual([])
  })
})

describe('credentials that cannot be opened', () => {
  const locked = (): Context => ({ ...l.context })

  test('hold what they should carry, with the reason, and let it go once they open', async () => {
    const foreign = openVault('the secret of another installation altogether', fakeRandom('foreign'))
    await save(twilioAccount, foreign)
    await l.owe(smsStep)
    await l.deliver(locked())
    const [held] = await l.of('P1')
    expect(held).toMatchObject({ status: 'held', reason: 'credentials_unreadable' })
    expect([...l.twilio.messages, ...own.messages]).toEqual([])
    const [account] = await accountsOf(l.context.db, l.context.vault, l.network.id)
    expect(account).toMatchObject({ isReadable: false, hints: { accountSid: ownSid } })
    await save(twilioAccount)
    await l.deliver()
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'accepted' })
    expect(own.messages.map(({ to }) => to)).toContain(cast.marcel.mobile)
  })

  test('are not replaced by the installation’s for webhooks either: 503, so that the provider tries again', async () => {
    await save(twilioAccount, openVault('the secret of another installation altogether', fakeRandom('foreign')))
    const url = `${l.context.publicUrl}/webhooks/twilio/inbound/${l.network.id}`
    const answer = await call(signTwilio(url, { MessageSid: 'SM1', From: cast.marcel.mobile, Body: 'STOP' }, ownToken))
    expect(answer.status).toBe(503)
  })
})

describe('a sandbox network', () => {
  const sandbox = () =>
    l.context.db.transaction((tx) =>
      createNetwork(
        tx,
        { name: 'essai', title: 'Essai', mode: 'sandbox', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
        l.clock.now(),
      ),
    )

  test('takes no credentials', async () => {
    const network = await sandbox()
    const { db, vault } = l.context
    const saving = db.transaction((tx) => saveCredentials(tx, vault, { ...act(), network }, twilioAccount))
    await expect(saving).rejects.toBeInstanceOf(SandboxHasNoCredentials)
    expect(await db.$count(secrets)).toBe(0)
  })

  test('never uses any, even where some have been put into its rows', async () => {
    const network = await sandbox()
    await save(twilioAccount)
    const [row] = await l.context.db.select().from(secrets)
    await l.context.db.insert(secrets).values({ ...row!, networkId: network.id })
    const held = await l.context.carriers.of(network, l.context.channels)
    expect(held.channels).toBe(l.context.channels)
    await held.release()
    const url = `${l.context.publicUrl}/webhooks/twilio/inbound/${network.id}`
    const answer = await call(signTwilio(url, { MessageSid: 'SM1', From: cast.marcel.mobile, Body: 'ok' }, ownToken))
    expect(answer.status).toBe(404)
  })
})

describe('webhooks of a network’s own account', () => {
  const sent = async () => {
    await save(twilioAccount)
    await l.owe(smsStep)
    await l.deliver()
    return own.messages.find(({ to }) => to === cast.marcel.mobile)!
  }

  test('are verified with its own token, and move its deliveries', async () => {
    const { sid } = await sent()
    expect((await call(own.statusCallback(sid, 'delivered'))).status).toBe(204)
    await applyPending(l.context.db, l.clock)
    expect((await l.of('P1'))[0]).toMatchObject({ status: 'delivered' })
  })

  test('signed by the installation’s token they are refused, and the other way round', async () => {
    const { sid } = await sent()
    const mine = own.statusCallback(sid, 'delivered')
    const form = Object.fromEntries(new URLSearchParams(mine.body))
    expect((await call(signTwilio(mine.url, form, l.twilio.authToken))).status).toBe(403)
    const shared = `${l.context.publicUrl}/webhooks/twilio/status`
    expect((await call(signTwilio(shared, form, ownToken))).status).toBe(403)
    expect(await l.context.db.$count(inboundEvents)).toBe(0)
  })

  test('speak for their network only: what they say of another one is left out', async () => {
    const { sid } = await sent()
    const url = `${l.context.publicUrl}/webhooks/twilio/status/${l.network.id}?n=${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}&d=x&a=1`
    const form = { MessageSid: sid, MessageStatus: 'failed', ErrorCode: '30005' }
    expect((await call(signTwilio(url, form, ownToken))).status).toBe(204)
    expect(await l.context.db.$count(inboundEvents)).toBe(0)
  })

  test('a STOP to its number closes it for that number in that network', async () => {
    await sent()
    const url = `${l.context.publicUrl}/webhooks/twilio/inbound/${l.network.id}`
    const form = { MessageSid: 'SM9', From: cast.marcel.mobile, To: '38500', Body: 'STOP' }
    expect((await call(signTwilio(url, form, ownToken))).status).toBe(204)
    await applyPending(l.context.db, l.clock)
    const [row] = await l.context.db.select().from(inboundEvents)
    expect(row).toMatchObject({ networkId: l.network.id, error: null })
    expect(await l.context.db.$count(events, eq(events.type, 'stop'))).toBe(1)
  })

  test('of SendGrid are verified with the network’s public key', async () => {
    await save(mailAccount())
    await l.owe(mailStep)
    await l.deliver()
    const mail = ownMail.mails.find(({ to }) => to === cast.odile.email)!
    const at = l.clock.now()
    const signed = ownMail.events(l.context.publicUrl, [ownMail.eventOf(mail, 'delivered', at)], at)
    const toNetwork = { ...signed, url: `${signed.url}/${l.network.id}` }
    expect((await call(signed)).status).toBe(403)
    expect((await call(toNetwork)).status).toBe(204)
    await applyPending(l.context.db, l.clock)
    expect((await l.of('P2', 'email'))[0]).toMatchObject({ status: 'delivered' })
  })

  test('a network without an account of its own has no such address', async () => {
    const url = `${l.context.publicUrl}/webhooks/twilio/status/${l.network.id}`
    expect((await call(signTwilio(url, { MessageSid: 'SM1', MessageStatus: 'sent' }, ownToken))).status).toBe(404)
  })
})

describe('changing the installation’s secret', () => {
  const renewed = 'a renewed secret of the tests, also long enough'
  const withOld = () => openVault(renewed, fakeRandom('renewed'), ['a secret of the tests, long enough to be taken'])

  test('seals everything anew under the new one, and a second time changes nothing', async () => {
    await save(twilioAccount)
    await save(mailAccount())
    const { db } = l.context
    expect(await rotateSecrets(db, withOld(), l.clock)).toEqual({ rotated: 2, already: 0, unreadable: [] })
    const alone = openVault(renewed, fakeRandom('alone'))
    expect(await credentialsOf(db, alone, l.network.id, 'twilio')).toMatchObject({ authToken: ownToken })
    expect(await credentialsOf(db, alone, l.network.id, 'sendgrid')).toMatchObject({ apiKey: ownKey })
    expect(await rotateSecrets(db, withOld(), l.clock)).toEqual({ rotated: 0, already: 2, unreadable: [] })
  })

  test('goes on where it was stopped', async () => {
    await save(twilioAccount)
    await save(mailAccount(), withOld())
    expect(await rotateSecrets(l.context.db, withOld(), l.clock)).toEqual({ rotated: 1, already: 1, unreadable: [] })
  })

  test('names what no secret given opens, and leaves it as it is', async () => {
    await save(twilioAccount, openVault('the secret of another installation altogether', fakeRandom('foreign')))
    const [before] = await l.context.db.select().from(secrets)
    expect(await rotateSecrets(l.context.db, withOld(), l.clock)).toEqual({
      rotated: 0,
      already: 0,
      unreadable: [{ network: l.network.name, provider: 'twilio' }],
    })
    expect((await l.context.db.select().from(secrets))[0]).toEqual(before)
  })
})

test('no secret is in what is stored in clear: hints, audit trail, attempts, senders', async () => {
  await save(twilioAccount)
  await save(mailAccount())
  await l.owe(smsStep)
  own.plan.always('500-before')
  await l.deliver()
  const { db } = l.context
  const rows = [
    ...(await db.select({ hints: secrets.hints }).from(secrets)),
    ...(await db.select().from(auditEntries)),
    ...(await db.select().from(attempts)),
    ...(await db.select().from(senders)),
    ...(await db.select().from(networks)),
  ]
  const said = JSON.stringify(rows)
  expect(said).toContain('secret.set')
  expect(said).not.toMatch(/swordfish/)
  const sealed = await db.select({ sealed: secrets.sealed }).from(secrets)
  for (const row of sealed) expect(Buffer.from(row.sealed).includes('swordfish')).toBe(false)
  expect(await db.$count(auditEntries, and(eq(auditEntries.action, 'secret.set')))).toBe(2)
})

test('the check of an account says what is wrong, in a code, and sends nothing', async () => {
  const { check } = l.context.carriers
  expect(await check(twilioAccount)).toEqual({ isGood: true, account: 'Maison Vauquelin' })
  expect(await check({ ...twilioAccount, authToken: 'wrong-token-0000' })).toEqual({
    isGood: false,
    code: 'credentials',
  })
  const withKey = { ...twilioAccount, apiKey: `SK${'2'.repeat(32)}`, apiSecret: 'unknown-secret' }
  expect(await check(withKey)).toEqual({ isGood: false, code: 'api_key' })
  own.account.status = 'suspended'
  expect(await check(twilioAccount)).toEqual({ isGood: false, code: 'suspended' })
  expect(await check(mailAccount())).toEqual({ isGood: true })
  expect(await check({ ...mailAccount(), apiKey: 'SG.another-key' })).toEqual({ isGood: false, code: 'credentials' })
  expect([...own.messages, ...ownMail.mails]).toEqual([])
})

test('a key that may not send is found out', async () => {
  const narrow = await startSendGrid({ apiKey: ownKey, scopes: ['mail.batch.read'] })
  const w = await live({ config: { providerUrls: { sendgrid: narrow.url } } })
  expect(await w.context.carriers.check(mailAccount())).toEqual({ isGood: false, code: 'permission' })
  await w.close()
  await narrow.close()
})

test('a relay is asked to sign in, and nothing more', async () => {
  const relay = await startSmtp({ user: 'animation', password: 'swordfish' })
  const { hostname, port } = new URL(relay.url)
  const account = {
    provider: 'smtp' as const,
    security: 'starttls' as const,
    host: hostname,
    port: Number(port),
    user: 'animation',
    from: 'animation@vauquelin.example.com',
  }
  const { check } = l.context.carriers
  expect(await check({ ...account, password: 'swordfish' })).toEqual({ isGood: true })
  expect(await check({ ...account, password: 'wrong' })).toEqual({ isGood: false, code: 'credentials' })
  expect(relay.mails).toEqual([])
  await relay.close()
  expect(await check({ ...account, password: 'swordfish' })).toEqual({ isGood: false, code: 'unreachable' })
})

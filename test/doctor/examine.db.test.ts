import { eq } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { inboundEvents, senders } from '../../src/db/schema.ts'
import { examine } from '../../src/doctor/examine.ts'
import { deadUrl } from '../providers/server.ts'
import { mondayMorning, type World, type WorldOptions, world } from '../world.ts'

let w: World
afterEach(() => w.close())

const look = async (options: WorldOptions = {}, env: NodeJS.ProcessEnv = {}) => {
  w = await world(options)
  return examine(w.relais, env)
}
const about = (findings: Awaited<ReturnType<typeof examine>>, what: string) =>
  findings.filter((finding) => finding.about.startsWith(what))

test('an installation without any setting is in good health, and says that nothing leaves', async () => {
  const findings = await look()
  expect(findings.filter(({ health }) => health === 'bad' || health === 'warn')).toEqual([])
  expect(about(findings, 'sms')).toMatchObject([{ health: 'unset' }])
  expect(about(findings, 'network')).toMatchObject([{ says: expect.stringContaining('Sandbox') }])
})

test('settings are named, and no value of any is shown', async () => {
  const secret = 'SG.a-key-nobody-must-see'
  const findings = await look({}, { SENDGRID_API_KEY: secret, TWILIO_AUTH_TOKEN_FILE: '/run/token' })
  const said = JSON.stringify(findings)
  expect(said).toContain('SENDGRID_API_KEY')
  expect(said).toContain('TWILIO_AUTH_TOKEN')
  expect(said).not.toContain(secret)
  expect(said).not.toContain('/run/token')
})

const twilio = (baseUrl: string) => ({
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'a-token-nobody-must-see',
  from: '+33644000000',
  baseUrl,
})

test('a provider that cannot be reached is told, with what to do and without the credentials', async () => {
  const findings = await look({ config: { twilio: twilio(await deadUrl()) } })
  expect(about(findings, 'sms')).toMatchObject([{ health: 'bad', says: expect.stringContaining('cannot be reached') }])
  expect(about(findings, 'public address')).toMatchObject([{ health: 'warn' }])
  expect(JSON.stringify(findings)).not.toContain('a-token-nobody-must-see')
})

test('e-mail whose bounces would be turned away is a finding', async () => {
  const findings = await look({ config: { sendgrid: { apiKey: 'SG.key', baseUrl: await deadUrl() } } })
  expect(about(findings, 'email').map(({ health }) => health)).toEqual(['bad', 'bad'])
})

test('a live network without a sender for a channel, or without a way to say STOP, is told of', async () => {
  w = await world({ mode: 'live' })
  await w.context.db.delete(senders)
  expect(about(await examine(w.relais, {}), 'network').filter(({ health }) => health === 'warn')).toHaveLength(2)
  await w.context.db.insert(senders).values({
    networkId: w.network.id,
    id: newId(),
    channel: 'sms',
    name: 'RELAIS',
    provider: 'twilio',
    isTwoWay: false,
    countries: [],
    createdAt: mondayMorning,
  })
  const [said] = about(await examine(w.relais, {}), 'network').filter(({ says }) => says.includes('STOP'))
  expect(said?.mend).toContain('--stop-number')
})

test('work that nobody does is found', async () => {
  w = await world()
  const { db } = w.context
  const id = newId()
  await db.insert(inboundEvents).values({
    id,
    source: 'twilio',
    dedupeKey: id,
    body: {},
    receivedAt: new Date(mondayMorning.getTime() - 600_000),
  } as never)
  expect(about(await examine(w.relais, {}), 'events')).toMatchObject([{ health: 'bad' }])
  await db.delete(inboundEvents).where(eq(inboundEvents.id, id))
  expect(about(await examine(w.relais, {}), 'events')).toMatchObject([{ health: 'ok' }])
})

test('an examination that breaks is a finding, and the others go on', async () => {
  w = await world()
  const broken = { ...w.relais, config: { ...w.relais.config, publicUrl: 'no address' } }
  const findings = await examine(broken, {})
  expect(about(findings, 'settings')).toMatchObject([{ health: 'bad' }])
  expect(about(findings, 'database')).toMatchObject([{ health: 'ok' }])
})

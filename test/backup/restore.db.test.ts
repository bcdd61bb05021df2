import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backUp } from '../../src/backup/back-up.ts'
import { BackupRefused } from '../../src/backup/manifest.ts'
import { restore } from '../../src/backup/restore.ts'
import { launchCampaign } from '../../src/campaign/launch.ts'
import type { Context } from '../../src/context.ts'
import { dialect } from '../../src/db/index.ts'
import { deliveries } from '../../src/db/schema.ts'
import { deliverDue } from '../../src/deliver/deliver-due.ts'
import { resolveDoubts } from '../../src/deliver/doubt.ts'
import { openRelais, type Relais } from '../../src/main.ts'
import { fanOut, startStep } from '../../src/outbox/fan-out.ts'
import { tick } from '../../src/worker.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { crowd } from '../deliver/crowd.ts'
import { type Live, live, smsStep, tuesdayMorning } from '../deliver/live.ts'
import { fakeRandom } from '../world.ts'

/** More than one page of questions to a provider (50). */
const people = 60

let l: Live
let later: TestDatabase
let opened: Relais | undefined
beforeEach(async () => {
  backups = mkdtempSync(join(tmpdir(), 'relais-backup-'))
  l = await live({ file: crowd(people) })
  later = await freshDatabase()
  await later.db.close()
})
afterEach(async () => {
  await opened?.close()
  opened = undefined
  await l.close()
  rmSync(backups, { recursive: true, force: true })
  rmSync(later.folder, { recursive: true, force: true })
})

let backups: string
const backupFolder = () => join(backups, 'one')

/** Another machine: an empty installation under the same secret, on the clock of the first. */
async function elsewhere(seed = 'elsewhere'): Promise<Context> {
  await opened?.close()
  const dataFolder = dialect === 'sqlite' ? later.folder : join(later.folder, 'data')
  mkdirSync(dataFolder, { recursive: true })
  opened = await openRelais(
    { ...l.relais.config, dataFolder, databaseUrl: later.location.url },
    { wall: l.clock, random: fakeRandom(seed) },
  )
  return opened.context
}

async function restored(): Promise<Context> {
  await restore(await elsewhere(), backupFolder())
  return elsewhere('started again')
}

/** What the worker does of it: hand over, wait for the provider's word, ask. */
async function settleDoubts(context: Context) {
  await deliverDue(context, l.network, l.clock.now())
  l.clock.forward(61_000)
  while ((await resolveDoubts(context, l.network, l.clock.now())) > 0);
  await deliverDue(context, l.network, l.clock.now())
}

const smsOf = (context: Context) =>
  context.db
    .select({ status: deliveries.status, reason: deliveries.reason, ref: deliveries.providerRef })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, l.network.id), eq(deliveries.channel, 'sms')))

test('what left after the back-up is found at the provider and not sent again', async () => {
  await l.owe(smsStep)
  await backUp(l.context, backupFolder(), '0.1.0')
  l.clock.forward(60_000)
  await l.deliver()
  const sent = l.twilio.messages.length
  expect(sent).toBe(people)

  l.clock.forward(600_000)
  const context = await restored()
  await settleDoubts(context)
  expect(l.twilio.messages.length).toBe(sent)
  const rows = await smsOf(context)
  expect(rows.map(({ status, reason }) => `${status} ${reason}`)).toEqual(Array(people).fill('accepted adopted'))
  expect(new Set(rows.map(({ ref }) => ref)).size).toBe(people)
})

test('so is what was only decided after the back-up, and then decided again', async () => {
  const text = [
    'name: annonce',
    'title: { fr: Annonce, en: News }',
    'class: relational',
    'audience: { segment: tous }',
    'anchor: { launch: now, timezone: Europe/Paris }',
    'link: https://www.reseau.example.com/defi',
    `steps: [{ name: seule, at: launch, ${smsStep} }]`,
  ].join('\n')
  const source = { file: 'annonce.yaml', text }
  const { steps } = await launchCampaign(l.context, l.network, source, 'test', tuesdayMorning)
  const decide = async (context: Context) => {
    await context.db.transaction((tx) => startStep(tx, l.network, steps[0]!.messageId, tuesdayMorning))
    await fanOut(context, l.network, steps[0]!.messageId, tuesdayMorning)
  }
  await backUp(l.context, backupFolder(), '0.1.0')
  await decide(l.context)
  await l.deliver()
  const sent = l.twilio.messages.length
  expect(sent).toBe(people)

  const context = await restored()
  await decide(context)
  await settleDoubts(context)
  expect(l.twilio.messages.length).toBe(sent)
})

test('so is what is decided again only when the worker comes to it, after the restore', async () => {
  const text = [
    'name: annonce',
    'title: { fr: Annonce, en: News }',
    'class: transactional',
    'audience: { segment: tous }',
    'anchor: { launch: now, timezone: Europe/Paris }',
    'link: https://www.reseau.example.com/defi',
    `steps: [{ name: seule, at: launch, ${smsStep} }]`,
  ].join('\n')
  await launchCampaign(l.context, l.network, { file: 'annonce.yaml', text }, 'test', tuesdayMorning)
  await backUp(l.context, backupFolder(), '0.1.0')
  while (await tick(l.context, l.network, l.clock.now()));
  const sent = l.twilio.messages.length
  expect(sent).toBe(people)

  l.clock.forward(600_000)
  const context = await restored()
  l.clock.forward(5_000)
  while (await tick(context, l.network, l.clock.now()));
  await settleDoubts(context)
  expect(l.twilio.messages.length).toBe(sent)
  const rows = await smsOf(context)
  expect(rows.map(({ status, reason }) => `${status} ${reason}`)).toEqual(Array(people).fill('accepted adopted'))
})

test('so is what had been refused once before the back-up and left at a later try', async () => {
  await l.owe(smsStep)
  l.twilio.plan.always('429')
  await l.deliver()
  l.twilio.plan.always(undefined)
  await backUp(l.context, backupFolder(), '0.1.0')
  for (let minutes = 0; minutes < 30; minutes++) {
    l.clock.forward(60_000)
    await l.deliver()
  }
  const sent = l.twilio.messages.length
  expect(sent).toBe(people)

  const context = await restored()
  for (let minutes = 0; minutes < 10; minutes++) await settleDoubts(context)
  expect(l.twilio.messages.length).toBe(sent)
  const rows = await smsOf(context)
  expect(rows.map(({ status, reason }) => `${status} ${reason}`)).toEqual(Array(people).fill('accepted adopted'))
})

test('restored at night, it is asked about before the morning it would wait for', async () => {
  await l.owe(smsStep)
  await backUp(l.context, backupFolder(), '0.1.0')
  l.clock.forward(60_000)
  await l.deliver()
  expect(l.twilio.messages.length).toBe(people)

  l.clock.forward(13 * 3_600_000)
  const context = await restored()
  await settleDoubts(context)
  l.clock.forward(10 * 3_600_000)
  await settleDoubts(context)
  expect(l.twilio.messages.length).toBe(people)
  expect(new Set((await smsOf(context)).map(({ status }) => status))).toEqual(new Set(['accepted']))
})

test('what had not left before a night of restoring waits for the morning', async () => {
  await l.owe(smsStep)
  await backUp(l.context, backupFolder(), '0.1.0')
  l.clock.forward(13 * 3_600_000)
  const context = await restored()
  await settleDoubts(context)
  expect(l.twilio.messages).toEqual([])
  l.clock.forward(10 * 3_600_000)
  await settleDoubts(context)
  expect(l.twilio.messages.length).toBe(people)
})

test('what was to leave only after the restore is sent without a question', async () => {
  await l.owe(smsStep)
  const tomorrow = new Date(l.clock.now().getTime() + 86_400_000)
  await l.context.db.update(deliveries).set({ dueAt: tomorrow }).where(eq(deliveries.channel, 'sms'))
  await backUp(l.context, backupFolder(), '0.1.0')
  const context = await restored()
  l.clock.forward(86_400_000)
  await deliverDue(context, l.network, l.clock.now())
  expect(l.twilio.messages.length).toBe(people)
})

test('what had not left is sent, once', async () => {
  await l.owe(smsStep)
  await backUp(l.context, backupFolder(), '0.1.0')
  const context = await restored()
  await deliverDue(context, l.network, l.clock.now())
  expect(l.twilio.messages).toEqual([])
  await settleDoubts(context)
  expect(new Set(l.twilio.messages.map(({ to }) => to)).size).toBe(people)
  expect(l.twilio.messages.length).toBe(people)
})

test('while the provider cannot be asked, nothing is sent', async () => {
  await l.owe(smsStep)
  await backUp(l.context, backupFolder(), '0.1.0')
  const context = await restored()
  await deliverDue(context, l.network, l.clock.now())
  l.clock.forward(61_000)
  l.twilio.plan.always('500-before')
  await resolveDoubts(context, l.network, l.clock.now())
  await deliverDue(context, l.network, l.clock.now())
  expect(l.twilio.messages).toEqual([])
})

test('the files of the data folder come along, the secret does not', async () => {
  writeFileSync(join(l.context.dataFolder, 'secret'), 'the secret')
  mkdirSync(join(l.context.dataFolder, 'batches'), { recursive: true })
  writeFileSync(join(l.context.dataFolder, 'batches', 'one.pdf'), 'a letter')
  await backUp(l.context, backupFolder(), '0.1.0')
  expect(existsSync(join(backupFolder(), 'files', 'secret'))).toBe(false)
  const context = await restored()
  expect(readFileSync(join(context.dataFolder, 'batches', 'one.pdf'), 'utf8')).toBe('a letter')
})

test('a back-up inside of what is backed up is refused', async () => {
  await expect(backUp(l.context, join(l.context.dataFolder, 'b'), '0.1.0')).rejects.toThrow(BackupRefused)
})

test.each<[string, (folder: string) => void]>([
  ['changed', (folder) => writeFileSync(join(folder, 'relais.jsonl.gz'), 'something else')],
  ['missing', (folder) => rmSync(join(folder, 'relais.jsonl.gz'))],
  ['not of it', (folder) => writeFileSync(join(folder, 'files', 'stranger'), 'x')],
  ['the manifest', (folder) => rmSync(join(folder, 'manifest.json'))],
])('a back-up with a file %s is refused, and nothing is put in place', async (_, damage) => {
  await backUp(l.context, backupFolder(), '0.1.0')
  damage(backupFolder())
  const context = await elsewhere()
  await expect(restore(context, backupFolder())).rejects.toThrow(BackupRefused)
  expect(await context.db.$count(deliveries)).toBe(0)
})

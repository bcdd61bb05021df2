import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admitApproved } from '../../src/approval/admit.ts'
import { askApproval, latestApproval, vote } from '../../src/approval/approve.ts'
import { itemsOfProof, makeProof, proofJobId } from '../../src/approval/proof.ts'
import { addSeed } from '../../src/approval/seeds.ts'
import { createDraft, findDraft, launchDraft, putWords, saveDraft } from '../../src/campaign/drafts.ts'
import type { Context } from '../../src/context.ts'
import { dialect, openDatabase } from '../../src/db/index.ts'
import {
  campaigns,
  deliveries,
  events,
  exposures,
  memberships,
  networks,
  notifications,
  pressures,
  users,
} from '../../src/db/schema.ts'
import { runOneJob } from '../../src/job/run.ts'
import { haltSending, resumeSending } from '../../src/network/halt.ts'
import { listNetworks } from '../../src/network/networks.ts'
import { look } from '../../src/worker.ts'
import { type Live, live } from '../deliver/live.ts'

const text = `name: portes
title: { fr: Portes ouvertes, en: Open days }
class: relational
audience: { segment: tous }
anchor: { launch: 2027-02-01T09:00 }
link: https://www.reseau.example.com/portes
steps:
  - { name: annonce, at: launch, intent: relationship, channels: [email, sms], template: message/portes }
`

let l: Live
/** A second process on the same database. */
let other: Context
beforeAll(async () => {
  l = await live()
  const db = dialect === 'postgres' ? await openDatabase(l.store.location) : l.context.db
  other = { ...l.context, db, worker: 'another' }
  const at = l.clock.now()
  for (const [id, role] of [
    ['author', 'marketer'],
    ['anne', 'approver'],
    ['bruno', 'approver'],
    ['claude', 'viewer'],
  ] as const) {
    await l.context.db.insert(users).values({
      id,
      name: id,
      email: `${id}@reseau.example.com`,
      emailVerified: true,
      language: 'fr',
      createdAt: at,
      updatedAt: at,
    })
    await l.context.db
      .insert(memberships)
      .values({ networkId: l.network.id, userId: id, role, scope: {}, createdAt: at })
  }
  await l.context.db.transaction(async (tx) => {
    const act = { networkId: l.network.id, actor: 'author', at }
    await addSeed(tx, act, { name: 'Accueil', channel: 'email', value: 'bat@reseau.example.com' })
    await addSeed(tx, act, { name: 'Téléphone', channel: 'sms', value: '+33639980099' })
  })
})
afterAll(async () => {
  if (other.db !== l.context.db) await other.db.close()
  await l.close()
})

const rules = async (launching: NonNullable<Live['network']['settings']['launching']>) => {
  const settings = { ...l.network.settings, launching }
  await l.context.db.update(networks).set({ settings }).where(eq(networks.id, l.network.id))
  l.network = { ...l.network, settings }
}
const drafted = async () => {
  const own = { language: 'fr' as const }
  const draft = await createDraft(
    l.context,
    l.network,
    {
      text,
      words: (given) => [
        {
          ...own,
          template: `message/${given}`,
          channel: 'email',
          source: '---\nsubject: Portes ouvertes\npreheader: Venez\n---\nBonjour.\n',
        },
        { ...own, template: `message/${given}`, channel: 'sms', source: 'Bonjour à tous\n' },
      ],
    },
    { actor: 'author', ownerId: 'author' },
    l.clock.now(),
  )
  return { campaignId: draft.campaignId, seen: draft.hash, name: draft.name, text: draft.text }
}
const proved = async () => {
  const draft = await drafted()
  const { proofId } = await makeProof(l.context, l.network, draft, 'author', l.clock.now())
  await runOneJob(l.context, { networkId: l.network.id, id: proofJobId(proofId) }, () => false)
  return { ...draft, proofId }
}
const asked = async () => {
  const draft = await proved()
  await askApproval(l.context, l.network, draft, 'author', l.clock.now())
  const hash = (await latestApproval(l.context.db, l.network.id, draft.campaignId))!.hash
  return { ...draft, hash }
}
const says = (
  context: Context,
  { campaignId, hash }: { campaignId: string; hash: string },
  userId: string,
  verdict: 'approve' | 'send_back' = 'approve',
  comment = '',
) => vote(context, l.network, { campaignId, hash, verdict, comment }, userId, l.clock.now())
const statusOf = async (campaignId: string) =>
  (await l.context.db.select().from(campaigns).where(eq(campaigns.id, campaignId)))[0]?.status

describe('a proof', () => {
  test('goes to the addresses of the house alone, marked, and counts nowhere', async () => {
    const before = { mails: l.sendgrid.mails.length, texts: l.twilio.messages.length }
    const { campaignId, proofId } = await proved()
    const items = await itemsOfProof(l.context.db, l.network.id, proofId)
    expect(items.length).toBeGreaterThan(2)
    expect(new Set(items.map((item) => item.status))).toEqual(new Set(['sent']))
    const mails = l.sendgrid.mails.slice(before.mails)
    const texts = l.twilio.messages.slice(before.texts)
    expect(mails.length + texts.length).toBe(items.length)
    for (const { body } of mails) {
      expect(JSON.stringify(body)).toContain('[BAT] Portes ouvertes')
      expect(JSON.stringify(body.personalizations)).toContain('bat@reseau.example.com')
    }
    expect(new Set(texts.map((one) => one.to))).toEqual(new Set(['+33639980099']))
    for (const one of texts) expect(one.body).toMatch(/^\[BAT\] Bonjour/)
    for (const item of items) expect(item.costMillis).toBeGreaterThan(0)
    for (const table of [deliveries, events, exposures, pressures]) expect(await l.context.db.$count(table)).toBe(0)
    expect(await statusOf(campaignId)).toBe('proof')
  })

  test('of a step that is tried in two variants shows both, each with its subject', async () => {
    const tried = text.replace(
      'channels: [email, sms], template',
      'channels: [email], experiment: { vary: subject, b: { fr: Venez nous voir } }, template',
    )
    const before = l.sendgrid.mails.length
    const own = { channel: 'email' as const, language: 'fr' as const }
    const source = '---\nsubject: Portes ouvertes\npreheader: Venez\n---\nBonjour.\n'
    const draft = await createDraft(
      l.context,
      l.network,
      { text: tried, words: (name) => [{ ...own, template: `message/${name}`, source }] },
      { actor: 'author', ownerId: 'author' },
      l.clock.now(),
    )
    const given = { campaignId: draft.campaignId, seen: draft.hash }
    const { proofId } = await makeProof(l.context, l.network, given, 'author', l.clock.now())
    await runOneJob(l.context, { networkId: l.network.id, id: proofJobId(proofId) }, () => false)
    const items = await itemsOfProof(l.context.db, l.network.id, proofId)
    expect([...new Set(items.map(({ step, status }) => `${step} ${status}`))].sort()).toEqual([
      'annonce (A) sent',
      'annonce (B) sent',
    ])
    const mails = JSON.stringify(l.sendgrid.mails.slice(before).map(({ body }) => body))
    expect(mails).toContain('[BAT] Portes ouvertes')
    expect(mails).toContain('[BAT] Venez nous voir')
  })

  test('asked for twice is one, and nothing is sent twice', async () => {
    const draft = await drafted()
    const [first, second] = await Promise.all([
      makeProof(l.context, l.network, draft, 'author', l.clock.now()),
      makeProof(other, l.network, draft, 'anne', l.clock.now()),
    ])
    expect(second.proofId).toBe(first.proofId)
    expect([first.isNew, second.isNew].sort()).toEqual([false, true])
    const before = l.sendgrid.mails.length + l.twilio.messages.length
    const job = { networkId: l.network.id, id: proofJobId(first.proofId) }
    await runOneJob(l.context, job, () => false)
    await runOneJob(other, job, () => false)
    const items = await itemsOfProof(l.context.db, l.network.id, first.proofId)
    expect(l.sendgrid.mails.length + l.twilio.messages.length - before).toBe(items.length)
  })
})

describe('an approval', () => {
  test('is asked of whoever may give it, and not before there is a proof', async () => {
    await rules({ approval: { isRequired: true } })
    const draft = await drafted()
    await expect(askApproval(l.context, l.network, draft, 'author', l.clock.now())).rejects.toMatchObject({
      code: 'proof_missing',
    })
    const { campaignId } = await asked()
    const page = `/console/campaigns/${campaignId}/approval`
    const told = await l.context.db
      .select()
      .from(notifications)
      .where(and(eq(notifications.kind, 'approval_asked'), eq(notifications.href, page)))
    const readers = told.map((one) => one.userId)
    expect(readers).toEqual(expect.arrayContaining(['anne', 'bruno']))
    expect(readers).not.toContain('author')
    expect(await statusOf(campaignId)).toBe('approval')
  })

  test('is nobody’s own, nor that of whoever may not approve', async () => {
    const draft = await asked()
    await expect(says(l.context, draft, 'author')).rejects.toMatchObject({ code: 'own_campaign' })
    await expect(says(l.context, draft, 'claude')).rejects.toMatchObject({ code: 'not_named' })
    await rules({ approval: { isRequired: true }, approvers: ['bruno'] })
    await expect(says(l.context, draft, 'anne')).rejects.toMatchObject({ code: 'not_named' })
    expect(await says(l.context, draft, 'bruno')).toEqual({ status: 'approved', isNew: true })
    await rules({ approval: { isRequired: true } })
  })

  test('two approvers in the same moment are both counted', async () => {
    await rules({ approval: { isRequired: true }, needed: 2 })
    const draft = await asked()
    const said = await Promise.all([says(l.context, draft, 'anne'), says(other, draft, 'bruno')])
    expect(said.map((one) => one.status).sort()).toEqual(['approved', 'asked'])
    expect((await latestApproval(l.context.db, l.network.id, draft.campaignId))?.status).toBe('approved')
    await rules({ approval: { isRequired: true } })
  })

  test('is void once the text or a template is another, and its launch is refused', async () => {
    const draft = await asked()
    const { campaignId } = draft
    const launch = async () => {
      const { hash: seen } = (await findDraft(l.context.db, l.network.id, campaignId))!
      const admit = admitApproved(l.network, campaignId)
      return launchDraft(l.context, l.network, { campaignId, seen }, { actor: 'author' }, l.clock.now(), { admit })
    }
    await expect(launch()).rejects.toMatchObject({ code: 'approval.missing' })
    await says(l.context, draft, 'anne')
    const template = `message/${draft.name}`
    const words = { template, channel: 'sms' as const, language: 'fr' as const, source: 'Autre chose\n' }
    await l.context.db.transaction((tx) => putWords(tx, l.network.id, [words], 'author', l.clock.now()))
    await expect(launch()).rejects.toMatchObject({ code: 'approval.changed' })
    const other = draft.text.replace('Portes ouvertes', 'Portes fermées')
    const change = { campaignId, seen: draft.seen, text: other }
    await saveDraft(l.context, l.network, change, { actor: 'author' }, l.clock.now())
    expect(await statusOf(campaignId)).toBe('draft')
    await expect(launch()).rejects.toMatchObject({ code: 'approval.missing' })
    expect((await latestApproval(l.context.db, l.network.id, campaignId))?.status).toBe('void')
  })

  test('lets the approved words be launched', async () => {
    const draft = await asked()
    await says(l.context, draft, 'anne')
    const admit = admitApproved(l.network, draft.campaignId)
    await launchDraft(l.context, l.network, draft, { actor: 'author' }, l.clock.now(), { admit })
    expect(await statusOf(draft.campaignId)).toBe('running')
  })

  test('sent back, it is a draft again, with the reason told to whoever asked', async () => {
    const draft = await asked()
    await expect(says(l.context, draft, 'anne', 'send_back')).rejects.toMatchObject({ code: 'comment_missing' })
    await says(l.context, draft, 'anne', 'send_back', 'La date est fausse.')
    expect(await statusOf(draft.campaignId)).toBe('draft')
    const told = await l.context.db.select().from(notifications).where(eq(notifications.kind, 'approval_sent_back'))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ userId: 'author', params: { comment: 'La date est fausse.' } })
  })

  test('reminds those who have said nothing, before its deadline and at it', async () => {
    const { campaignId } = await asked()
    const page = `/console/campaigns/${campaignId}/approval`
    const due = () =>
      l.context.db.$count(notifications, and(eq(notifications.kind, 'approval_due'), eq(notifications.href, page)))
    l.clock.forward(45 * 3_600_000)
    await look(l.context, l.network, l.clock.now())
    // Whoever asked may approve other campaigns: of this one they are reminded with the others.
    expect(await due()).toBe(4)
    l.clock.forward(4 * 3_600_000)
    await look(l.context, l.network, l.clock.now())
    expect(await due()).toBe(8)
  })
})

test('a network that is stopped claims nothing and sends no proof, and goes on where it was', async () => {
  await rules({})
  const act = { networkId: l.network.id, actor: 'anne', name: 'anne', at: l.clock.now() }
  expect(await l.context.db.transaction((tx) => haltSending(tx, act, 'une erreur de prix'))).toBe(true)
  expect(await other.db.transaction((tx) => haltSending(tx, act, 'encore'))).toBe(false)
  await l.owe('intent: follow-up, channels: [sms], template: challenge/launch', 'class: transactional')
  const before = l.twilio.messages.length
  await l.deliver()
  expect(l.twilio.messages.length).toBe(before)
  const [network] = await listNetworks(l.context.db)
  const draft = await drafted()
  await expect(makeProof(l.context, network!, draft, 'author', l.clock.now())).rejects.toMatchObject({ code: 'halted' })
  expect(await l.context.db.transaction((tx) => resumeSending(tx, act))).toBe(true)
  await l.deliver()
  expect(l.twilio.messages.length).toBeGreaterThan(before)
})

import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { auditEntries, decisions, policies, users } from '../../src/db/schema.ts'
import { changeRouting } from '../../src/network/routing-settings.ts'
import { currentPolicy } from '../../src/outbox/step.ts'
import { casesOf, removeCase, restoreCases, saveCase } from '../../src/policy/cases.ts'
import { dropPolicyDraft, keepPolicyDraft, policyDraft } from '../../src/policy/drafts.ts'
import { policyEffect } from '../../src/policy/effect.ts'
import { policyAt, policyVersions, savePolicy } from '../../src/policy/versions.ts'
import { defaultCases } from '../../src/routing/default-cases.ts'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import type { PolicyTable } from '../../src/routing/types.ts'
import { captured } from '../cli/captured.ts'
import { type Live, live, mailStep } from '../deliver/live.ts'

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

const act = () => ({ networkId: l.network.id, actor: 'test', at: l.clock.now() })
const letters: PolicyTable = {
  rules: [{ id: 'letters', when: {}, channels: ['print', 'intranet'], learns: false }],
  companions: { intranet: true },
}
const onlyTexts: PolicyTable = {
  rules: [{ id: 'texts', when: {}, channels: ['sms', 'intranet'] }],
  companions: { intranet: true },
}
const texts: PolicyTable = { rules: [...defaultPolicy.rules].reverse().slice(1), companions: { intranet: true } }
texts.rules.push({ id: 'rest', when: {}, channels: ['sms', 'intranet'] })

const save = (table: PolicyTable, against: number, note = '') =>
  l.context.db.transaction((tx) => savePolicy(tx, { ...act(), table, note, against }))
const relais = async (...argv: string[]) => {
  const io = captured()
  const exit = await run(argv, io, async () => l.relais)
  return { exit, out: io.stdout(), err: io.stderr() }
}

describe('a version', () => {
  test('is added and never written over; decisions name the one they were taken under', async () => {
    expect(await currentPolicy(l.context.db, l.network.id)).toEqual(defaultPolicy)
    const step = mailStep.replace('channels: [email], ', '')
    await l.owe(step, 'class: contractual')
    expect(await save(onlyTexts, 1, 'Tout par SMS')).toEqual({ is: 'saved', version: 2 })
    await l.owe(step, 'class: contractual')
    const made = await l.context.db.select().from(decisions)
    const under = (version: number) => made.filter((row) => row.policyVersion === version)
    expect(under(1).length + under(2).length).toBe(made.length)
    expect(under(2).some((row) => row.channel === 'sms')).toBe(true)
    expect(under(2).some((row) => row.channel === 'email')).toBe(false)
    expect(under(1).some((row) => row.channel === 'email')).toBe(true)
    expect(await policyVersions(l.context.db, l.network.id)).toMatchObject([
      { version: 2, note: 'Tout par SMS', createdBy: 'test', policy: { rules: onlyTexts.rules } },
      { version: 1, policy: { rules: defaultPolicy.rules } },
    ])
    const entries = await l.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'policy.change'))
    expect(entries).toMatchObject([{ subject: 'version 2', actor: 'test', data: { version: 2, before: 1 } }])
  })

  test('that was looked at against an older one is refused, one that changes nothing is not written', async () => {
    expect(await save(letters, 1)).toEqual({ is: 'saved', version: 2 })
    expect(await save(texts, 1)).toEqual({ is: 'stale', version: 2 })
    expect(await save(letters, 2)).toEqual({ is: 'unchanged' })
    expect(await l.context.db.$count(policies)).toBe(1)
    await expect(save({ ...letters, rules: [] }, 2)).rejects.toThrow()
  })

  test('keeps the network’s own figures, and figures that change keep the rules', async () => {
    await save(letters, 1)
    await l.context.db.transaction((tx) =>
      changeRouting(tx, act(), (own) => ({
        ...own,
        costs: { print: { value: 42, source: 'Contrat', checkedOn: '2027-01-04', setBy: 'test' } },
      })),
    )
    await save({ ...texts }, 3)
    const now = await currentPolicy(l.context.db, l.network.id)
    expect(now).toMatchObject({ version: 4, values: { costs: { value: { print: 42 } } }, rules: texts.rules })
    expect(await policyAt(l.context.db, l.network.id, 3)).toMatchObject({ version: 3, rules: letters.rules })
    expect(await policyAt(l.context.db, l.network.id, 1)).toEqual(defaultPolicy)
    expect(await policyAt(l.context.db, l.network.id, 9)).toBeUndefined()
  })

  test('is made of a draft that is somebody’s own', async () => {
    const { db } = l.context
    const userId = 'draughtsman'
    const at = l.clock.now()
    await db.insert(users).values({ id: userId, name: 'A', email: 'a@example.test', createdAt: at, updatedAt: at })
    const whose = { networkId: l.network.id, userId }
    expect(await policyDraft(db, whose)).toBeUndefined()
    await db.transaction((tx) => keepPolicyDraft(tx, whose, letters, l.clock.now()))
    await db.transaction((tx) => keepPolicyDraft(tx, whose, texts, l.clock.now()))
    expect(await policyDraft(db, whose)).toEqual(texts)
    await db.transaction((tx) => dropPolicyDraft(tx, whose))
    expect(await policyDraft(db, whose)).toBeUndefined()
  })
})

describe('the effect of a change', () => {
  test('counts for each urgency and intent who would get another channel, and from which to which', async () => {
    const { db } = l.context
    const now = l.clock.now()
    const effect = await policyEffect(db, l.network, defaultPolicy, letters, { now, isOver: () => false })
    expect(effect).toMatchObject({ isWhole: true })
    expect(effect.looked).toBeGreaterThan(3)
    const followUp = effect.rows.find((row) => row.urgency === 'normal' && row.intent === 'follow-up')!
    expect(followUp.people).toBe(followUp.moves.reduce((sum, move) => sum + move.people, 0))
    expect(
      followUp.moves.every((move) => move.from !== move.to && (move.to === 'print' || move.to === 'intranet')),
    ).toBe(true)
    expect(effect.rows.every((row) => row.people <= effect.looked)).toBe(true)
    const same = await policyEffect(db, l.network, defaultPolicy, defaultPolicy, { now, isOver: () => false })
    expect(same.rows).toEqual([])
  })

  test('looks at a part of a large network and says so', async () => {
    const options = { now: l.clock.now(), isOver: () => false }
    const part = await policyEffect(l.context.db, l.network, defaultPolicy, letters, { ...options, cap: 2 })
    expect(part).toMatchObject({ looked: 2, isWhole: false })
  })
})

describe('cases', () => {
  test('are the shipped ones until one is changed, and again once they are put back', async () => {
    const { db } = l.context
    const shipped = await casesOf(db, l.network.id)
    expect(shipped).toMatchObject({ isOwn: false })
    expect(shipped.cases.map((kept) => kept.case)).toEqual(defaultCases)
    const [first] = shipped.cases
    const changed = { ...first!.case, name: { fr: 'À nous', en: 'Ours' } }
    await db.transaction((tx) => saveCase(tx, act(), changed, first!.id))
    const own = await casesOf(db, l.network.id)
    expect(own.isOwn).toBe(true)
    expect(own.cases.map((kept) => kept.case)).toEqual([changed, ...defaultCases.slice(1)])
    expect(await db.transaction((tx) => saveCase(tx, act(), changed, 'nobody'))).toBe('unknown')
    await db.transaction((tx) => saveCase(tx, act(), changed))
    expect((await casesOf(db, l.network.id)).cases).toHaveLength(defaultCases.length + 1)
    expect(await db.transaction((tx) => removeCase(tx, act(), own.cases[0]!.id))).toBe(true)
    expect(await db.transaction((tx) => removeCase(tx, act(), 'nobody'))).toBe(false)
    await db.transaction((tx) => restoreCases(tx, act()))
    expect(await casesOf(db, l.network.id)).toEqual(shipped)
  })
})

describe('relais policy', () => {
  test('test counts what passed and failed, with expected, got and trace, and exits 1 on a failure', async () => {
    const good = await relais('policy', 'test', '--json')
    expect(good.exit).toBe(0)
    expect(JSON.parse(good.out)).toMatchObject({ passed: defaultCases.length, failed: 0, policyVersion: 1 })
    await save(letters, 1)
    const bad = await relais('policy', 'test', '--json')
    expect(bad.exit).toBe(1)
    expect(bad.err).toBe('')
    const told = JSON.parse(bad.out)
    expect(told.passed + told.failed).toBe(defaultCases.length)
    expect(told.failed).toBeGreaterThan(0)
    expect(told.failures[0]).toMatchObject({
      expected: { channel: 'sms' },
      got: { channel: 'print', rule: 'letters' },
      wrong: ['channel', 'rule'],
    })
    expect(told.failures[0].trace).toContainEqual(expect.objectContaining({ rule: 'policy.letters' }))
    const text = await relais('policy', 'test')
    expect(text.exit).toBe(1)
    expect(text.out).toContain('expected  send by sms under rule immediate')
    expect((await relais('policy', 'test', '1')).exit).toBe(0)
  })

  test('show, versions and diff say what the rules are and were', async () => {
    await save(letters, 1, 'Tout par courrier')
    expect((await relais('policy', 'show')).out).toContain('letters: everything else → print, intranet (fixed order)')
    expect((await relais('policy', 'show', '1')).out).toContain('1. immediate: urgency immediate → sms, email, screen')
    expect((await relais('policy', 'versions')).out).toContain('Tout par courrier')
    const { out } = await relais('policy', 'diff', '1', '2')
    expect(out).toContain('- 1. immediate')
    expect(out).toContain('+ 1. letters')
    const unknown = await relais('policy', 'diff', '1', '7')
    expect([unknown.exit, unknown.err]).toEqual([2, expect.stringContaining('There is no version 7')])
  })
})

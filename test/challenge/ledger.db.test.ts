import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refuseResult, validateResult } from '../../src/challenge/decide-result.ts'
import type { Participant } from '../../src/challenge/participants.ts'
import { topOf } from '../../src/challenge/ranking/board.ts'
import { recordResult } from '../../src/challenge/result.ts'
import { statementOf } from '../../src/challenge/statement.ts'
import { pointsOf, rebuildTotals } from '../../src/challenge/totals.ts'
import type { Tx } from '../../src/db/index.ts'
import { challengeLedger, challengeStandings, segmentChecks, segmentMembers, segments } from '../../src/db/schema.ts'
import { refreshDue, refreshSegments } from '../../src/segment/refresh.ts'
import { saveSegments } from '../../src/segment/save.ts'
import { type ChallengeWorld, challengeWorld } from './challenge-world.ts'

let w: ChallengeWorld
let karim: Participant
let odile: Participant
let helene: Participant
let marcel: Participant
beforeAll(async () => {
  w = await challengeWorld()
  karim = await w.join('P3')
  odile = await w.join('P2')
  helene = await w.join('P4')
  marcel = await w.join('P1')
})
afterAll(() => w.close())

const resultOf = async (told: ReturnType<ChallengeWorld['tell']>) => {
  const recorded = await told
  if (recorded.outcome === 'refused') throw new Error(recorded.code)
  return recorded.result
}
const verdict = () => ({ by: 'user:1', at: w.clock.now() })
const inTx = <T>(work: Parameters<typeof w.context.db.transaction<T>>[0]) => w.context.db.transaction(work)

test('a result told twice counts once, and a corrected one is reversed and counted anew', async () => {
  const first = await w.tell(karim, { sourceKey: 'csv:A1', reference: 'A1', quantity: 3 })
  expect(first).toMatchObject({ outcome: 'new', result: { status: 'validated' } })
  expect(await w.tell(karim, { sourceKey: 'csv:A1', reference: 'A1', quantity: 3 })).toMatchObject({ outcome: 'known' })
  expect(await w.sums(karim.id)).toEqual({ ledger: 30, total: 30, rows: 1 })
  const corrected = await w.tell(karim, { sourceKey: 'csv:A1', reference: 'A1', quantity: 5 })
  expect(corrected).toMatchObject({ outcome: 'corrected', result: { revision: 2 } })
  expect(await w.sums(karim.id)).toEqual({ ledger: 50, total: 50, rows: 3 })
  const rows = await w.context.db.select().from(challengeLedger).where(eq(challengeLedger.participantId, karim.id))
  const reversal = rows.find((row) => row.kind === 'reversal')!
  const reversed = rows.find((row) => row.id === reversal.reversesId)!
  expect([reversal.points + reversed.points, reversal.quantity + reversed.quantity]).toEqual([0, 0])
})

test('no more than the cap of a day counts, and what is reversed makes room for what was kept out', async () => {
  const day = { doneOn: '2027-01-12' }
  const big = await resultOf(w.tell(odile, { ...day, sourceKey: 'csv:B1', reference: 'B1', quantity: 10 }))
  await w.tell(odile, { ...day, sourceKey: 'csv:B2', reference: 'B2', quantity: 7 })
  expect(await w.sums(odile.id)).toMatchObject({ ledger: 120, total: 120 })
  expect(await inTx((tx) => refuseResult(tx, w.challenge, big.id, 'facture annulée', verdict()))).toBe(true)
  expect(await w.sums(odile.id)).toMatchObject({ ledger: 70, total: 70 })
  expect(await inTx((tx) => refuseResult(tx, w.challenge, big.id, 'facture annulée', verdict()))).toBe(false)
  expect(await w.sums(odile.id)).toMatchObject({ ledger: 70, total: 70 })
})

test('what a person tells counts at once up to a size, waits beyond it, and counts when it is validated, once', async () => {
  expect(await w.tell(helene, { sourceKey: 'sms:1', way: 'sms', quantity: 2 })).toMatchObject({
    result: { status: 'validated', decidedBy: 'rule' },
  })
  const large = await resultOf(w.tell(helene, { sourceKey: 'sms:2', way: 'sms', quantity: 6 }))
  expect(large).toMatchObject({ status: 'pending', suspicion: null })
  expect((await pointsOf(w.context.db, w.network.id, helene.id)).points).toBe(20)
  const both = await Promise.all([
    inTx((tx) => validateResult(tx, w.challenge, large.id, verdict())),
    inTx((tx) => validateResult(tx, w.challenge, large.id, verdict())),
  ])
  expect(both.toSorted()).toEqual([false, true])
  expect(await w.sums(helene.id)).toEqual({ ledger: 80, total: 80, rows: 2 })
  const training = await resultOf(w.tell(helene, { sourceKey: 'csv:T', criterion: 'formation' }))
  expect(training).toMatchObject({ status: 'pending' })
  expect(await inTx((tx) => refuseResult(tx, w.challenge, training.id, 'pas d’attestation', verdict()))).toBe(true)
  expect(await inTx((tx) => validateResult(tx, w.challenge, training.id, verdict()))).toBe(false)
  expect(await w.sums(helene.id)).toMatchObject({ total: 80 })
})

test('a technician scores by criteria of their own, and by no others', async () => {
  expect(await w.tell(marcel, { sourceKey: 'csv:M1', criterion: 'poses', quantity: 2 })).toMatchObject({
    outcome: 'new',
    result: { status: 'validated' },
  })
  expect(await w.tell(marcel, { sourceKey: 'csv:M2', criterion: 'ventes' })).toEqual({
    ...{ outcome: 'refused', code: 'unknown_criterion' },
  })
  expect((await pointsOf(w.context.db, w.network.id, marcel.id)).points).toBe(30)
})

test('a statement says every change, and its lines add up to the points', async () => {
  const lines = await statementOf(w.context.db, w.network.id, karim.id)
  const { points } = await pointsOf(w.context.db, w.network.id, karim.id)
  expect(lines.reduce((all, line) => all + line.points, 0)).toBe(points)
  expect(lines.map((line) => [line.kind, line.reason])).toEqual([
    ['credit', 'counted'],
    ['reversal', 'corrected'],
    ['credit', 'counted'],
  ])
  expect(lines[1]!.reversesId).toBe(lines[2]!.id)
})

test('a segment that asks for points follows the ledger for whoever it concerns, and looks at nobody else', async () => {
  const { db } = w.context
  const title = { fr: 'Cinquante points', en: 'Fifty points' }
  const rule = { challenge: { campaign: 'sled', points: { min: 50 } } }
  await inTx((tx) => saveSegments(tx, w.network.id, { fifty: { title, rule } }, w.clock.now()))
  await refreshSegments(db, w.network, w.clock.now())
  await db.delete(segmentChecks)
  const members = async () => {
    const looked = await refreshDue(db, w.network, w.clock.now())
    const rows = await db
      .select({ contactId: segmentMembers.contactId })
      .from(segmentMembers)
      .innerJoin(segments, eq(segments.id, segmentMembers.segmentId))
      .where(eq(segments.name, 'fifty'))
    return { looked, isIn: rows.some(({ contactId }) => contactId === karim.contactId) }
  }
  expect(await members()).toEqual({ looked: 0, isIn: true })
  await w.tell(karim, { sourceKey: 'csv:A1', reference: 'A1', quantity: 4 })
  expect(await members()).toEqual({ looked: 1, isIn: false })
  await w.tell(karim, { sourceKey: 'csv:A1', reference: 'A1', quantity: 5 })
  expect(await members()).toEqual({ looked: 1, isIn: true })
  await db.delete(segments).where(eq(segments.name, 'fifty'))
})

test('a row of the ledger is reversed once, whoever else does it at the same time', async () => {
  const result = await resultOf(
    w.tell(marcel, { sourceKey: 'csv:M3', criterion: 'poses', quantity: 4, doneOn: '2027-01-12' }),
  )
  const before = await w.sums(marcel.id)
  const told = () =>
    inTx((tx) =>
      recordResult(tx, w.challenge, marcel, {
        ...{ criterion: 'poses', quantity: 9, doneOn: '2027-01-12', way: 'csv', sourceKey: 'csv:M3' },
        ...{ by: 'test', at: w.clock.now() },
      }),
    )
  await Promise.all([inTx((tx) => refuseResult(tx, w.challenge, result.id, 'double', verdict())), told(), told()])
  const after = await w.sums(marcel.id)
  expect(after.ledger).toBe(after.total)
  // Reversed, then told anew by the file; or corrected by it, and nothing left to refuse.
  expect(after.total).toBe(before.total - 60 + 135)
})

test('sums rebuilt from the ledger are the sums that were kept', async () => {
  const { differing } = await inTx((tx) => rebuildTotals(tx, w.network.id, w.challenge.id, w.clock.now()))
  expect(differing).toBe(0)
})

test('whatever the order and however often results are told, a participant has the same points', async () => {
  const lucas = await w.join('P5')
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 9 }), day: fc.integer({ min: 5, max: 8 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.infiniteStream(fc.nat()),
      async (told, draws) => {
        round++
        w.clock.set(new Date('2027-02-09T09:00:00Z'))
        const before = await pointsOf(w.context.db, w.network.id, lucas.id)
        const lines = told.map((line, index) => ({ ...line, key: `csv:${round}-${index}` }))
        const shuffled = [...lines, ...lines]
          .map((line) => ({ line, by: draws.next().value! }))
          .sort((a, b) => a.by - b.by)
          .map(({ line }) => line)
        const ids = new Set<string>()
        for (const { quantity, day, key } of shuffled) {
          const recorded = await w.tell(lucas, { quantity, doneOn: `2027-02-0${day}`, sourceKey: key, reference: key })
          if (recorded.outcome !== 'refused') ids.add(recorded.result.id)
        }
        const expected = [5, 6, 7, 8].reduce((all, day) => {
          const sum = told.filter((one) => one.day === day).reduce((sold, one) => sold + one.quantity, 0)
          return all + Math.min(12, sum) * 10
        }, 0)
        const after = await pointsOf(w.context.db, w.network.id, lucas.id)
        expect(after.points - before.points).toBe(expected)
        const { ledger, total } = await w.sums(lucas.id)
        expect(ledger).toBe(total)
        for (const id of ids) await inTx((tx) => refuseResult(tx, w.challenge, id, 'encore', verdict()))
        expect((await w.sums(lucas.id)).total).toBe(before.points)
      },
    ),
    { numRuns: 6 },
  )
})

test('a result stands in the ranking in the very transaction that takes it, and one taken out leaves it', async () => {
  const list = { networkId: w.network.id, challengeId: w.challenge.id, board: 'person', by: 'points' } as const
  const sylvie = await w.join('P6')
  const points = async (tx: Tx) => {
    const [own] = await tx.select().from(challengeStandings).where(eq(challengeStandings.subjectKey, sylvie.id))
    const rows = await topOf(tx, { ...list, league: own!.league }, 20)
    return rows.find(({ subjectKey }) => subjectKey === sylvie.id)?.points ?? 0
  }
  expect(await points(w.context.db)).toBe(0)
  const id = await inTx(async (tx) => {
    const told = await recordResult(tx, w.challenge, sylvie, {
      ...{ criterion: 'ventes', quantity: 2, doneOn: '2027-01-12', way: 'csv', sourceKey: 'fresh', reference: 'FRESH' },
      ...{ by: 'test', at: w.clock.now() },
    })
    expect(await points(tx)).toBe(20)
    return told.outcome === 'refused' ? '' : told.result.id
  })
  await inTx((tx) => refuseResult(tx, w.challenge, id, 'rendu', verdict()))
  expect(await points(w.context.db)).toBe(0)
})

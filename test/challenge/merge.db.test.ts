import { and, eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aimPerson } from '../../src/challenge/aim.ts'
import { objectivesOf, overrideObjective } from '../../src/challenge/objectives.ts'
import type { Participant } from '../../src/challenge/participants.ts'
import { participantOf } from '../../src/challenge/participants.ts'
import { topOf } from '../../src/challenge/ranking/board.ts'
import { pointsOf, rebuildTotals } from '../../src/challenge/totals.ts'
import { withdraw } from '../../src/challenge/withdraw.ts'
import { withdrawnAmong } from '../../src/challenge/withdrawn.ts'
import { challengeResults, challengeStandings, contacts, pastResults } from '../../src/db/schema.ts'
import { aimMerged, mergeChallenges } from '../../src/network/merge/challenges.ts'
import { type ChallengeWorld, challengeWorld } from './challenge-world.ts'

let w: ChallengeWorld
let karim: Participant
let odile: Participant
let helene: Participant

const merge = (keepId: string, otherId: string) =>
  w.context.db.transaction((tx) =>
    mergeChallenges(tx, {
      ...{ networkId: w.network.id, keepId, otherId, actor: 'user:1' },
      ...{ now: w.clock.now(), at: w.clock.now() },
    }),
  )

beforeAll(async () => {
  w = await challengeWorld()
  karim = await w.join('P3')
  odile = await w.join('P2')
  helene = await w.join('P4')
  await w.tell(karim, { sourceKey: 'k1', reference: 'K1', quantity: 3 })
  await w.tell(odile, { sourceKey: 'o1', reference: 'O1', quantity: 4 })
  // Told by both: by Karim in a text message, by Odile’s file, as many on the same day.
  await w.tell(karim, { sourceKey: 'k2', quantity: 2, way: 'sms' })
  await w.tell(odile, { sourceKey: 'o2', quantity: 2 })
  await w.tell(helene, { sourceKey: 'h1', reference: 'H1', quantity: 4 })
})
afterAll(() => w.close())

describe('two contacts that turn out to be one person', () => {
  test('keep all their points in one place, and what both told waits for a person', async () => {
    expect([(await w.sums(karim.id)).total, (await w.sums(odile.id)).total]).toEqual([50, 60])
    await merge(karim.contactId!, odile.contactId!)
    expect(await w.sums(karim.id)).toMatchObject({ ledger: 90, total: 90 })
    expect(await w.sums(odile.id)).toMatchObject({ ledger: 0, total: 0 })
    const mine = await w.context.db
      .select()
      .from(challengeResults)
      .where(and(eq(challengeResults.networkId, w.network.id), eq(challengeResults.participantId, karim.id)))
    const stands = mine.map(({ sourceKey, status, suspicion }) => [sourceKey, status, suspicion])
    expect(stands.sort()).toEqual([
      ['k1', 'validated', null],
      ['k2', 'validated', null],
      ['o1', 'validated', null],
      ['o2', 'pending', 'same_entry'],
    ])
    const before = await pointsOf(w.context.db, w.network.id, karim.id)
    const { differing } = await w.context.db.transaction((tx) =>
      rebuildTotals(tx, w.network.id, w.challenge.id, w.clock.now()),
    )
    expect(differing).toBe(0)
    expect(await pointsOf(w.context.db, w.network.id, karim.id)).toEqual(before)
  })

  test('are ranked once, and the campaign goes on writing to them', async () => {
    const { db } = w.context
    const [row] = await db.select().from(challengeStandings).where(eq(challengeStandings.subjectKey, karim.id))
    const list = { networkId: w.network.id, challengeId: w.challenge.id, board: 'person', by: 'points' } as const
    const top = await topOf(db, { ...list, league: row!.league }, 10)
    expect(top.filter(({ subjectKey }) => [karim.id, odile.id].includes(subjectKey))).toMatchObject([
      { subjectKey: karim.id, points: 90 },
    ])
    const { campaignId } = w.challenge
    expect((await withdrawnAmong(db, w.network.id, campaignId, [karim.contactId!])).size).toBe(0)
  })

  test('stay registered where one of the two was', async () => {
    const { db } = w.context
    await withdraw(db, karim, `contact:${karim.contactId}`, w.clock.now())
    await merge(karim.contactId!, helene.contactId!)
    const one = await participantOf(db, w.network.id, w.challenge.id, { contactId: karim.contactId! })
    expect(one).toMatchObject({ id: karim.id, status: 'registered', withdrawnAt: null })
    // 13 that day, of which 12 count: the cap is a person’s.
    expect(await w.sums(karim.id)).toMatchObject({ ledger: 120, total: 120 })
  })
  test('are asked what their joint history comes to; what was set by hand stays, and a second number is said', async () => {
    const { db } = w.context
    const networkId = w.network.id
    const [marcel, ana] = [await w.contactId('P1'), await w.contactId('P7')]
    const keyOf = (id: string) => `contact:${id}`
    const months = { measure: 'ventes', updatedAt: w.clock.now() }
    for (const [id, quantity] of [
      [marcel, 20],
      [ana, 30],
    ] as const)
      for (const month of ['2026-01', '2026-02', '2026-03'])
        await db.insert(pastResults).values({ ...months, networkId, subjectKey: keyOf(id), month, quantity })
    await db
      .update(contacts)
      .set({ profile: 'sales', function: 'Commercial' })
      .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, [marcel, ana])))
    const ventesOf = async (id: string) =>
      ((await objectivesOf(db, w.challenge, [keyOf(id)])).get(keyOf(id)) ?? []).find(
        ({ criterion }) => criterion === 'ventes',
      )
    for (const id of [marcel, ana]) await db.transaction((tx) => aimPerson(tx, w.challenge, id, w.clock.now()))
    const alone = [(await ventesOf(marcel))!.computed, (await ventesOf(ana))!.computed]
    const override = (id: string, target: number, reason: string) =>
      db.transaction((tx) =>
        overrideObjective(
          tx,
          w.challenge,
          { subjectKey: keyOf(id), criterion: 'ventes' },
          { target, reason, by: 'user:1', at: w.clock.now() },
        ),
      )
    await override(marcel, 40, 'mi-temps')
    await override(ana, 25, 'congé')
    const merging = { networkId, keepId: marcel, otherId: ana, actor: 'user:1', now: w.clock.now(), at: w.clock.now() }
    await db.transaction(async (tx) => {
      await mergeChallenges(tx, merging)
      await aimMerged(tx, merging)
    })
    const joint = (await ventesOf(marcel))!
    expect(joint.computed).toBeGreaterThan(Math.max(...alone))
    expect(Math.abs(joint.computed - alone[0]! - alone[1]!)).toBeLessThanOrEqual(2)
    expect(joint).toMatchObject({ override: 40, overrideReason: 'mi-temps · ≠ 25 · congé', contactId: marcel })
    expect(await ventesOf(ana)).toBeUndefined()

    // A challenge that is over asks for what it asked for.
    await db
      .update(pastResults)
      .set({ quantity: 900 })
      .where(eq(pastResults.subjectKey, keyOf(marcel)))
    const over = { ...merging, now: new Date(w.challenge.endsAt.getTime() + 1_000) }
    await db.transaction((tx) => aimMerged(tx, over))
    expect((await ventesOf(marcel))!.computed).toBe(joint.computed)
  })
})

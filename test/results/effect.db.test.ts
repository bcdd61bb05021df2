import { and, eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { campaigns, decisions, events, messages } from '../../src/db/schema.ts'
import { upliftOf } from '../../src/engagement/uplift.ts'
import { afterLastStepMs, campaignEffect, pooledEffect } from '../../src/results/effect.ts'
import type { EventType, Verdict } from '../../src/words.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type HandCounted, seedHandCounted } from './hand-counted.ts'

const first = new Date('2027-01-11T08:00:00Z')
const during = new Date('2027-01-12T08:00:00Z')
const over = new Date(first.getTime() + afterLastStepMs)

let store: TestDatabase
let known: HandCounted
let teaser: string

beforeAll(async () => {
  store = await freshDatabase()
  known = await seedHandCounted(store.db)
  teaser = await drawOut(known)
})
afterAll(() => store.drop())

/** Site B2, a hundred people, is left out of both steps; returns the first. */
async function drawOut({ networkId, campaignId, people }: HandCounted): Promise<string> {
  const { db } = store
  await db
    .update(decisions)
    .set({ outcome: 'holdout', channel: null, because: [{ code: 'held_out' }] })
    .where(and(eq(decisions.networkId, networkId), inArray(decisions.contactId, people.B2!)))
  await db
    .update(campaigns)
    .set({ holdout: { share: 0.25, outlets: 4, heldOut: 1 } })
    .where(and(eq(campaigns.networkId, networkId), eq(campaigns.id, campaignId)))
  const [row] = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.step, 'teaser')))
  return row!.id
}

async function act(
  of: HandCounted,
  contactIds: readonly string[],
  type: EventType,
  given: { messageId?: string; at?: Date; verdict?: Verdict } = {},
): Promise<void> {
  const { messageId, at = during, verdict } = given
  await store.db.insertRows(
    events,
    contactIds.map((contactId) => ({
      ...{ networkId: of.networkId, id: newId(), type, messageId, contactId, verdict, data: {} },
      ...{ dedupeKey: newId(), occurredAt: at, recordedAt: at },
    })),
  )
}

const ask = (now: Date) => campaignEffect(store.db, { ...known, now })

test('before its first step a campaign has changed nothing, and nothing is said', async () => {
  expect(await ask(new Date(first.getTime() - 1))).toBeUndefined()
})

test('those held out are counted by what they did, beside those the campaign was for, reached or not', async () => {
  const { people } = known
  await act(known, people.A1!.slice(0, 30), 'reply', { messageId: teaser })
  await act(known, people.A1!.slice(0, 10), 'register')
  await act(known, people.A1!.slice(25, 40), 'register', { messageId: teaser })
  await act(known, people.B2!.slice(0, 8), 'register')
  await act(known, people.B2!.slice(5, 10), 'read')
  // Once is once, whatever else they do.
  await act(known, people.B2!.slice(0, 8), 'reply')
  expect(await ask(during)).toMatchObject({
    from: first,
    isOver: false,
    acted: { treated: { acted: 40, people: 300 }, heldOut: { acted: 10, people: 100 } },
    unprompted: { treated: { acted: 25, people: 300 }, heldOut: { acted: 10, people: 100 } },
  })
})

test('a click, an open, a machine and what was done at another time do not count', async () => {
  const { people } = known
  const others = people.B2!.slice(50, 60)
  const before = await ask(during)
  await act(known, others, 'click')
  await act(known, others, 'open', { verdict: 'human_confirmed' })
  await act(known, others, 'scan', { verdict: 'machine' })
  await act(known, others, 'register', { at: new Date(first.getTime() - 1) })
  await act(known, others, 'register', { at: over })
  expect(await ask(during)).toEqual(before)
})

test('the difference of a hundred held out is told with its interval, and that of nobody is not', async () => {
  const found = await ask(over)
  expect(found!.isOver).toBe(true)
  const uplift = upliftOf({ ...found!.acted, campaigns: 1 })
  expect(uplift).toMatchObject({ isMeasurable: true, difference: { value: expect.closeTo(40 / 300 - 0.1, 9) } })
  expect(uplift.isMeasurable && uplift.difference.low).toBeLessThan(0)
})

test('campaigns that are over are added up, those without a control group and other networks left out', async () => {
  const other = await seedHandCounted(store.db, 'voisin', 2)
  expect(await pooledEffect(store.db, other.networkId, over)).toMatchObject({ campaigns: 0 })
  expect(await pooledEffect(store.db, known.networkId, during)).toMatchObject({ campaigns: 0 })
  expect(await pooledEffect(store.db, known.networkId, over)).toEqual({
    campaigns: 1,
    acted: { treated: { acted: 40, people: 300 }, heldOut: { acted: 10, people: 100 } },
    unprompted: { treated: { acted: 25, people: 300 }, heldOut: { acted: 10, people: 100 } },
  })
})

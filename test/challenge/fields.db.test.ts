import { and, eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { challengeFieldsOf } from '../../src/challenge/merge-fields.ts'
import { participantOf } from '../../src/challenge/participants.ts'
import { register } from '../../src/challenge/register.ts'
import { withdraw } from '../../src/challenge/withdraw.ts'
import { contacts, segmentMembers, segments } from '../../src/db/schema.ts'
import type { SegmentDefinitions } from '../../src/segment/parse.ts'
import { refreshDue } from '../../src/segment/refresh.ts'
import { saveSegments } from '../../src/segment/save.ts'
import { type ChallengeWorld, challengeWorld } from './challenge-world.ts'

/** A club of outlets: what they order is worth points, and points come to tiers. */
const club = `
name: club
title: { fr: Le Cercle, en: The Circle }
class: relational
audience: { rule: { profile: [field, counter, sales, owner, office] } }
anchor: { launch: 2027-01-12T08:30, end: 2027-12-17T18:00 }
link: https://www.example.com/club
challenge:
  participants: { companies: true, people: false, teams: none }
  roles:
    - name: maison
      who: companies
      criteria:
        - { name: ventes, weight: 80, unit: { fr: kilo, en: kilogram }, points: 2, objective: { fixed: 400 } }
        - { name: formation, kind: qualitative, evidence: [attestation], weight: 20, points: 100 }
  registration: { from: launch - 5 days, to: end }
  tiers:
    - { name: bronze, title: { fr: Bronze, en: Bronze }, from: 0 }
    - { name: or, title: { fr: Or, en: Gold }, from: 100 }
steps:
  - name: start
    at: launch
    intent: follow-up
    template: challenge/launch
`

let w: ChallengeWorld
beforeAll(async () => {
  w = await challengeWorld({ challengeYaml: club })
})
afterAll(() => w.close())

describe('a club of outlets', () => {
  test('tells those who work there of their outlet’s points and tier, which rise and fall with what is ordered', async () => {
    const { db } = w.context
    const karim = await w.contactId('P3')
    const [person] = await db
      .select({ siteId: contacts.siteId })
      .from(contacts)
      .where(and(eq(contacts.networkId, w.network.id), eq(contacts.id, karim)))
    const { siteId } = person!
    const asked = { subject: { siteId }, way: 'console' as const, by: 'operator', hasAgreed: true, at: w.clock.now() }
    await db.transaction((tx) => register(tx, w.challenge, asked))
    const outlet = (await participantOf(db, w.network.id, w.challenge.id, { siteId }))!
    const fields = async (language: 'fr' | 'en') =>
      (
        await challengeFieldsOf(db, w.network, w.challenge.campaignId, [{ contactId: karim, language }], w.clock.now())
      ).get(karim)
    const title = { fr: 'Palier', en: 'Tier' }
    const asks = (test: object) => ({ title, rule: { challenge: { campaign: 'club', of: 'outlet', ...test } } })
    const rules = {
      gold: asks({ reaches: 'or' }),
      bronze: asks({ tier: 'bronze' }),
      some: asks({ points: { min: 95 } }),
    }
    await db.transaction((tx) => saveSegments(tx, w.network.id, rules as SegmentDefinitions, w.clock.now()))
    while ((await refreshDue(db, w.network, w.clock.now())) > 0);
    /** The segments Karim is in, worked out for nobody else than those the ledger concerns. */
    const member = async () => {
      while ((await refreshDue(db, w.network, w.clock.now())) > 0);
      const rows = await db
        .select({ name: segments.name })
        .from(segmentMembers)
        .innerJoin(segments, eq(segments.id, segmentMembers.segmentId))
        .where(and(eq(segmentMembers.contactId, karim), inArray(segments.name, Object.keys(rules))))
      return rows.map(({ name }) => name).sort()
    }
    await w.tell(outlet, { sourceKey: 'Q1', reference: 'Q1', quantity: 45 })
    expect(await member()).toEqual(['bronze'])
    expect(await fields('fr')).toMatchObject({
      ...{ isRegistered: true, points: 90, tier: 'Bronze', nextTier: 'Or', toNextTier: 10, rank: 1 },
    })
    await w.tell(outlet, { sourceKey: 'Q1', reference: 'Q1', quantity: 60 })
    expect(await member()).toEqual(['gold', 'some'])
    expect(await fields('en')).toMatchObject({ points: 120, tier: 'Gold', nextTier: '', toNextTier: 0 })
    await w.tell(outlet, { sourceKey: 'Q1', reference: 'Q1', quantity: 10 })
    expect(await fields('fr')).toMatchObject({ points: 20, tier: 'Bronze', toNextTier: 80 })
    expect(await member()).toEqual(['bronze'])
    await db.transaction((tx) => withdraw(tx, outlet, 'operator', w.clock.now()))
    expect(await member()).toEqual([])
  })
})

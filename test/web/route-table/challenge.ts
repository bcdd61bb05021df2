import { eq } from 'drizzle-orm'
import { challengeBlock } from '../../../src/challenge/definition.ts'
import { type Db, newId } from '../../../src/db/index.ts'
import {
  campaigns,
  challengeEvidence,
  challengeParticipants,
  challengeResults,
  challengeRules,
  challenges,
  sites,
} from '../../../src/db/schema.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

const training = { kind: 'qualitative', evidence: ['file'], weight: 50, points: 10 }
const rules = challengeBlock.parse({
  roles: [
    {
      name: 'vente',
      criteria: [
        { ...training, name: 'a' },
        { ...training, name: 'b' },
      ],
    },
  ],
})

/** A challenge of the network's campaign with one result and its photo; there is one, however often it is asked for. */
async function aChallenge({ networkId }: SmallNetwork, db: Db) {
  const [campaign] = await db.select().from(campaigns).where(eq(campaigns.networkId, networkId)).limit(1)
  const campaignId = campaign!.id
  const [known] = await db.select().from(challenges).where(eq(challenges.campaignId, campaignId))
  const challengeId = known?.id ?? newId()
  if (!known) {
    const [site] = await db.select().from(sites).where(eq(sites.networkId, networkId)).limit(1)
    const dates = { registrationOpensAt: wallNow, registrationClosesAt: wallNow, startsAt: wallNow, endsAt: wallNow }
    const dated = { createdAt: wallNow, updatedAt: wallNow }
    await db
      .insert(challenges)
      .values({ networkId, id: challengeId, campaignId, ...dates, resultsUntil: wallNow, ...dated })
    await db.insert(challengeRules).values({
      ...{ networkId, challengeId, version: 1, rules, hash: 'h', inForceFrom: wallNow, createdBy: 'test' },
      createdAt: wallNow,
    })
    const [participantId, resultId] = [newId(), newId()]
    await db.insert(challengeParticipants).values({
      ...{
        networkId,
        id: participantId,
        challengeId,
        kind: 'company',
        subjectKey: `site:${site!.id}`,
        siteId: site!.id,
      },
      ...{
        role: 'company',
        status: 'registered',
        way: 'console',
        registeredBy: 'test',
        registeredAt: wallNow,
        ...dated,
      },
    })
    await db.insert(challengeResults).values({
      ...{ networkId, id: resultId, challengeId, participantId, criterion: 'a', quantity: 1, doneOn: '2027-01-11' },
      ...{ way: 'portal', sourceKey: 'x', status: 'pending', rulesVersion: 1, recordedBy: 'test', recordedAt: wallNow },
    })
    const content = new Uint8Array([1])
    await db.insert(challengeEvidence).values({
      ...{ networkId, id: newId(), resultId, name: 'a.pdf', type: 'application/pdf', size: 1, content },
      createdAt: wallNow,
    })
  }
  const [participant] = await db
    .select()
    .from(challengeParticipants)
    .where(eq(challengeParticipants.challengeId, challengeId))
  const [result] = await db.select().from(challengeResults).where(eq(challengeResults.challengeId, challengeId))
  const [evidence] = await db.select().from(challengeEvidence).where(eq(challengeEvidence.resultId, result!.id))
  return { campaignId, challengeId, participantId: participant!.id, resultId: result!.id, evidenceId: evidence!.id }
}

type Made = Awaited<ReturnType<typeof aChallenge>>
const at = (end: (made: Made) => string) => async (demo: SmallNetwork, db: Db) => {
  const made = await aChallenge(demo, db)
  return `/console/campaigns/${made.campaignId}/challenge${end(made)}`
}
const api =
  (end = '') =>
  async (demo: SmallNetwork, db: Db) =>
    `/api/v1/challenges/${(await aChallenge(demo, db)).challengeId}${end}`

export const routes: RouteTable = {
  'GET /r/:token': { access: 'token' },
  'POST /r/:token': { access: 'token' },
  'GET /p': { access: 'partner.read' },
  'GET /p/challenges/:id': {
    access: 'partner.read',
    path: async (demo, db) => `/p/challenges/${(await aChallenge(demo, db)).challengeId}`,
  },
  'POST /p/challenges/:id': {
    access: 'partner.read',
    path: async (demo, db) => `/p/challenges/${(await aChallenge(demo, db)).challengeId}`,
  },
  'GET /console/campaigns/:id/challenge': { access: 'campaign.control', path: at(() => '') },
  'GET /console/campaigns/:id/challenge/export/:kind': { access: 'campaign.control', path: at(() => '/export/ledger') },
  'GET /console/campaigns/:id/challenge/evidence/:evidenceId': {
    access: 'campaign.control',
    path: at(({ evidenceId }) => `/evidence/${evidenceId}`),
  },
  'POST /console/campaigns/:id/challenge/results/:resultId': {
    access: 'campaign.control',
    path: at(({ resultId }) => `/results/${resultId}`),
  },
  'POST /console/campaigns/:id/challenge/objectives': { access: 'campaign.control', path: at(() => '/objectives') },
  'POST /console/campaigns/:id/challenge/register': { access: 'campaign.control', path: at(() => '/register') },
  'POST /console/campaigns/:id/challenge/withdraw/:participantId': {
    access: 'campaign.control',
    path: at(({ participantId }) => `/withdraw/${participantId}`),
  },
  'POST /console/campaigns/:id/challenge/prepare': { access: 'campaign.control', path: at(() => '/prepare') },
  'POST /console/campaigns/:id/challenge/import': { access: 'campaign.control', path: at(() => '/import') },
  'GET /api/v1/challenges': { access: 'campaign.read' },
  'GET /api/v1/challenges/:id': { access: 'campaign.read', path: api() },
  'GET /api/v1/challenges/:id/participants': { access: 'campaign.read', path: api('/participants') },
  'GET /api/v1/challenges/:id/report': { access: 'result.read', path: api('/report') },
  'GET /api/v1/challenges/:id/report/outlets': { access: 'result.read', path: api('/report/outlets') },
  'GET /api/v1/challenges/:id/results': { access: 'campaign.read', path: api('/results') },
  'POST /api/v1/challenges/:id/results': { access: 'event.write', path: api('/results') },
}

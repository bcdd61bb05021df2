import { and, asc, eq, inArray } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { audiencePage } from '../audience/page.ts'
import { type Person, readPeople } from '../audience/people.ts'
import type { CampaignDefinition, StepDefinition } from '../campaign/definition.ts'
import { draftStatuses } from '../campaign/draft-status.ts'
import { findDraft } from '../campaign/drafts.ts'
import type { FrozenText } from '../campaign/frozen-words.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { campaigns, campaignVersions, proofItems, proofs } from '../db/schema.ts'
import { enqueue } from '../job/enqueue.ts'
import { audienceOf } from '../outbox/step.ts'
import { ApprovalRefused } from './refused.ts'
import { chooseSamples } from './samples.ts'
import { type Seed, seedsOf } from './seeds.ts'
import { stepsShown } from './shown-steps.ts'
import { keepSnapshot, snapshotOf } from './snapshot.ts'

export type Proof = typeof proofs.$inferSelect
export type ProofItem = typeof proofItems.$inferSelect

/** People looked at to find those a proof is shown by. */
const looked = 400
/** A proof is to be read: beyond this fewer people show each message. */
const mostItems = 120

export const proofJobId = (proofId: string): string => `proof-${proofId}`

/** The texts a step may leave by. */
export const textsOfStep = (words: readonly FrozenText[], step: StepDefinition): FrozenText[] =>
  words.filter(
    (text) => text.template === step.template && (step.channels === undefined || step.channels.includes(text.channel)),
  )

/**
 * Makes the proof (bon à tirer) of a draft as it stands: each step’s text in each language, for a few people chosen to
 * show where it may fail, to the test addresses of the house and to no other. Asked twice for the same text and words
 * it is one proof, and nothing is sent twice. Throws ApprovalRefused.
 */
export async function makeProof(
  context: Context,
  network: Network,
  { campaignId, seen }: { campaignId: string; seen: string },
  actor: string,
  now: Date,
): Promise<{ proofId: string; isNew: boolean; messages: number }> {
  if (network.halt) throw new ApprovalRefused('halted', `All sending of ${network.name} is stopped, proofs as well.`)
  const draft = await findDraft(context.db, network.id, campaignId)
  if (!draft) throw new ApprovalRefused('unknown', `There is no draft ${campaignId} in ${network.name}.`)
  if (draft.hash !== seen) throw new ApprovalRefused('moved', 'The draft was changed meanwhile.')
  const read = await snapshotOf(context, network, draft, now)
  if (read.problems)
    throw new ApprovalRefused('problems', `Draft ${draft.name} has errors: mend them before anybody looks at it.`)
  const { snapshot, campaign } = read
  const people = await someOf(context.db, network, campaign)
  const samples = chooseSamples(people)
  const seeds = await seedsOf(context.db, network.id)
  return context.db.transaction(async (tx) => {
    const [going] = await tx
      .select({ status: campaigns.status })
      .from(campaigns)
      .innerJoin(
        campaignVersions,
        and(
          eq(campaignVersions.networkId, campaigns.networkId),
          eq(campaignVersions.campaignId, campaigns.id),
          eq(campaignVersions.version, campaigns.version),
          eq(campaignVersions.hash, seen),
        ),
      )
      .where(
        and(
          eq(campaigns.networkId, network.id),
          eq(campaigns.id, campaignId),
          inArray(campaigns.status, [...draftStatuses]),
        ),
      )
    if (!going) throw new ApprovalRefused('moved', 'The draft was changed or launched meanwhile.')
    await tx
      .update(campaigns)
      .set({ status: 'proof' })
      .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId), eq(campaigns.status, 'draft')))
    await keepSnapshot(tx, network.id, campaignId, snapshot, now)
    const row = {
      networkId: network.id,
      id: newId(),
      campaignId,
      hash: snapshot.hash,
      samples,
      createdBy: actor,
      createdAt: now,
    }
    const isNew = (await tx.insertRows(proofs, [row], 'ignore')) > 0
    const proof = (await proofOf(tx, network.id, campaignId, snapshot.hash)) as Proof
    const items = isNew ? itemsOf(network, proof, campaign, snapshot.words, samplesOf(people, proof), seeds) : []
    await tx.insertRows(proofItems, items, 'ignore')
    if (isNew) {
      await enqueue(tx, {
        networkId: network.id,
        id: proofJobId(proof.id),
        kind: 'campaign.proof',
        payload: { proofId: proof.id },
        at: context.wall.now(),
      })
      await audit(tx, {
        networkId: network.id,
        actor,
        action: 'campaign.proof',
        subject: campaignId,
        data: { name: draft.name, hash: snapshot.hash, messages: items.length },
        at: context.wall.now(),
      })
    }
    return { proofId: proof.id, isNew, messages: items.length }
  })
}

async function someOf(tx: Tx, network: Network, campaign: CampaignDefinition): Promise<Person[]> {
  const ids = await audiencePage(tx, await audienceOf(tx, network.id, campaign.audience), '', looked)
  return (await readPeople(tx, network.id, ids)).filter(({ contact }) => contact.isActive)
}

const samplesOf = (people: readonly Person[], { samples }: Proof): (Person | undefined)[] =>
  samples.map(({ contactId }) => people.find((person) => person.contact.id === contactId))

/** One message for each step or variant, text, person and address; as many people as keep it readable. */
function itemsOf(
  network: Network,
  proof: Proof,
  campaign: CampaignDefinition,
  words: readonly FrozenText[],
  samples: readonly (Person | undefined)[],
  seeds: readonly Seed[],
): (typeof proofItems.$inferInsert)[] {
  const ways = stepsShown(campaign).flatMap(({ key, step }) =>
    textsOfStep(words, step).flatMap((text) =>
      seeds.filter((seed) => seed.channel === text.channel).map((seed) => ({ key, text, seed })),
    ),
  )
  const each = Math.max(1, Math.min(samples.length, Math.floor(mostItems / Math.max(1, ways.length))))
  return ways.flatMap(({ key, text, seed }) => {
    // Those who read this language show it; where nobody does, whoever there is.
    const readers = samples.flatMap((person, place) =>
      person && person.contact.language === text.language ? [place] : [],
    )
    const places = (readers.length > 0 ? readers : samples.flatMap((person, place) => (person ? [place] : []))).slice(
      0,
      each,
    )
    return places.map((sample) => ({
      networkId: network.id,
      id: newId(),
      proofId: proof.id,
      step: key,
      channel: text.channel as 'email' | 'sms',
      language: text.language,
      sample,
      seedId: seed.id,
      status: 'queued' as const,
      currency: network.currency,
    }))
  })
}

/** The proof of a snapshot; undefined when none was made. */
export async function proofOf(tx: Tx, networkId: string, campaignId: string, hash: string): Promise<Proof | undefined> {
  const [row] = await tx
    .select()
    .from(proofs)
    .where(and(eq(proofs.networkId, networkId), eq(proofs.campaignId, campaignId), eq(proofs.hash, hash)))
  return row
}

/** The proofs of a campaign, the first one first. */
export const proofsOf = (tx: Tx, networkId: string, campaignId: string): Promise<Proof[]> =>
  tx
    .select()
    .from(proofs)
    .where(and(eq(proofs.networkId, networkId), eq(proofs.campaignId, campaignId)))
    .orderBy(asc(proofs.id))

/** The test messages of a proof, in the order of its steps. */
export const itemsOfProof = (tx: Tx, networkId: string, proofId: string): Promise<ProofItem[]> =>
  tx
    .select()
    .from(proofItems)
    .where(and(eq(proofItems.networkId, networkId), eq(proofItems.proofId, proofId)))
    .orderBy(asc(proofItems.id))

import { and, count, eq, gt } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { localise } from '../campaign/definition.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import type { Cause, ProposalFigures, ProposalGroup } from '../db/schema/sequence.ts'
import { arrivals, campaigns, proposalMembers, proposals, stepRuns } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'
import { startStep } from '../outbox/fan-out.ts'
import { actedSinceCode } from './acted-since.ts'
import { arrive } from './arrive.ts'

export type Proposal = typeof proposals.$inferSelect

/** A message proposed today says what was true today: later it would be a lie. */
const usefulMs = 7 * 24 * 3_600_000

interface Proposing {
  campaignId: string
  messageId: string
  step: string
  occurrence: string
  cause: Cause
  figures: ProposalFigures
  /** Whom it would reach; without them, whoever the step is for when it is approved. */
  members: readonly { contactId: string; group: ProposalGroup }[]
}

/** Proposes a step to the campaign's owner, once each occurrence; nothing is sent before somebody says yes. */
export async function propose(
  tx: Tx,
  context: Pick<Context, 'wall'>,
  network: Network,
  { campaignId, messageId, step, occurrence, cause, figures, members }: Proposing,
  now: Date,
): Promise<boolean> {
  const networkId = network.id
  const [made] = await tx
    .insert(proposals)
    .values({
      ...{ networkId, id: newId(), campaignId, messageId, occurrence, state: 'open' as const, cause, figures },
      ...{ proposedAt: now, expiresAt: new Date(now.getTime() + usefulMs), createdAt: now },
    })
    .onConflictDoNothing()
    .returning({ id: proposals.id })
  if (!made) return false
  await tx.insertRows(
    proposalMembers,
    members.map((member) => ({ networkId, proposalId: made.id, ...member })),
    'ignore',
  )
  const [campaign] = await tx
    .select({ title: campaigns.title, ownerId: campaigns.ownerId })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, networkId), eq(campaigns.id, campaignId)))
  await notify(tx, {
    ...{ networkId, userId: campaign?.ownerId ?? null, kind: 'message_proposed' },
    params: { campaign: localise(campaign?.title ?? {}, network.language), step },
    href: `/console/proposals/${made.id}`,
    dedupeKey: `proposed:${made.id}`,
    at: context.wall.now(),
  })
  return true
}

interface Decided {
  proposalId: string
  actor: string
  /** Only these of its groups; all where absent. */
  groups?: readonly ProposalGroup[]
}

/**
 * Sends what was proposed, once however often and by however many it is approved. Returns false where it was decided
 * before, or is too old: what it says may not be true any more.
 */
export async function approveProposal(
  { db, wall }: Context,
  network: Network,
  { proposalId, actor, groups }: Decided,
  now: Date,
): Promise<boolean> {
  const networkId = network.id
  return db.transaction(async (tx) => {
    const [approved] = await tx
      .update(proposals)
      .set({ state: 'approved', decidedAt: now, decidedBy: actor })
      .where(
        and(
          eq(proposals.networkId, networkId),
          eq(proposals.id, proposalId),
          eq(proposals.state, 'open'),
          gt(proposals.expiresAt, now),
        ),
      )
      .returning()
    if (!approved) return false
    const { campaignId, messageId, cause } = approved
    const members = await tx
      .select({ contactId: proposalMembers.contactId, group: proposalMembers.group })
      .from(proposalMembers)
      .where(and(eq(proposalMembers.networkId, networkId), eq(proposalMembers.proposalId, proposalId)))
    if (members.length === 0) await startStep(tx, network, messageId, now)
    await arrive(
      tx,
      networkId,
      members
        .filter(({ group }) => groups === undefined || groups.includes(group))
        .map(({ contactId, group }) => ({
          ...{ campaignId, messageId, contactId, kind: 'step' as const, occurrence: approved.occurrence },
          ...{ dueAt: now, causeAt: approved.proposedAt, data: {} },
          cause: { code: cause.code, params: { ...cause.params, group } },
        })),
      now,
    )
    await audit(tx, {
      ...{ networkId, actor, action: 'proposal.approve', subject: proposalId, at: wall.now() },
      data: { campaign: campaignId, groups: groups?.join(' ') ?? 'all' },
    })
    return true
  })
}

/** Sets a proposal aside: nothing is sent. Returns false where it was decided before. */
export async function dismissProposal(
  { db, wall }: Context,
  network: Network,
  { proposalId, actor }: Decided,
  now: Date,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [dismissed] = await tx
      .update(proposals)
      .set({ state: 'dismissed', decidedAt: now, decidedBy: actor })
      .where(and(eq(proposals.networkId, network.id), eq(proposals.id, proposalId), eq(proposals.state, 'open')))
      .returning({ campaignId: proposals.campaignId, messageId: proposals.messageId })
    if (!dismissed) return false
    // A dated step that waited for it will not be; one that people come to goes on.
    await tx
      .update(stepRuns)
      .set({ status: 'skipped', finishedAt: now })
      .where(
        and(
          eq(stepRuns.networkId, network.id),
          eq(stepRuns.messageId, dismissed.messageId),
          eq(stepRuns.status, 'waiting'),
        ),
      )
    await audit(tx, {
      ...{ networkId: network.id, actor, action: 'proposal.dismiss', subject: proposalId, at: wall.now() },
      data: { campaign: dismissed.campaignId },
    })
    return true
  })
}

/** How many people of each group a proposal would reach. */
export async function groupSizes(tx: Tx, networkId: string, proposalId: string) {
  return tx
    .select({ group: proposalMembers.group, people: count() })
    .from(proposalMembers)
    .where(and(eq(proposalMembers.networkId, networkId), eq(proposalMembers.proposalId, proposalId)))
    .groupBy(proposalMembers.group)
}

/** How many of an approved proposal were left out, since they have acted between the proposal and the sending. */
export async function actedMeanwhile(
  tx: Tx,
  { networkId, messageId, occurrence }: Pick<Proposal, 'networkId' | 'messageId' | 'occurrence'>,
): Promise<number> {
  const [row] = await tx
    .select({ people: count() })
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        eq(arrivals.messageId, messageId),
        eq(arrivals.state, 'passed'),
        eq(arrivals.occurrence, occurrence),
        eq(arrivals.reason, actedSinceCode),
      ),
    )
  return row?.people ?? 0
}

import { and, count, desc, eq, inArray } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { localise } from '../campaign/definition.ts'
import { draftStatuses } from '../campaign/draft-status.ts'
import { type Draft, findDraft } from '../campaign/drafts.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { approvals, approvalVotes, campaigns, campaignVersions, proofs, users } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'
import { schedule } from '../timer/timers.ts'
import { approversOf } from './approvers.ts'
import { ApprovalRefused } from './refused.ts'
import { launchRulesOf } from './rules.ts'
import { keepSnapshot, type Snapshot, snapshotOf } from './snapshot.ts'

export type Approval = typeof approvals.$inferSelect
export type Vote = typeof approvalVotes.$inferSelect

/** A reminder comes so long before the deadline, or halfway to it where that is later. */
const reminderMs = 4 * 3_600_000

/** The newest approval of a campaign, whatever became of it. */
export async function latestApproval(tx: Tx, networkId: string, campaignId: string): Promise<Approval | undefined> {
  const [row] = await tx
    .select()
    .from(approvals)
    .where(and(eq(approvals.networkId, networkId), eq(approvals.campaignId, campaignId)))
    .orderBy(desc(approvals.round))
    .limit(1)
  return row
}

export const votesOf = (tx: Tx, networkId: string, approvalId: string): Promise<Vote[]> =>
  tx
    .select()
    .from(approvalVotes)
    .where(and(eq(approvalVotes.networkId, networkId), eq(approvalVotes.approvalId, approvalId)))
    .orderBy(approvalVotes.at)

/** A draft read whole, or ApprovalRefused. */
async function readWhole(
  context: Context,
  network: Network,
  campaignId: string,
  now: Date,
): Promise<{ draft: Draft; snapshot: Snapshot }> {
  const draft = await findDraft(context.db, network.id, campaignId)
  if (!draft) throw new ApprovalRefused('unknown', `There is no draft ${campaignId} in ${network.name}.`)
  const read = await snapshotOf(context, network, draft, now)
  if (read.problems)
    throw new ApprovalRefused('problems', `Draft ${draft.name} has errors: mend them before anybody looks at it.`)
  return { draft, snapshot: read.snapshot }
}

/**
 * Asks for the approval of a draft as it stands; it has to have been proved. Asked twice for the same text and words,
 * it is one. Those who may approve are told, with the deadline. Throws ApprovalRefused.
 */
export async function askApproval(
  context: Context,
  network: Network,
  { campaignId, seen }: { campaignId: string; seen: string },
  actor: string,
  now: Date,
): Promise<{ approvalId: string; isNew: boolean }> {
  const rules = launchRulesOf(network.settings)
  const { draft, snapshot } = await readWhole(context, network, campaignId, now)
  if (draft.hash !== seen) throw new ApprovalRefused('moved', 'The draft was changed meanwhile.')
  return context.db.transaction(async (tx) => {
    const isThis = and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId))
    // The campaign's row is taken first, here as in a change of the draft: they come one after the other.
    const [going] = await tx
      .update(campaigns)
      .set({ status: 'approval' })
      .where(and(isThis, inArray(campaigns.status, [...draftStatuses])))
      .returning()
    if (!going) throw new ApprovalRefused('moved', 'The draft was launched or thrown away meanwhile.')
    const [same] = await tx
      .select({ version: campaignVersions.version })
      .from(campaignVersions)
      .where(
        and(
          eq(campaignVersions.networkId, network.id),
          eq(campaignVersions.campaignId, campaignId),
          eq(campaignVersions.hash, seen),
        ),
      )
    if (!same) throw new ApprovalRefused('moved', 'The draft was changed meanwhile.')
    const before = await latestApproval(tx, network.id, campaignId)
    if (before?.hash === snapshot.hash && (before.status === 'asked' || before.status === 'approved'))
      return { approvalId: before.id, isNew: false }
    const [proved] = await tx
      .select({ id: proofs.id })
      .from(proofs)
      .where(and(eq(proofs.networkId, network.id), eq(proofs.campaignId, campaignId), eq(proofs.hash, snapshot.hash)))
    if (!proved)
      throw new ApprovalRefused('proof_missing', 'Make a proof of the text as it stands: it is what is approved.')
    await keepSnapshot(tx, network.id, campaignId, snapshot, now)
    if (before && (before.status === 'asked' || before.status === 'approved'))
      await tx
        .update(approvals)
        .set({ status: 'void', decidedAt: now })
        .where(and(eq(approvals.networkId, network.id), eq(approvals.id, before.id)))
    const approvalId = newId()
    const dueAt = new Date(now.getTime() + rules.deadlineHours * 3_600_000)
    await tx.insert(approvals).values({
      networkId: network.id,
      id: approvalId,
      campaignId,
      round: (before?.round ?? 0) + 1,
      hash: snapshot.hash,
      status: 'asked',
      askedBy: actor,
      askedAt: now,
      dueAt,
      needed: rules.needed,
    })
    const soon = new Date(Math.max(dueAt.getTime() - reminderMs, (now.getTime() + dueAt.getTime()) / 2))
    await schedule(
      tx,
      network.id,
      [
        { kind: 'approval', subject: approvalId, occurrence: 'soon', dueAt: soon },
        { kind: 'approval', subject: approvalId, occurrence: 'late', dueAt },
      ],
      now,
    )
    const by = await nameOf(tx, actor)
    for (const userId of await approversOf(tx, network.id, rules))
      if (userId !== actor)
        await notify(tx, {
          networkId: network.id,
          userId,
          kind: 'approval_asked',
          params: { campaign: localise(going.title, network.language), by },
          href: `/console/campaigns/${campaignId}/approval`,
          dedupeKey: `approval:${approvalId}`,
          at: context.wall.now(),
        })
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.ask_approval',
      subject: campaignId,
      data: { name: draft.name, hash: snapshot.hash },
      at: context.wall.now(),
    })
    return { approvalId, isNew: true }
  })
}

export interface VoteRequest {
  campaignId: string
  /** Of the snapshot the reader had before them: what was changed meanwhile is not approved by anybody. */
  hash: string
  verdict: 'approve' | 'send_back'
  /** Sending back says why. */
  comment: string
}

/**
 * One user's word on a campaign. Enough of them approve it; one alone sends it back, and it is a draft again. The same
 * user's second word changes nothing. Throws ApprovalRefused.
 */
export async function vote(
  context: Context,
  network: Network,
  { campaignId, hash, verdict, comment }: VoteRequest,
  userId: string,
  now: Date,
): Promise<{ status: Approval['status']; isNew: boolean }> {
  if (verdict === 'send_back' && comment.trim() === '')
    throw new ApprovalRefused('comment_missing', 'Say what is to be changed.')
  const rules = launchRulesOf(network.settings)
  const { draft, snapshot } = await readWhole(context, network, campaignId, now)
  const isStale = snapshot.hash !== hash
  return context.db.transaction(async (tx) => {
    const isThis = and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId))
    // Of two approvers the second waits here for the first, so that both are counted.
    const [held] = await tx
      .update(campaigns)
      .set({ status: 'approval' })
      .where(and(isThis, eq(campaigns.status, 'approval')))
      .returning()
    if (!held) throw new ApprovalRefused('not_asked', `Nobody asks for the approval of ${draft.name} now.`)
    const approval = await latestApproval(tx, network.id, campaignId)
    if (!approval) throw new ApprovalRefused('not_asked', `Nobody asks for the approval of ${draft.name} now.`)
    if (isStale || approval.hash !== hash)
      throw new ApprovalRefused('changed', 'Its text or its words were changed since you read them: look again.')
    const mine = (await votesOf(tx, network.id, approval.id)).find((one) => one.userId === userId)
    if (mine?.verdict === verdict) return { status: approval.status, isNew: false }
    if (mine || approval.status !== 'asked')
      throw new ApprovalRefused('decided', `The approval of ${draft.name} is ${approval.status} already.`)
    if (!(await approversOf(tx, network.id, rules)).includes(userId))
      throw new ApprovalRefused('not_named', 'Only those named in the settings may approve.')
    const [version] = await tx
      .select({ createdBy: campaignVersions.createdBy })
      .from(campaignVersions)
      .where(
        and(
          eq(campaignVersions.networkId, network.id),
          eq(campaignVersions.campaignId, campaignId),
          eq(campaignVersions.version, held.version),
        ),
      )
    const authors = [held.ownerId, version?.createdBy, approval.askedBy]
    if (verdict === 'approve' && rules.isFourEyes && authors.includes(userId))
      throw new ApprovalRefused('own_campaign', 'Who wrote a campaign or asked for its approval does not approve it.')
    await tx.insert(approvalVotes).values({
      networkId: network.id,
      approvalId: approval.id,
      userId,
      verdict,
      comment: comment.trim(),
      at: now,
    })
    const [approving] = await tx
      .select({ total: count() })
      .from(approvalVotes)
      .where(
        and(
          eq(approvalVotes.networkId, network.id),
          eq(approvalVotes.approvalId, approval.id),
          eq(approvalVotes.verdict, 'approve'),
        ),
      )
    const status =
      verdict === 'send_back' ? 'sent_back' : (approving?.total ?? 0) >= approval.needed ? 'approved' : 'asked'
    if (status !== 'asked')
      await tx
        .update(approvals)
        .set({ status, decidedAt: now })
        .where(and(eq(approvals.networkId, network.id), eq(approvals.id, approval.id)))
    if (status === 'sent_back') await tx.update(campaigns).set({ status: 'draft' }).where(isThis)
    const by = await nameOf(tx, userId)
    const told = {
      networkId: network.id,
      userId: approval.askedBy,
      href: `/console/campaigns/${campaignId}/approval`,
      at: context.wall.now(),
    }
    const campaign = localise(held.title, network.language)
    if (status === 'approved')
      await notify(tx, {
        ...told,
        kind: 'approval_given',
        params: { campaign, by },
        dedupeKey: `approved:${approval.id}`,
      })
    if (status === 'sent_back')
      await notify(tx, {
        ...told,
        kind: 'approval_sent_back',
        params: { campaign, by, comment: comment.trim() },
        dedupeKey: `sent_back:${approval.id}`,
      })
    await audit(tx, {
      networkId: network.id,
      actor: userId,
      action: verdict === 'approve' ? 'campaign.approve' : 'campaign.send_back',
      subject: campaignId,
      data: { name: draft.name, hash, reason: comment.trim() || undefined, status },
      at: context.wall.now(),
    })
    return { status, isNew: true }
  })
}

/** What a user is called; whoever is no user is named as the audit trail has them. */
export async function nameOf(tx: Tx, actor: string): Promise<string> {
  const [user] = await tx.select({ name: users.name }).from(users).where(eq(users.id, actor))
  return user?.name ?? actor
}

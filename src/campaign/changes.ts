import { and, desc, eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { approversOf } from '../approval/approvers.ts'
import { type Difference, differenceOf, differenceOfFiles } from '../approval/difference.ts'
import { launchRulesOf, needsApproval } from '../approval/rules.ts'
import { audienceSize } from '../audience/size.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { campaignChanges, campaigns, campaignVersions } from '../db/schema.ts'
import type { CampaignDefinition } from './definition.ts'
import { applyEdit, type Edit, EditRefused, planEdit } from './edit-running.ts'
import { hashOf } from './launch.ts'
import { wordsFixed } from './version-snapshots.ts'

/** A change of a launched campaign, from being written down to being applied or thrown away. */
export type Change = typeof campaignChanges.$inferSelect

export interface ShownChange {
  change: Change
  /** What it does, step by step; undefined once it was decided, or another version was made since. */
  edit?: Edit
  difference: Difference
}

export async function findChange(tx: Tx, networkId: string, campaignId: string, id: string) {
  const [row] = await tx
    .select()
    .from(campaignChanges)
    .where(
      and(
        eq(campaignChanges.networkId, networkId),
        eq(campaignChanges.campaignId, campaignId),
        eq(campaignChanges.id, id),
      ),
    )
  return row
}

/** The changes of a campaign nobody has decided about, the newest first. */
export const openChanges = (tx: Tx, networkId: string, campaignId: string): Promise<Change[]> =>
  tx
    .select()
    .from(campaignChanges)
    .where(
      and(
        eq(campaignChanges.networkId, networkId),
        eq(campaignChanges.campaignId, campaignId),
        eq(campaignChanges.status, 'proposed'),
      ),
    )
    .orderBy(desc(campaignChanges.createdAt), desc(campaignChanges.id))
    .limit(20)

const versionOf = async (tx: Tx, networkId: string, campaignId: string, version: number) => {
  const [row] = await tx
    .select()
    .from(campaignVersions)
    .where(
      and(
        eq(campaignVersions.networkId, networkId),
        eq(campaignVersions.campaignId, campaignId),
        eq(campaignVersions.version, version),
      ),
    )
  return row
}

/**
 * Writes a change of a launched campaign down, checked as a launch is; nothing of the campaign changes. The same text
 * proposed twice is one change. Throws EditRefused, CampaignProblems or LaunchRefused.
 */
export async function proposeChange(
  context: Context,
  network: Network,
  { campaignId, version, text }: { campaignId: string; version: number; text: string },
  actor: string,
  now: Date,
): Promise<{ changeId: string; isNew: boolean }> {
  const edit = await planEdit(context, network, { campaignId, text }, now)
  if (edit.version !== version)
    throw new EditRefused('moved', 'The campaign was changed meanwhile: begin again from its newest version.')
  const hash = hashOf({ text })
  const from = await versionOf(context.db, network.id, campaignId, version)
  if (from?.hash === hash && !edit.steps.some((step) => step.hasNewWords))
    throw new EditRefused('same', 'Nothing was changed: neither the campaign nor the words of its templates.')
  return context.db.transaction(async (tx) => {
    const same = (await openChanges(tx, network.id, campaignId)).find(
      (one) => one.hash === hash && one.baseVersion === version,
    )
    if (same) return { changeId: same.id, isNew: false }
    const changeId = newId()
    await tx.insert(campaignChanges).values({
      ...{ networkId: network.id, id: changeId, campaignId, baseVersion: version, source: text, hash },
      ...{ status: 'proposed', createdBy: actor, createdAt: now },
    })
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.propose_change',
      subject: campaignId,
      data: { name: edit.campaign.name, version },
      at: context.wall.now(),
    })
    return { changeId, isNew: true }
  })
}

/**
 * A change with what it does and says, or, with `isOnlyRead`, what it says alone; writes nothing. Undefined where there
 * is none. Throws as planEdit does.
 */
export async function showChange(
  context: Context,
  network: Network,
  { campaignId, changeId, isOnlyRead }: { campaignId: string; changeId: string; isOnlyRead?: boolean },
  now: Date,
): Promise<ShownChange | undefined> {
  const { db, templates } = context
  const change = await findChange(db, network.id, campaignId, changeId)
  const from = change && (await versionOf(db, network.id, campaignId, change.baseVersion))
  if (!change || !from) return undefined
  const files = differenceOfFiles(from.source, change.source)
  const [going] = await db
    .select({ version: campaigns.version })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId)))
  if (isOnlyRead || change.status !== 'proposed' || going?.version !== change.baseVersion)
    return { change, difference: { ...files, texts: [] } }
  const edit = await planEdit(context, network, { campaignId, text: change.source }, now)
  const changed = new Set(edit.steps.filter((step) => step.hasNewWords).map((step) => step.step))
  const steps = edit.campaign.steps.filter((step) => changed.has(step.name))
  const old = await wordsFixed(db, network.id, campaignId, steps)
  const fresh = steps.flatMap((step) =>
    edit.words.filter((text) => text.template === step.template).map((text) => ({ ...text, template: step.name })),
  )
  const { texts } = differenceOf(
    { hash: '', source: '', words: old },
    { hash: '', source: '', words: fresh },
    templates.layouts,
  )
  return { change, edit, difference: { ...files, texts } }
}

/**
 * Applies a change for what is not yet claimed, once; `takeOver` names the steps that take their templates as they are
 * now. Where the network asks for approvals of such a campaign, as many of those who may approve have to say so as it
 * asks for, to the same words, and with four eyes not who wrote it; the last of them applies it, `missing` says how many
 * more it takes. Throws EditRefused, CampaignProblems or LaunchRefused.
 */
export async function applyChange(
  context: Context,
  network: Network,
  given: { campaignId: string; changeId: string; takeOver?: readonly string[] },
  actor: string,
  now: Date,
): Promise<{ version: number; isNew: boolean; missing?: number }> {
  const { campaignId, changeId, takeOver } = given
  const change = await findChange(context.db, network.id, campaignId, changeId)
  if (!change) throw new EditRefused('unknown', `There is no change ${changeId} of this campaign.`)
  if (change.status === 'applied') return { version: change.baseVersion + 1, isNew: false }
  if (change.status === 'discarded') throw new EditRefused('decided', 'This change was thrown away.')
  const { campaign } = await planEdit(context, network, { campaignId, text: change.source }, now)
  const needed = await approvalsNeeded(context, network, campaign, change, actor, now)
  const missing = needed > 1 ? await agree(context, network, change, { actor, takeOver: takeOver ?? [], needed }) : 0
  if (missing > 0) return { version: change.baseVersion, isNew: false, missing }
  const { version } = await applyEdit(
    context,
    network,
    { campaignId, version: change.baseVersion, text: change.source, takeOver },
    actor,
    now,
    async (tx) => {
      const applied = await decide(tx, change, 'applied', actor, now)
      if (!applied) throw new EditRefused('decided', 'Somebody decided about this change meanwhile.')
    },
  )
  return { version, isNew: true }
}

/** Throws a change away; returns whether it was still open. */
export async function discardChange(
  { db, wall }: Context,
  network: Network,
  { campaignId, changeId }: { campaignId: string; changeId: string },
  actor: string,
  now: Date,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const change = await findChange(tx, network.id, campaignId, changeId)
    if (!change || !(await decide(tx, change, 'discarded', actor, now))) return false
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.discard_change',
      subject: campaignId,
      data: { version: change.baseVersion },
      at: wall.now(),
    })
    return true
  })
}

async function decide(tx: Tx, change: Change, status: 'applied' | 'discarded', actor: string, now: Date) {
  const { networkId, id, agreedRound } = change
  const rows = await tx
    .update(campaignChanges)
    .set({ status, decidedBy: actor, decidedAt: now })
    .where(
      and(
        eq(campaignChanges.networkId, networkId),
        eq(campaignChanges.id, id),
        eq(campaignChanges.status, 'proposed'),
        // What was agreed to must still be what is applied.
        status === 'applied' ? eq(campaignChanges.agreedRound, agreedRound) : undefined,
      ),
    )
    .returning({ id: campaignChanges.id })
  return rows.length > 0
}

/** How many have to agree, 1 where nobody is asked. Throws EditRefused where the actor is none of them. */
async function approvalsNeeded(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  { createdBy }: Change,
  actor: string,
  now: Date,
): Promise<number> {
  const rules = launchRulesOf(network.settings)
  const people = await audienceSize(context, network, campaign.audience, now)
  if (!needsApproval(rules, campaign, people)) return 1
  const mayApprove = (await approversOf(context.db, network.id, rules)).includes(actor)
  if (mayApprove && !(rules.isFourEyes && actor === createdBy)) return rules.needed
  throw new EditRefused(
    'unapproved',
    `In ${network.name} somebody who may approve applies a change of a running campaign${rules.isFourEyes ? ', and nobody applies their own' : ''}.`,
  )
}

/**
 * Writes down that the actor agrees; returns how many more it takes. Agreeing to other words taken over than those before
 * begins anew: nobody has agreed to these yet.
 */
async function agree(
  { db, wall }: Context,
  network: Network,
  { id, campaignId, baseVersion, agreed, agreedRound }: Change,
  { actor, takeOver, needed }: { actor: string; takeOver: readonly string[]; needed: number },
): Promise<number> {
  const words = [...new Set(takeOver)].sort()
  const isSame = agreed?.takeOver.join('\n') === words.join('\n')
  const by = isSame ? [...new Set([...agreed.by, actor])] : [actor]
  if (by.length >= needed) return 0
  if (isSame && agreed.by.length === by.length) return needed - by.length
  return db.transaction(async (tx) => {
    const written = await tx
      .update(campaignChanges)
      .set({ agreed: { by, takeOver: words }, agreedRound: agreedRound + 1 })
      .where(
        and(
          eq(campaignChanges.networkId, network.id),
          eq(campaignChanges.id, id),
          eq(campaignChanges.status, 'proposed'),
          eq(campaignChanges.agreedRound, agreedRound),
        ),
      )
      .returning({ id: campaignChanges.id })
    if (written.length === 0) throw new EditRefused('decided', 'Somebody decided about this change meanwhile.')
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.agree_change',
      subject: campaignId,
      data: { version: baseVersion, of: needed },
      at: wall.now(),
    })
    return needed - by.length
  })
}

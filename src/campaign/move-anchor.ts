import { and, eq, inArray, isNull } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { moveChallenge } from '../challenge/move-dates.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, campaignVersions, messages, stepRuns, timers } from '../db/schema.ts'
import { reflowSoon } from '../sequence/reflow-job.ts'
import { hashOf } from './launch.ts'
import { expiryOf } from './message-rows.ts'
import { type MovedStep, MoveRefused, type Reflow, reflow } from './reflow.ts'

export interface MoveRequest {
  campaignId: string
  /** New moments by anchor: `{ launch: '2027-01-18T08:30' }`; those left out stay. */
  anchors: Readonly<Record<string, string>>
  /** The version the change was shown for; without it, whichever stands. */
  seen?: number
  /** As in the audit trail. */
  actor: string
}

/**
 * Moves dates of a campaign under way: everything that waits and counts from them moves with them, in one transaction
 * that makes the next version. What has begun stays as it is; a step a worker begins at this very moment counts as
 * begun. Throws MoveRefused, also when the campaign was changed since `seen`.
 */
export async function moveAnchor(
  { db, wall }: Pick<Context, 'db' | 'wall'>,
  network: Network,
  { campaignId, anchors, seen, actor }: MoveRequest,
  now: Date,
): Promise<Reflow> {
  return db.transaction(async (tx) => {
    const made = await reflow(tx, network, campaignId, anchors, now)
    if (made.anchors.length === 0) return made
    const version = made.version + 1
    const held = await tx
      .update(campaigns)
      .set({ version })
      .where(
        and(
          eq(campaigns.networkId, network.id),
          eq(campaigns.id, campaignId),
          eq(campaigns.version, seen ?? made.version),
          eq(campaigns.status, made.status),
        ),
      )
      .returning({ id: campaigns.id })
    if (held.length === 0)
      throw new MoveRefused(
        'The campaign was changed meanwhile: look again at what would move, then confirm.',
        'meanwhile',
      )
    await tx.insert(campaignVersions).values({
      networkId: network.id,
      campaignId,
      version,
      definition: made.definition,
      source: made.source,
      hash: hashOf({ text: made.source }),
      createdBy: actor,
      createdAt: now,
    })
    const steps: MovedStep[] = []
    for (const step of made.steps) steps.push(await moveStep(tx, network, made, version, step, now))
    await movePeople(tx, network, made, version, wall.now())
    await moveChallenge(tx, network.id, campaignId, made.challenge, now)
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.move',
      subject: campaignId,
      data: {
        name: made.definition.name,
        anchors: made.anchors.map(({ name, from, to }) => `${name}: ${from} → ${to}`),
        moved: steps.filter(({ fate }) => fate !== 'past' && fate !== 'stays').length,
      },
      at: wall.now(),
    })
    return { ...made, version, steps }
  })
}

/** What people come to by themselves goes by the new version; a job counts the dates of those on their way anew. */
async function movePeople(tx: Tx, network: Network, { campaignId, people }: Reflow, version: number, wallNow: Date) {
  const watched = await tx
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(
      and(eq(messages.networkId, network.id), eq(messages.campaignId, campaignId), eq(stepRuns.status, 'watching')),
    )
  if (watched.length === 0) return
  await tx
    .update(messages)
    .set({ campaignVersion: version })
    .where(
      and(
        eq(messages.networkId, network.id),
        inArray(
          messages.id,
          watched.map(({ id }) => id),
        ),
      ),
    )
  if (people.some(({ fate }) => fate === 'moves')) await reflowSoon(tx, network, campaignId, wallNow)
}

/** Its wait is the lock: a worker that has fired it has begun the step, which then stays. */
async function moveStep(
  tx: Tx,
  network: Network,
  { campaignId, definition }: Reflow,
  version: number,
  moved: MovedStep,
  now: Date,
): Promise<MovedStep> {
  if (moved.fate === 'past') return moved
  const step = definition.steps.find(({ name }) => name === moved.step)
  const isOver = moved.fate === 'skipped' || !moved.to || !step
  const held = await tx
    .update(timers)
    .set(isOver ? { firedAt: now } : { dueAt: moved.to as Date, occurrence: moved.becomes })
    .where(
      and(
        eq(timers.networkId, network.id),
        eq(timers.kind, 'step'),
        eq(timers.subject, moved.messageId),
        isNull(timers.firedAt),
      ),
    )
    .returning({ id: timers.id })
  if (held.length === 0) return { ...moved, to: moved.from, fate: 'past', becomes: moved.occurrence }
  const own = and(eq(messages.networkId, network.id), eq(messages.id, moved.messageId))
  if (isOver) {
    await tx
      .update(stepRuns)
      .set({ status: 'skipped', finishedAt: now })
      .where(
        and(
          eq(stepRuns.networkId, network.id),
          eq(stepRuns.messageId, moved.messageId),
          inArray(stepRuns.status, ['waiting']),
        ),
      )
    return moved
  }
  const dueAt = moved.to as Date
  await tx
    .update(messages)
    .set({
      ...{ campaignVersion: version, occurrence: moved.becomes, dueAt, definition: step },
      expiresAt: expiryOf(step, dueAt),
    })
    .where(and(own, eq(messages.campaignId, campaignId)))
  return moved
}

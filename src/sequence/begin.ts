import type { CampaignDefinition } from '../campaign/definition.ts'
import type { Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { messages, stepRuns } from '../db/schema.ts'
import { watchingMessage } from './bring.ts'
import { beginDates } from './dates.ts'
import { beginDropWatch } from './participation-drop.ts'
import { listen, watchesOf, watchingOccurrence } from './watch.ts'
import { wayOf } from './ways.ts'

/**
 * Begins what a campaign does by itself, in the transaction that launches it: one message for each step people come to
 * by their own way or that a condition starts, and what is listened for; with `only`, the messages of these steps, as
 * when a running campaign is given new ones. Returns the messages begun.
 */
export async function beginSequence(
  tx: Tx,
  network: Network,
  campaignId: string,
  campaign: CampaignDefinition,
  version: number,
  now: Date,
  only?: ReadonlySet<string>,
): Promise<{ step: string; messageId: string; at: Date }[]> {
  const own = campaign.steps.flatMap((step, position) =>
    wayOf(campaign, step) === 'dated' || (only && !only.has(step.name))
      ? []
      : [
          {
            ...{ networkId: network.id, id: newId(), campaignId, campaignVersion: version, step: step.name, position },
            ...{ occurrence: watchingOccurrence, class: campaign.class, urgency: step.urgency, intent: step.intent },
            ...{ template: step.template, topic: campaign.topic, definition: step, dueAt: now, expiresAt: null },
            createdAt: now,
          },
        ],
  )
  await tx.insertRows(messages, own, 'ignore')
  await tx.insertRows(
    stepRuns,
    own.map((row) => ({ networkId: network.id, messageId: row.id, status: 'watching' as const, startedAt: now })),
    'ignore',
  )
  await relisten(tx, network, campaignId, campaign, now)
  return own.map((row) => ({ step: row.step, messageId: row.id, at: now }))
}

/** Has a campaign listen to what its definition says now, by the messages its steps have. */
export async function relisten(
  tx: Tx,
  network: Network,
  campaignId: string,
  campaign: CampaignDefinition,
  now: Date,
): Promise<void> {
  const messageOf = await watchingMessage(
    tx,
    network.id,
    campaignId,
    campaign.steps.map((step) => step.name),
  )
  const listening = watchesOf(campaign, campaignId, messageOf)
  await listen(tx, network.id, campaignId, listening)
  await beginDates(tx, network, listening, now)
  await beginDropWatch(tx, network, listening, now)
}

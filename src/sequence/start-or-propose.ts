import { and, eq } from 'drizzle-orm'
import type { StepDefinition } from '../campaign/definition.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { messages } from '../db/schema.ts'
import { startStep } from '../outbox/fan-out.ts'
import { propose } from './propose.ts'

/** Starts a step that is due, or proposes it where its author wants somebody to say yes first. */
export async function startOrPropose(
  tx: Tx,
  context: Context,
  network: Network,
  messageId: string,
  now: Date,
): Promise<void> {
  const [message] = await tx
    .select({
      campaignId: messages.campaignId,
      step: messages.step,
      occurrence: messages.occurrence,
      definition: messages.definition,
    })
    .from(messages)
    .where(and(eq(messages.networkId, network.id), eq(messages.id, messageId)))
  if (!message || !(message.definition as StepDefinition).propose) return startStep(tx, network, messageId, now)
  const { campaignId, step, occurrence } = message
  await propose(
    tx,
    context,
    network,
    { campaignId, messageId, step, occurrence, cause: { code: 'due' }, figures: {}, members: [] },
    now,
  )
}

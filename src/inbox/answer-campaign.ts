import { and, eq } from 'drizzle-orm'
import type { CampaignDefinition } from '../campaign/definition.ts'
import { newId, type Tx } from '../db/index.ts'
import { campaigns, campaignVersions } from '../db/schema.ts'
import { answerStep, answersCampaign } from './answer-step.ts'

/** Answering what somebody wrote is transactional: it needs no basis, and waits for no hour (CPCE L.34-5). */
export const answerClass = 'transactional' as const

/** The definition under which answers leave; it has no audience, since each answers one conversation. */
export const answersDefinition: CampaignDefinition = {
  name: answersCampaign,
  title: { fr: 'Réponses de la boîte de réception', en: 'Answers from the inbox' },
  class: answerClass,
  topic: '',
  audience: { contact: answersCampaign },
  anchor: { launch: 'now' },
  steps: [answerStep('sms'), answerStep('email')],
}

/**
 * The campaign all answers of a network belong to, made with the first of them: a delivery is always a message's, and
 * a message a campaign's. It is finished from the beginning, since nothing in it is ever due by itself.
 */
export async function answersCampaignId(tx: Tx, networkId: string, now: Date): Promise<string> {
  const isIt = and(eq(campaigns.networkId, networkId), eq(campaigns.name, answersCampaign))
  const [known] = await tx.select({ id: campaigns.id }).from(campaigns).where(isIt)
  if (known) return known.id
  await tx.insertRows(
    campaigns,
    [
      {
        ...{ networkId, id: newId(), name: answersCampaign, class: answerClass, status: 'finished' as const },
        title: answersDefinition.title as Record<string, string>,
        ...{ createdAt: now, launchedAt: now, finishedAt: now },
      },
    ],
    'ignore',
  )
  const [made] = await tx.select({ id: campaigns.id }).from(campaigns).where(isIt)
  const { id } = made!
  await tx.insertRows(
    campaignVersions,
    [
      {
        ...{ networkId, campaignId: id, version: 1, definition: answersDefinition, source: '', hash: answersCampaign },
        ...{ createdBy: 'relais', createdAt: now },
      },
    ],
    'ignore',
  )
  return id
}

import { and, eq, isNotNull, ne } from 'drizzle-orm'
import { campaigns, contacts } from '../../../db/schema.ts'
import { answersCampaign } from '../../../inbox/answer-step.ts'
import type { Reader } from './reader.ts'

/** How far a new network has come. */
export interface FirstSteps {
  hasContacts: boolean
  hasCampaign: boolean
  hasLaunched: boolean
}

export async function firstStepsOf({ db, network }: Reader): Promise<FirstSteps> {
  const [contact] = await db
    .select({ id: contacts.id })
    .from(contacts)
    .where(eq(contacts.networkId, network.id))
    .limit(1)
  const [campaign] = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), ne(campaigns.name, answersCampaign)))
    .limit(1)
  const [launched] = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(
      and(eq(campaigns.networkId, network.id), ne(campaigns.name, answersCampaign), isNotNull(campaigns.launchedAt)),
    )
    .limit(1)
  return {
    hasContacts: contact !== undefined,
    hasCampaign: campaign !== undefined,
    hasLaunched: launched !== undefined,
  }
}

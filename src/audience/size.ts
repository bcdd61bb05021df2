import type { CampaignDefinition } from '../campaign/definition.ts'
import type { Context, Network } from '../context.ts'
import { audienceOf } from '../outbox/step.ts'
import { factsOf } from '../segment/facts.ts'
import { matches } from '../segment/matches.ts'
import { audiencePage } from './page.ts'

const pageSize = 500

/** How many people a campaign is for, as of `now` (business time); a step's own `to` may take fewer. */
export async function audienceSize(
  context: Context,
  network: Network,
  audience: CampaignDefinition['audience'],
  now: Date,
): Promise<number> {
  const { db } = context
  const whom = await audienceOf(db, network.id, audience)
  let size = 0
  for (let after = ''; ; ) {
    const ids = await audiencePage(db, whom, after, pageSize)
    if ('rule' in audience) {
      const facts = await factsOf(db, network.id, ids, { now, rules: [audience.rule] })
      for (const known of facts.values()) if (matches(audience.rule, known)) size++
    } else size += ids.length
    if (ids.length < pageSize) return size
    after = ids.at(-1) as string
  }
}

import { and, eq } from 'drizzle-orm'
import type { CampaignDefinition } from '../campaign/definition.ts'
import type { Network } from '../context.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { contacts, segmentMembers } from '../db/schema.ts'
import { audienceOf } from '../outbox/step.ts'
import { factsOf } from '../segment/facts.ts'
import { matches } from '../segment/matches.ts'

/** Which of these contacts a campaign is for, as things stand; the active ones only, in the order given. */
export async function inAudience(
  tx: Tx,
  network: Pick<Network, 'id'>,
  campaign: Pick<CampaignDefinition, 'audience'>,
  contactIds: readonly string[],
  now: Date,
): Promise<string[]> {
  const ids = [...new Set(contactIds)]
  if (ids.length === 0) return []
  const { audience } = campaign
  const whom = await audienceOf(tx, network.id, audience)
  const rows = await tx
    .select({ id: contacts.id, siteId: contacts.siteId })
    .from(contacts)
    .where(and(eq(contacts.networkId, network.id), oneOf(contacts.id, ids), eq(contacts.isActive, true)))
  const active = new Map(rows.map((row) => [row.id, row.siteId]))
  let within = ids.filter((id) => active.has(id))
  if (whom.contactId !== undefined) within = within.filter((id) => id === whom.contactId)
  if (whom.siteId !== undefined) within = within.filter((id) => active.get(id) === whom.siteId)
  if (whom.segmentId !== undefined) {
    const members = await tx
      .select({ id: segmentMembers.contactId })
      .from(segmentMembers)
      .where(
        and(
          eq(segmentMembers.networkId, network.id),
          eq(segmentMembers.segmentId, whom.segmentId),
          oneOf(segmentMembers.contactId, ids),
        ),
      )
    const known = new Set(members.map((row) => row.id))
    within = within.filter((id) => known.has(id))
  }
  if ('rule' in audience && within.length > 0) {
    const { rule } = audience
    const facts = await factsOf(tx, network.id, within, { now, rules: [rule] })
    within = within.filter((id) => {
      const own = facts.get(id)
      return own !== undefined && matches(rule, own)
    })
  }
  return within
}

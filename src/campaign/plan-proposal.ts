/** What a proposed step would send if somebody said yes now: to how many, by which channels, at what cost. */
import { and, asc, eq, gt } from 'drizzle-orm'
import { readPeople } from '../audience/people.ts'
import type { Context, Network } from '../context.ts'
import { proposalMembers } from '../db/schema.ts'
import type { Proposal } from '../sequence/propose.ts'
import type { CampaignDefinition } from './definition.ts'
import { decideForPage, planningOf, tallyAudience } from './plan.ts'
import { count, emptyTally, type PlannedStep, summed } from './plan-tally.ts'

const pageSize = 200

/** The dry run of a proposal, for its members, or for all the step is for where it has none. Writes nothing. */
export async function planProposal(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  { id, step: name }: Pick<Proposal, 'id'> & { step: string },
  now: Date,
): Promise<PlannedStep | undefined> {
  const { db } = context
  // Planned among all steps, since its moment may count from another one of them.
  const all = await planningOf(context, network, campaign, now)
  const step = all.steps.find((one) => one.step.message.step === name)
  if (!step) return undefined
  const alone = { ...campaign, steps: campaign.steps.filter((one) => one.name === name) }
  const planning = { ...all, campaign: alone, steps: [step] }
  const tally = emptyTally()
  let members = 0
  for (let after = ''; ; ) {
    const rows = await db
      .select({ contactId: proposalMembers.contactId })
      .from(proposalMembers)
      .where(
        and(
          eq(proposalMembers.networkId, network.id),
          eq(proposalMembers.proposalId, id),
          gt(proposalMembers.contactId, after),
        ),
      )
      .orderBy(asc(proposalMembers.contactId))
      .limit(pageSize)
    if (rows.length === 0) break
    members += rows.length
    const people = (
      await readPeople(
        db,
        network.id,
        rows.map((row) => row.contactId),
      )
    ).filter(({ contact }) => contact.isActive)
    await decideForPage(context, network, planning, people, (_, person, decision, believed) =>
      count(tally, step, person, decision, believed),
    )
    after = rows.at(-1)!.contactId
  }
  if (members > 0) return summed(step, tally)
  const { tallies } = await tallyAudience(context, network, planning)
  return summed(step, tallies[0]!)
}

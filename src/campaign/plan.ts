import { audiencePage } from '../audience/page.ts'
import { type Person, readPeople } from '../audience/people.ts'
import type { Context, Network } from '../context.ts'
import { beliefsOf } from '../engagement/record.ts'
import { isOfThisPart } from '../experiment/draw.ts'
import { type Holdout, plannedHoldout } from '../outbox/holdout.ts'
import { audienceOf } from '../outbox/step.ts'
import type { Belief, Decision } from '../routing/types.ts'
import { factsOf } from '../segment/facts.ts'
import { type ContactFacts, matches } from '../segment/matches.ts'
import type { SegmentRule } from '../segment/rule.ts'
import type { ChannelName } from '../words.ts'
import type { CampaignDefinition, LateJoining } from './definition.ts'
import { type LaunchNotice, noticesOn } from './launch-notices.ts'
import { count, emptyTally, type PlannedStep, summed } from './plan-tally.ts'
import { decidePlanned, type Planned, type PlannedSeries, plannedSeries, plannedSteps } from './planned-steps.ts'
import { ownMessages, plannedTouches } from './planned-touches.ts'
import { slackNotices } from './slack-notices.ts'

export type { PlannedStep } from './plan-tally.ts'

const pageSize = 200

export interface CampaignPlan {
  campaign: string
  audience: number
  /** What its author should know before launching, and what would keep it from being launched. */
  notices: LaunchNotice[]
  steps: PlannedStep[]
  /** Steps that recur, and how many of their occurrences are among `steps`. */
  series: PlannedSeries[]
  /** What becomes of who joins the audience later; undefined where people enter one by one. */
  lateJoiners?: LateJoining
}

/**
 * The dry run: who would get what, on which channel, when, why and at what cost. What one step sends weighs on the
 * next, as does what other campaigns have sent or planned. It assumes that nobody acts meanwhile: a step for those
 * who have not registered counts everyone, its minimum cost nothing. Writes nothing.
 */
export async function planCampaign(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  launchedAt: Date,
): Promise<CampaignPlan> {
  const { db } = context
  const planning = await planningOf(context, network, campaign, launchedAt)
  const { steps } = planning
  const { audience, tallies } = await tallyAudience(context, network, planning)
  return {
    campaign: campaign.name,
    audience,
    notices: [
      ...(await noticesOn(context, network, campaign, audience, launchedAt)),
      ...(await slackNotices(
        db,
        network,
        steps.map(({ step, at }) => ({ step: step.message.step, at })),
      )),
    ],
    steps: steps.map((step, index) => summed(step, tallies[index]!)),
    series: plannedSeries(campaign, network, launchedAt),
    ...(campaign.entry === undefined ? { lateJoiners: campaign.lateJoiners ?? 'next' } : {}),
  }
}

/** Decides the planned steps for the whole audience, a page at a time; how many it is for, and each step's tally. */
export async function tallyAudience(context: Context, network: Network, planning: Planning) {
  const { campaign, steps } = planning
  const tallies = steps.map(emptyTally)
  const whom = await audienceOf(context.db, network.id, campaign.audience)
  let audience = 0
  for (let after = ''; ; ) {
    const ids = await audiencePage(context.db, whom, after, pageSize)
    const people = await readPeople(context.db, network.id, ids)
    audience += await decideForPage(context, network, planning, people, (index, person, decision, believed) =>
      count(tallies[index]!, steps[index]!, person, decision, believed),
    )
    if (ids.length < pageSize) return { audience, tallies }
    after = ids.at(-1) as string
  }
}

/** What is the same for every page of a plan. */
export interface Planning {
  campaign: CampaignDefinition
  steps: Planned[]
  launchedAt: Date
  own: ReadonlySet<string>
  holdout: Holdout | undefined
}

export async function planningOf(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  launchedAt: Date,
): Promise<Planning> {
  return {
    campaign,
    steps: await plannedSteps(context, network, campaign, launchedAt),
    launchedAt,
    own: await ownMessages(context.db, network.id, campaign.name),
    holdout: await plannedHoldout(context.db, network, campaign),
  }
}

type Told = (step: number, person: Person, decision: Decision, believed: Partial<Record<ChannelName, Belief>>) => void

/** Decides every step for a page of the audience; returns how many of the page the campaign is for. */
export async function decideForPage(
  context: Context,
  network: Network,
  { campaign, steps, launchedAt, own, holdout }: Planning,
  page: Person[],
  told: Told,
): Promise<number> {
  const belongs = await membership(context, network, campaign, page, launchedAt)
  const people = 'rule' in campaign.audience ? page.filter(belongs(campaign.audience.rule)) : page
  if (people.length === 0) return 0
  const touches = await plannedTouches(context.db, network.id, people, own)
  const beliefs = await beliefsOf(
    context.db,
    network.id,
    people.map(({ contact }) => ({ id: contact.id, profile: contact.profile })),
    launchedAt,
  )
  for (const [index, planned] of steps.entries()) {
    const { to } = planned.step.definition
    for (const person of to === undefined ? people : people.filter(belongs(to))) {
      if (!isOfThisPart(planned.step, person)) continue
      // Somebody’s task, and no message to anybody.
      if (planned.step.definition.task) continue
      const believed = beliefs.get(person.contact.id) ?? {}
      const decision = decidePlanned(context, planned, person, believed, touches, launchedAt, holdout)
      told(index, person, decision, believed)
    }
  }
  return people.length
}

/** Who of a page a rule means, as things stand; the facts are read only where there is a rule to judge. */
async function membership(
  { db }: Context,
  network: Network,
  { audience, steps }: CampaignDefinition,
  page: Person[],
  now: Date,
): Promise<(rule: SegmentRule) => (person: Person) => boolean> {
  const rules = ['rule' in audience ? audience.rule : undefined, ...steps.map((step) => step.to)]
  const asked = rules.filter((rule) => rule !== undefined)
  const ids = page.map(({ contact }) => contact.id)
  const facts = asked.length === 0 ? new Map() : await factsOf(db, network.id, ids, { now, rules: asked })
  return (rule) => (person) => matches(rule, facts.get(person.contact.id) as ContactFacts)
}

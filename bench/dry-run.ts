import { and, asc, eq } from 'drizzle-orm'
import { audiencePage } from '../src/audience/page.ts'
import { readPeople } from '../src/audience/people.ts'
import { launchCampaign, readCampaign } from '../src/campaign/launch.ts'
import { decideForPage, planCampaign, planningOf } from '../src/campaign/plan.ts'
import { whyNothing } from '../src/campaign/plan-tally.ts'
import type { Context, Network } from '../src/context.ts'
import { contacts, decisions, messages } from '../src/db/schema.ts'
import { fanOut, startStep } from '../src/outbox/fan-out.ts'
import { audienceOf } from '../src/outbox/step.ts'
import { explain } from '../src/routing/explain.ts'
import type { Because } from '../src/routing/types.ts'
import type { ChannelName } from '../src/words.ts'

/** A challenge in five steps, for everyone in the file: by the policy, by post, by a fixed screen, with a control group. */
export const fiveSteps = {
  file: 'defi-agences.yaml',
  text: `name: defi-agences
title: { fr: Défi des agences, en: The agencies’ challenge }
class: marketing
holdout: 10%
audience: { segment: tous }
anchor: { launch: 2027-01-18T09:30, timezone: recipient }
link: https://www.example.com/defi
values: { prize: { fr: un week-end à Lyon, en: a weekend in Lyon } }
steps:
  - { name: teaser, at: "launch - 4 working days, 09:30", intent: follow-up, template: challenge/teaser }
  - { name: kit, at: "launch - 1 working day, 10:00", intent: relationship, channels: [print], template: challenge/kit }
  - { name: lancement, at: launch, intent: follow-up, template: challenge/launch }
  - { name: relance, at: "launch + 6 working days, 09:30", intent: follow-up, urgency: high, template: challenge/relance }
  - { name: palmares, at: "launch + 20 working days, 10:00", intent: relationship, template: challenge/winners }
`,
}

export interface DryRun {
  contacts: number
  steps: number
  /** How many people each step gives each channel, and why others get nothing. */
  buckets: Record<string, Record<string, number>>
  /** People a step puts into no bucket, or into several. */
  misplaced: number
  /** Decisions nobody could read a reason of. */
  unexplained: number
  /** Figures of the plan that are not those of its people. */
  miscounted: number
  /** People the same plan decides otherwise the second time. */
  unlike: number
  /** People the launch decides otherwise than the plan. */
  otherwise: number
  examples: string[]
}

/** One person and step as the plan or the launch has it: what, by which channel, when and why. */
const verdict = (outcome: string, channel: ChannelName | null | undefined, at: Date | null | undefined, why: unknown) =>
  JSON.stringify([outcome, channel ?? null, channel ? (at?.toISOString() ?? null) : null, why], inOrder)

/** PostgreSQL keeps the keys of an object in an order of its own. */
const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

const nameOf = (outcome: string, channel: ChannelName | null | undefined, because: Because[]) =>
  channel ?? whyNothing({ because: because.length > 0 ? because : [{ code: outcome }] })

/**
 * Plans `fiveSteps` twice for everyone of a network, launches it and lets each step decide when it is due, with nobody
 * answering meanwhile; counts what does not hold of it. The network has no other campaign.
 */
export async function dryRun(context: Context, network: Network, launchedAt: Date): Promise<DryRun> {
  const { db } = context
  const people = await db.$count(contacts, and(eq(contacts.networkId, network.id), eq(contacts.isActive, true)))
  const first = await planned(context, network, launchedAt)
  const again = await planned(context, network, launchedAt)
  const found: DryRun = {
    ...{ contacts: people, steps: first.size, buckets: {}, misplaced: 0, unexplained: 0, miscounted: 0 },
    ...{ unlike: 0, otherwise: 0, examples: [] },
  }
  for (const [step, verdicts] of first) {
    found.misplaced += people - verdicts.size
    found.buckets[step] = {}
    for (const [contactId, { name, isTwice, sentence, text }] of verdicts) {
      found.buckets[step][name] = (found.buckets[step][name] ?? 0) + 1
      if (isTwice) found.misplaced += 1
      if (sentence.trim() === '') found.unexplained += 1
      if (again.get(step)?.get(contactId)?.text !== text) found.unlike += 1
    }
  }
  await countFigures(context, network, launchedAt, found)
  await compareLaunch(context, network, launchedAt, first, found)
  return found
}

interface Verdict {
  name: string
  text: string
  sentence: string
  isTwice: boolean
}
type Plan = Map<string, Map<string, Verdict>>

async function planned(context: Context, network: Network, launchedAt: Date): Promise<Plan> {
  const { db } = context
  const campaign = await readCampaign(context, network, fiveSteps, launchedAt)
  const planning = await planningOf(context, network, campaign, launchedAt)
  const whom = await audienceOf(db, network.id, campaign.audience)
  const plan: Plan = new Map(planning.steps.map(({ step }) => [step.message.step, new Map()]))
  for (let after = ''; ; ) {
    const ids = await audiencePage(db, whom, after, 200)
    const page = await readPeople(db, network.id, ids)
    await decideForPage(context, network, planning, page, (index, { contact }, { outcome, channel, at, because }) => {
      const verdicts = plan.get(planning.steps[index]!.step.message.step)!
      verdicts.set(contact.id, {
        name: nameOf(outcome, channel, because),
        text: verdict(outcome, channel, at, because),
        sentence: explain(because, 'fr'),
        isTwice: verdicts.has(contact.id),
      })
    })
    if (ids.length < 200) return plan
    after = ids.at(-1)!
  }
}

/** What the plan shows must be its people, counted. */
async function countFigures(context: Context, network: Network, launchedAt: Date, found: DryRun): Promise<void> {
  const campaign = await readCampaign(context, network, fiveSteps, launchedAt)
  for (const { step, audience, byChannel, unreachable, reasons } of (
    await planCampaign(context, network, campaign, launchedAt)
  ).steps) {
    const shown = [...Object.entries(byChannel), ...reasons.map(({ code, count }) => [code, count] as const)]
    const own = found.buckets[step]!
    for (const [name, count] of shown) if (count !== (own[name] ?? 0)) found.miscounted += 1
    const placed = Object.values(byChannel).reduce((sum, count) => sum + count, unreachable)
    if (placed !== audience || audience !== found.contacts) found.miscounted += 1
  }
}

async function compareLaunch(context: Context, network: Network, at: Date, plan: Plan, found: DryRun): Promise<void> {
  const { db } = context
  const { campaignId } = await launchCampaign(context, network, fiveSteps, 'dry-run', at)
  const steps = await db
    .select({ id: messages.id, step: messages.step, dueAt: messages.dueAt })
    .from(messages)
    .where(and(eq(messages.networkId, network.id), eq(messages.campaignId, campaignId)))
    .orderBy(asc(messages.dueAt))
  for (const { id, step, dueAt } of steps) {
    await db.transaction((tx) => startStep(tx, network, id, dueAt))
    await fanOut(context, network, id, dueAt)
    const rows = await db
      .select({
        ...{ contactId: decisions.contactId, outcome: decisions.outcome, channel: decisions.channel },
        ...{ at: decisions.at, because: decisions.because },
      })
      .from(decisions)
      .where(and(eq(decisions.networkId, network.id), eq(decisions.messageId, id)))
    const verdicts = plan.get(step)!
    if (rows.length !== verdicts.size) found.otherwise += Math.abs(rows.length - verdicts.size)
    for (const row of rows) {
      const own = verdict(row.outcome, row.channel, row.at, row.because)
      const expected = verdicts.get(row.contactId)?.text
      if (own === expected) continue
      found.otherwise += 1
      if (found.examples.length < 5) found.examples.push(`${step}: planned ${expected}, did ${own}`)
    }
  }
}

import { and, eq } from 'drizzle-orm'
import { type Audience, audiencePage } from '../audience/page.ts'
import { type Person, readPeople } from '../audience/people.ts'
import { catalogOfMessage } from '../campaign/frozen-words.ts'
import { continueSeries } from '../campaign/series.ts'
import { withdrawnAmong } from '../challenge/withdrawn.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, stepRuns } from '../db/schema.ts'
import { beliefsOf } from '../engagement/record.ts'
import { isOfThisPart } from '../experiment/draw.ts'
import { openExperiment } from '../experiment/try.ts'
import { factsOf } from '../segment/facts.ts'
import { type ContactFacts, matches } from '../segment/matches.ts'
import type { SegmentRule } from '../segment/rule.ts'
import { chosenBy } from '../segment/snapshot.ts'
import { afterDeciding, type Turn } from '../sequence/after-deciding.ts'
import { shutOutAmong } from '../sequence/catch-up.ts'
import { leftAmong } from '../sequence/leave.ts'
import { makeTasks } from '../sequence/make-tasks.ts'
import { budgetOf } from './budget.ts'
import { type Contents, loadContents } from './contents.ts'
import { decide, seedOf } from './decide.ts'
import { drawHoldout, holdoutAmong } from './holdout.ts'
import { askAgain, lettersPending } from './letters.ts'
import { PressureMoved, readPressures } from './pressure.ts'
import { type DecisionRow, decisionRow, owed } from './rows.ts'
import { addSpending } from './spend.ts'
import { audienceOf, loadStep, type Step } from './step.ts'
import { earliestTurn, whoseTurn } from './turn.ts'
import { type Owed, writeOutbox } from './write.ts'

/** Contacts decided in one transaction; each writes about six rows, and a transaction stays near 500. */
const pageSize = 100

/** What is the same for every page of a step. */
interface Running {
  step: Step
  contents: Contents
  audience: Audience
}

interface FanOutPage {
  done: boolean
  considered: number
}

/** Starts a due step: its run begins, once. One that recurs brings its next occurrence with it. */
export async function startStep(tx: Tx, network: Network, messageId: string, now: Date): Promise<void> {
  const step = await loadStep(tx, network, messageId)
  if (step.definition.every !== undefined) {
    const { campaignId, step: name, occurrence } = step.message
    const turn = await continueSeries(tx, network, { messageId, campaignId, step: name, occurrence }, now)
    if (turn !== 'goes') {
      await tx
        .update(stepRuns)
        .set({ status: turn, finishedAt: now })
        .where(
          and(eq(stepRuns.networkId, network.id), eq(stepRuns.messageId, messageId), eq(stepRuns.status, 'waiting')),
        )
      return
    }
  }
  const { audience } = step.campaign
  const named: SegmentRule[] = 'rule' in audience ? [audience.rule] : 'segment' in audience ? [audience] : []
  if (step.definition.to !== undefined) named.push(step.definition.to)
  const segments = await chosenBy(tx, network.id, named)
  const begun = { status: 'running' as const, policyVersion: step.policy.version, segments, startedAt: now }
  await tx
    .insert(stepRuns)
    .values({ networkId: network.id, messageId, ...begun })
    .onConflictDoUpdate({
      target: [stepRuns.networkId, stepRuns.messageId],
      set: begun,
      setWhere: eq(stepRuns.status, 'waiting'),
    })
}

/**
 * Decides the whole audience of a running step, page by page, each page one transaction: decisions, deliveries,
 * members, pressure, spending and the cursor together. Killed anywhere, or left off when `isOver`, it goes on after the
 * last page. Returns how many people were considered.
 */
export async function fanOut(
  context: Context,
  network: Network,
  messageId: string,
  now: Date,
  isOver: () => boolean = () => false,
): Promise<number> {
  const step = await stepToDecide(context, network, messageId, now)
  const { template } = step.message
  const catalog = await catalogOfMessage(context.db, context.templates, network.id, step.message)
  const contents = await loadContents(catalog, template)
  const audience = await audienceOf(context.db, network.id, step.campaign.audience)
  await drawHoldout(context.db, network, step.campaignId, step.campaign)
  let considered = 0
  for (;;) {
    const page = await fanOutPage(context, { step, contents, audience }, now)
    considered += page.considered
    if (page.done || isOver()) return considered
  }
}

/** A step as it is decided: where it is tried in variants, with its share of the audience. */
async function stepToDecide(context: Context, network: Network, messageId: string, now: Date): Promise<Step> {
  const step = await loadStep(context.db, network, messageId)
  const { experiment, isChosen } = await openExperiment(context, network, step, now)
  return { ...(isChosen ? await loadStep(context.db, network, messageId) : step), experiment }
}

async function fanOutPage(context: Context, running: Running, now: Date): Promise<FanOutPage> {
  for (;;) {
    try {
      return await context.db.transaction((tx) => decidePage(tx, context, running, now))
    } catch (error) {
      if (!(error instanceof PressureMoved)) throw error
    }
  }
}

async function decidePage(tx: Tx, context: Context, running: Running, now: Date): Promise<FanOutPage> {
  const { step, contents, audience } = running
  const { network, message } = step
  const own = and(
    eq(stepRuns.networkId, network.id),
    eq(stepRuns.messageId, message.id),
    eq(stepRuns.status, 'running'),
  )
  const [run] = await tx.select().from(stepRuns).where(own)
  if (!run) return { done: true, considered: 0 }
  // Asked at every page: who pauses a campaign in the middle of its audience means now.
  const [going] = await tx
    .select({ status: campaigns.status })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, step.campaignId)))
  if (going?.status !== 'running') return { done: true, considered: 0 }

  const ids = await audiencePage(tx, audience, run.cursor, pageSize)
  const isLast = ids.length < pageSize
  // The cursor is the lock: of two workers on the same page, the second finds it moved and writes nothing.
  const moved = await tx
    .update(stepRuns)
    .set({ cursor: ids.at(-1) ?? run.cursor, ...(isLast ? { status: 'done', finishedAt: now } : {}) })
    .where(and(own, eq(stepRuns.cursor, run.cursor)))
    .returning({ messageId: stepRuns.messageId })
  if (moved.length === 0) return { done: false, considered: 0 }

  const people = await readPeople(tx, network.id, ids)
  const chosen = await chosenAmong(tx, step, people, now)
  const turn = await whoseTurn(tx, step, run, chosen)
  const reached = await decideOrGive(tx, context, turn.step, contents, turn.people, now)
  const awaiting = run.awaiting + turn.awaiting
  await tx
    .update(stepRuns)
    .set({ audience: run.audience + turn.people.length, reached: run.reached + reached, awaiting })
    .where(and(eq(stepRuns.networkId, network.id), eq(stepRuns.messageId, message.id)))
  if (isLast && awaiting > 0) await askAgain(tx, step, await lettersPending(tx, step), 0, now)
  return { done: isLast, considered: people.length }
}

/** A step is a message to everybody, or a task for somebody about each of them. */
async function decideOrGive(
  tx: Tx,
  context: Context,
  step: Step,
  contents: Contents,
  people: Person[],
  now: Date,
): Promise<number> {
  const { task } = step.definition
  if (!task) return decideAll(tx, context, step, contents, people, now)
  const { occurrence, dueAt } = step.message
  const coming = people.map((person) => ({ person, arrival: { occurrence, dueAt } }))
  await makeTasks(tx, step, task, coming, now)
  return people.length
}

/** Those of a page whom the campaign's own rule and the step's `to` mean, as things stand now. */
export async function chosenAmong(tx: Tx, step: Step, people: Person[], now: Date): Promise<Person[]> {
  if (people.length === 0) return people
  if (mayBeLeft(step.campaign)) {
    const ids = people.map((person) => person.contact.id)
    const left = await leftAmong(tx, step.network.id, step.campaignId, ids)
    if (left.size > 0)
      return chosenByRule(
        tx,
        step,
        people.filter(({ contact }) => !left.has(contact.id)),
        now,
      )
  }
  return chosenByRule(tx, step, people, now)
}

/** Who left a challenge hears nothing more of it. */
async function stillPlaying(tx: Tx, step: Step, all: Person[]): Promise<Person[]> {
  const ids = all.map(({ contact }) => contact.id)
  const gone = await withdrawnAmong(tx, step.network.id, step.campaignId, ids)
  return gone.size === 0 ? all : all.filter(({ contact }) => !gone.has(contact.id))
}

/** A campaign that is closed to late joiners is for those who were there when it began. */
async function notShutOut(tx: Tx, step: Step, all: Person[]): Promise<Person[]> {
  const ids = all.map(({ contact }) => contact.id)
  const late = await shutOutAmong(tx, step.network.id, step, ids)
  return late.size === 0 ? all : all.filter(({ contact }) => !late.has(contact.id))
}

async function chosenByRule(tx: Tx, step: Step, given: Person[], now: Date): Promise<Person[]> {
  const all = step.campaign.lateJoiners === 'none' ? await notShutOut(tx, step, given) : given
  const playing = step.campaign.challenge ? await stillPlaying(tx, step, all) : all
  const people = playing.filter((person) => isOfThisPart(step, person))
  const rules: SegmentRule[] = []
  if ('rule' in step.campaign.audience) rules.push(step.campaign.audience.rule)
  if (step.definition.to !== undefined) rules.push(step.definition.to)
  if (rules.length === 0 || people.length === 0) return people
  const facts = await factsOf(
    tx,
    step.network.id,
    people.map((person) => person.contact.id),
    { now, campaignId: step.campaignId, rules },
  )
  return people.filter((person) => {
    const known = facts.get(person.contact.id) as ContactFacts
    return rules.every((rule) => matches(rule, known))
  })
}

/** Whether anybody can leave the campaign before its end. */
const mayBeLeft = ({ exit, steps }: Step['campaign']): boolean =>
  exit !== undefined || steps.some(({ waitFor }) => waitFor?.then === 'exit' || waitFor?.else === 'exit')

const until = (step: Step, expiresAt: Date | null): Step =>
  expiresAt === null ? step : { ...step, routable: { ...step.routable, expiresAt } }

/** How a step is one person's: which of its occurrences, from when and until when, and what brought them. */
export interface OwnTurn {
  occurrence: string
  earliest: Date
  expiresAt: Date | null
  turn: Turn
}

/** Decides a step for people, with all that follows from it; returns how many it is sent to. Throws PressureMoved. */
export async function decideAll(
  tx: Tx,
  context: Context,
  step: Step,
  contents: Contents,
  people: Person[],
  now: Date,
  ownTurn?: (person: Person) => OwnTurn,
): Promise<number> {
  if (people.length === 0) return 0
  const { network, message } = step
  const beliefs = await beliefsOf(
    tx,
    network.id,
    people.map(({ contact }) => ({ id: contact.id, profile: contact.profile })),
    now,
  )
  const pressure = await readPressures(tx, network.id, [
    ...people.map(({ contact }) => `contact:${contact.id}`),
    ...new Set(people.map(({ site }) => `site:${site.id}`)),
  ])
  const deciding = { step, contents, publicUrl: context.publicUrl, shortUrl: context.shortUrl }
  const budget = await budgetOf(tx, network, step.policy.values.currency, now)
  const siteIds = people.map(({ site }) => site.id)
  const holdout = await holdoutAmong(tx, network, step.campaignId, step.campaign, siteIds)
  const decided: DecisionRow[] = []
  const owing: Owed[] = []
  const following: { person: Person; row: DecisionRow }[] = []
  const turns = new Map<string, Turn>()
  for (const person of people) {
    const contactKey = `contact:${person.contact.id}`
    const siteKey = `site:${person.site.id}`
    const own = ownTurn?.(person)
    if (own) turns.set(person.contact.id, own.turn)
    const occurrence = own?.occurrence ?? message.occurrence
    const mine = own ? { at: own.earliest, step: until(step, own.expiresAt) } : earliestTurn(step, person, now)
    const decision = decide(mine.step === step ? deciding : { ...deciding, step: mine.step }, person, {
      beliefs: beliefs.get(person.contact.id) ?? {},
      touches: { contact: pressure.touches(contactKey), site: pressure.touches(siteKey) },
      isSpent: budget.isSpent(),
      holdout: holdout?.has(person.site.id) ? holdout : undefined,
      now: mine.at,
    })
    budget.count(decision)
    const row = decisionRow(step, person, decision, occurrence, seedOf(step, person), now)
    decided.push(row)
    following.push({ person, row })
    for (const delivery of owed(mine.step, person, decision, occurrence, now))
      owing.push({ contactId: person.contact.id, delivery: own ? { ...delivery, expiresAt: own.expiresAt } : delivery })
    if (decision.channel && decision.at) {
      const touch = { at: decision.at.getTime(), channel: decision.channel, class: message.class, message: message.id }
      pressure.add(contactKey, touch)
      pressure.add(siteKey, touch)
    }
  }
  const written = await writeOutbox(tx, decided, owing)
  await pressure.flush(tx, now)
  await addSpending(tx, network, written.deliveries, now)
  await afterDeciding(tx, step, following, now, (contactId) => turns.get(contactId))
  return decided.filter((row) => row.outcome === 'send' || row.outcome === 'defer').length
}

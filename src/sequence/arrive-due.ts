import { and, asc, eq, inArray, lte, ne } from 'drizzle-orm'
import { type Person, readPeople } from '../audience/people.ts'
import { catalogOfMessage } from '../campaign/frozen-words.ts'
import { expiryOf } from '../campaign/message-rows.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { arrivals, campaigns, journeys, stepRuns, watches } from '../db/schema.ts'
import { type Contents, loadContents } from '../outbox/contents.ts'
import { chosenAmong, decideAll } from '../outbox/fan-out.ts'
import { drawHoldout } from '../outbox/holdout.ts'
import { afterLetter, awaitedStep, lettersFor } from '../outbox/letters.ts'
import { PressureMoved } from '../outbox/pressure.ts'
import { loadStep, type Step } from '../outbox/step.ts'
import { offsetAt } from '../routing/zone.ts'
import { actedSinceCode, actedSinceDrop } from './acted-since.ts'
import type { Arrival } from './arrive.ts'
import { inAudience } from './audience.ts'
import { branchTo } from './branch.ts'
import { calendarFor, momentAfterEntry, placesOfContacts } from './calendar.ts'
import { lateCause, overtakenAmong } from './catch-up.ts'
import { personFacts } from './facts.ts'
import { isMet, type Standing, standing } from './holds.ts'
import { leftAmong } from './leave.ts'
import { makeTasks } from './make-tasks.ts'
import { personConditionOf, wayOf } from './ways.ts'

/** How often it is asked whether a letter has been posted. */
const askAgainMs = 6 * 3_600_000

/** People decided in one transaction; each writes about six rows, and a transaction stays near 500. */
const pageSize = 100

/**
 * Decides whoever has come to a step by now (business time), page by page, each page one transaction that settles the
 * arrivals and writes what is owed: killed anywhere, nobody is decided twice and nobody lost. Of campaigns that run
 * only; a paused one keeps its people. Returns how many were settled.
 */
export async function arriveDue(
  context: Context,
  network: Network,
  now: Date,
  isOver: () => boolean = () => false,
): Promise<number> {
  let settled = 0
  for (const { messageId } of await messagesAwaited(context.db, network.id)) {
    if (isOver()) break
    if (!(await isAnybodyDue(context.db, network.id, messageId, now))) continue
    settled += await arriveAt(context, network, messageId, now, isOver)
  }
  return settled
}

/** The messages people come to, or are waited for after, in campaigns that run. */
const messagesAwaited = (db: Tx, networkId: string) =>
  db
    .selectDistinct({ messageId: watches.messageId })
    .from(watches)
    .innerJoin(campaigns, and(eq(campaigns.networkId, watches.networkId), eq(campaigns.id, watches.campaignId)))
    .where(and(eq(watches.networkId, networkId), ne(watches.messageId, ''), eq(campaigns.status, 'running')))
    .orderBy(asc(watches.messageId))

const due = (networkId: string, messageId: string, now: Date) =>
  and(
    eq(arrivals.networkId, networkId),
    eq(arrivals.messageId, messageId),
    eq(arrivals.state, 'waiting'),
    lte(arrivals.dueAt, now),
  )

const isAnybodyDue = async (db: Tx, networkId: string, messageId: string, now: Date): Promise<boolean> =>
  (
    await db
      .select({ id: arrivals.id })
      .from(arrivals)
      .where(due(networkId, messageId, now))
      .limit(1)
  ).length > 0

async function arriveAt(
  context: Context,
  network: Network,
  messageId: string,
  now: Date,
  isOver: () => boolean,
): Promise<number> {
  const step = await loadStep(context.db, network, messageId)
  const contents = await contentsOf(context, network, step)
  await drawHoldout(context.db, network, step.campaignId, step.campaign)
  let settled = 0
  for (;;) {
    const page = await arrivePage(context, step, contents, now)
    settled += page
    if (page === 0 || isOver()) return settled
  }
}

async function contentsOf({ db, templates }: Context, network: Network, { message }: Step): Promise<Contents> {
  return loadContents(await catalogOfMessage(db, templates, network.id, message), message.template)
}

async function arrivePage(context: Context, step: Step, contents: Contents, now: Date): Promise<number> {
  for (;;) {
    try {
      return await context.db.transaction((tx) => settlePage(tx, context, step, contents, now))
    } catch (error) {
      if (!(error instanceof PressureMoved)) throw error
    }
  }
}

async function settlePage(tx: Tx, context: Context, step: Step, contents: Contents, now: Date): Promise<number> {
  const { network, message } = step
  // Asked at every page: who pauses a campaign means now.
  const [going] = await tx
    .select({ status: campaigns.status })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, step.campaignId)))
  if (going?.status !== 'running') return 0
  const page = await tx
    .select()
    .from(arrivals)
    .where(due(network.id, message.id, now))
    .orderBy(asc(arrivals.dueAt), asc(arrivals.id))
    .limit(pageSize)
  const mine = await claim(tx, network.id, firstOfEach(page), now)
  if (mine.length === 0) return 0
  const waits = mine.filter((one) => one.kind === 'wait')
  const coming = mine.filter((one) => one.kind === 'step')
  if (waits.length > 0) await timeOut(tx, step, waits, now)
  if (coming.length > 0) await settleComing(tx, context, step, contents, coming, now)
  return mine.length
}

/** Nobody comes twice in one page: the second time is decided knowing of the first. */
function firstOfEach(page: readonly Arrival[]): Arrival[] {
  const seen = new Set<string>()
  return page.filter((one) => {
    const key = `${one.kind} ${one.contactId}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** The guard is the lock: of two workers on the same people, the second gets none. */
async function claim(tx: Tx, networkId: string, page: readonly Arrival[], now: Date): Promise<Arrival[]> {
  if (page.length === 0) return []
  const rows = await tx
    .update(arrivals)
    .set({ settledAt: now, state: 'passed' })
    .where(
      and(
        eq(arrivals.networkId, networkId),
        inArray(
          arrivals.id,
          page.map((one) => one.id),
        ),
        eq(arrivals.state, 'waiting'),
        // Put off since it was read.
        lte(arrivals.dueAt, now),
      ),
    )
    .returning({ id: arrivals.id })
  const mine = new Set(rows.map((row) => row.id))
  return page.filter((one) => mine.has(one.id))
}

type Settled = Pick<Arrival, 'networkId' | 'id' | 'state' | 'reason' | 'dueAt' | 'settledAt' | 'decidedAs'>

const write = (tx: Tx, rows: readonly Settled[]) =>
  tx.updateRows(
    arrivals,
    { set: ['state', 'reason', 'dueAt', 'settledAt', 'decidedAs'], where: ['networkId', 'id'] },
    rows,
  )

/** Since when acts count for each of these people: their own entry, or what brought them. */
async function sinceOf(tx: Tx, step: Step, coming: readonly Arrival[]): Promise<(one: Arrival) => Date> {
  const launchedAt = step.launchedAt ?? step.message.createdAt
  if (step.campaign.entry === undefined) return () => launchedAt
  const rows = await tx
    .select({ contactId: journeys.contactId, round: journeys.round, enteredAt: journeys.enteredAt })
    .from(journeys)
    .where(
      and(
        eq(journeys.networkId, step.network.id),
        eq(journeys.campaignId, step.campaignId),
        inArray(
          journeys.contactId,
          coming.map((one) => one.contactId),
        ),
      ),
    )
  const known = new Map(rows.map((row) => [`${row.contactId} ${row.round}`, row.enteredAt]))
  return (one) => known.get(`${one.contactId} ${one.occurrence}`) ?? launchedAt
}

/** Their time is over: on to where that leads, or to where it leads to have done it, if they did it unheard. */
async function timeOut(tx: Tx, step: Step, waits: readonly Arrival[], now: Date): Promise<void> {
  const { network, campaign, definition, campaignId } = step
  const { waitFor } = definition
  if (!waitFor) return
  const back = waits.map((one) => ({ ...one, state: 'waiting' as const, settledAt: null }))
  await write(tx, back)
  const ids = waits.map((one) => one.contactId)
  const launchedAt = step.launchedAt ?? step.message.createdAt
  const conditions = waitFor.registered ? [{ registered: true as const }] : []
  const facts = await personFacts(tx, network.id, ids, { campaignId, launchedAt, conditions, now })
  const done = waits.filter((one) =>
    isMet(waitFor, definition.name, { facts: facts.get(one.contactId)!, since: one.causeAt }),
  )
  const isDone = new Set(done.map((one) => one.id))
  const params = { step: definition.name }
  const ended = (these: readonly Arrival[], code: string) =>
    these.map((wait) => ({ wait, at: now, cause: { code, params } }))
  await branchTo(tx, network.id, { campaign, step: definition, branch: 'then' }, ended(done, 'done_in_time'), now)
  await branchTo(
    tx,
    network.id,
    { campaign, step: definition, branch: 'else' },
    ended(
      waits.filter((one) => !isDone.has(one.id)),
      'time_over',
    ),
    now,
  )
}

async function settleComing(
  tx: Tx,
  context: Context,
  step: Step,
  contents: Contents,
  coming: readonly Arrival[],
  now: Date,
): Promise<void> {
  const { network, definition } = step
  const settledAt = now
  const settled: Settled[] = []
  const passed = (one: Arrival, reason: string) =>
    settled.push({ ...one, state: 'passed', reason, settledAt, decidedAs: null })
  const standings = await standingsOf(tx, step, coming, now)
  const going: Arrival[] = []
  for (const one of coming) {
    const found = standings.get(one.id)!
    if (found.stands === 'later') settled.push({ ...one, state: 'waiting', dueAt: found.at, settledAt: null })
    else if (!found.stands) passed(one, found.reason)
    else going.push(one)
  }
  const byContact = new Map(going.map((one) => [one.contactId, one]))
  const people = (await readPeople(tx, network.id, [...byContact.keys()])).filter(({ contact }) => contact.isActive)
  const chosen = await chosenAmong(tx, step, people, now)
  const isChosen = new Set(chosen.map(({ contact }) => contact.id))
  for (const one of going) if (!isChosen.has(one.contactId)) passed(one, 'not_meant')
  const decidedAs = (one: Arrival) =>
    `${localDay(network, one.dueAt)}${one.occurrence === '1' ? '' : `.${one.occurrence}`}`
  const done = (person: Person, state: 'decided' | 'tasked') => {
    const one = byContact.get(person.contact.id)!
    settled.push({ ...one, state, settledAt, decidedAs: decidedAs(one) })
  }
  if (definition.task) {
    await makeTasks(
      tx,
      step,
      definition.task,
      chosen.map((person) => ({ person, arrival: byContact.get(person.contact.id)! })),
      now,
    )
    for (const person of chosen) done(person, 'tasked')
  } else if (chosen.length > 0) {
    const reached = await decideAll(tx, context, step, contents, chosen, now, (person) => {
      const one = byContact.get(person.contact.id)!
      return {
        occurrence: decidedAs(one),
        earliest: now,
        expiresAt: expiryOf(definition, one.dueAt),
        turn: { occurrence: one.occurrence, data: one.data },
      }
    })
    for (const person of chosen) done(person, 'decided')
    await countUp(tx, step, chosen.length, reached)
  }
  await write(tx, settled)
}

/** Whether each is still to come: the campaign is for them, they have not left, and what brought them holds. */
async function standingsOf(tx: Tx, step: Step, coming: readonly Arrival[], now: Date): Promise<Map<string, Standing>> {
  const { network, campaign, campaignId, definition } = step
  const ids = coming.map((one) => one.contactId)
  const left = await leftAmong(tx, network.id, campaignId, ids)
  // Who has entered stays in, even when the segment that let them in no longer holds them.
  const meant = new Set(campaign.entry === undefined ? await inAudience(tx, network, campaign, ids, now) : ids)
  const when = personConditionOf(definition)
  const launchedAt = step.launchedAt ?? step.message.createdAt
  const conditions = when ? [when] : []
  const facts = when ? await personFacts(tx, network.id, ids, { campaignId, launchedAt, conditions, now }) : undefined
  const people = when ? new Map((await readPeople(tx, network.id, ids)).map((one) => [one.contact.id, one])) : undefined
  const since = await sinceOf(tx, step, coming)
  const late = coming.filter(({ cause }) => cause.code === lateCause).map((one) => one.contactId)
  const notYet = await datesAhead(tx, step, coming, since, now)
  const overtaken = await overtakenAmong(tx, network.id, { campaignId, dueAt: step.message.dueAt }, late)
  const waitsFor = await letterWaits(tx, step, late, now)
  const acted = await actedSinceDrop(tx, network.id, campaignId, coming)
  const found = new Map<string, Standing>()
  for (const one of coming) {
    const { contactId } = one
    const expiresAt = expiryOf(definition, one.dueAt)
    if (left.has(contactId)) found.set(one.id, { stands: false, reason: 'left' })
    else if (!meant.has(contactId)) found.set(one.id, { stands: false, reason: 'not_in_audience' })
    else if (acted.has(contactId)) found.set(one.id, { stands: false, reason: actedSinceCode })
    else if (overtaken.has(contactId)) found.set(one.id, { stands: false, reason: 'overtaken' })
    else if (notYet.has(one.id)) found.set(one.id, { stands: 'later', at: notYet.get(one.id)! })
    else if (expiresAt && expiresAt <= now) found.set(one.id, { stands: false, reason: 'expired' })
    else if (waitsFor.has(contactId)) found.set(one.id, { stands: 'later', at: waitsFor.get(contactId)! })
    else if (!when) found.set(one.id, { stands: true })
    else {
      const person = people?.get(contactId)
      if (!person) found.set(one.id, { stands: false, reason: 'not_in_audience' })
      else {
        const calendar = calendarFor(campaign, person.site, network)
        found.set(one.id, standing(when, { facts: facts!.get(contactId)!, calendar, since: since(one), now }))
      }
    }
  }
  return found
}

/** Of a step counted from people's entry: whose date was moved on, and has not been written to their coming yet. */
async function datesAhead(
  tx: Tx,
  { campaign, definition, network, launchedAt, message }: Step,
  coming: readonly Arrival[],
  since: (one: Arrival) => Date,
  now: Date,
): Promise<Map<string, Date>> {
  const ahead = new Map<string, Date>()
  if (definition.at === undefined || wayOf(campaign, definition) !== 'entered') return ahead
  const ids = coming.map((one) => one.contactId)
  const places = await placesOfContacts(tx, network.id, ids)
  for (const one of coming) {
    const place = places.get(one.contactId)
    if (!place) continue
    const entered = { at: since(one), launchedAt: launchedAt ?? message.createdAt }
    const at = momentAfterEntry(campaign, definition.at, entered, calendarFor(campaign, place, network))
    if (at > now) ahead.set(one.id, at)
  }
  return ahead
}

/** Until when late joiners wait for a letter of theirs that a step counts from: to its arrival, or to be asked again. */
async function letterWaits(tx: Tx, step: Step, contactIds: readonly string[], now: Date): Promise<Map<string, Date>> {
  const waits = new Map<string, Date>()
  if (contactIds.length === 0 || !awaitedStep(step)) return waits
  const people = await readPeople(tx, step.network.id, [...contactIds])
  const letters = await lettersFor(tx, step, people)
  for (const person of people) {
    const letter = letters?.of(person.contact.id)
    if (!letter) continue
    const at = letter.isPending ? new Date(now.getTime() + askAgainMs) : afterLetter(step, person, letter.postedAt)
    if (at > now) waits.set(person.contact.id, at)
  }
  return waits
}

/** The counts pages show of a step: how many came to it, and how many were written to. */
async function countUp(tx: Tx, { network, message }: Step, audience: number, reached: number): Promise<void> {
  const own = and(eq(stepRuns.networkId, network.id), eq(stepRuns.messageId, message.id))
  const [run] = await tx.select({ audience: stepRuns.audience, reached: stepRuns.reached }).from(stepRuns).where(own)
  if (!run) return
  await tx
    .update(stepRuns)
    .set({ audience: run.audience + audience, reached: run.reached + reached })
    .where(own)
}

/** The network's own calendar day, YYYY-MM-DD: colleagues who come on one day share a letter or a mailbox’s mail. */
const localDay = ({ timezone }: Pick<Network, 'timezone'>, at: Date): string =>
  new Date(at.getTime() + (offsetAt(timezone, at.getTime()) ?? 0)).toISOString().slice(0, 10)

/** When the next person comes to a step of a campaign that runs; undefined when nobody is on the way. */
export async function nextArrivalAt(db: Tx, networkId: string): Promise<Date | undefined> {
  let first: Date | undefined
  // One look into the index for each step: who waits in campaigns that are paused is not counted through.
  for (const { messageId } of await messagesAwaited(db, networkId)) {
    const [row] = await db
      .select({ dueAt: arrivals.dueAt })
      .from(arrivals)
      .where(and(eq(arrivals.networkId, networkId), eq(arrivals.messageId, messageId), eq(arrivals.state, 'waiting')))
      .orderBy(asc(arrivals.dueAt))
      .limit(1)
    if (row && (!first || row.dueAt < first)) first = row.dueAt
  }
  return first
}

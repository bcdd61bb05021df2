import { and, asc, eq } from 'drizzle-orm'
import { remindApprovers } from './approval/remind.ts'
import { finishCampaigns } from './campaign/finish.ts'
import { releaseLaunch } from './campaign/hold.ts'
import type { InboundEvent } from './channel.ts'
import { businessNow } from './clock.ts'
import type { Context, Network } from './context.ts'
import { campaigns, messages, stepRuns } from './db/schema.ts'
import { deliverDue } from './deliver/deliver-due.ts'
import { resolveDoubts } from './deliver/doubt.ts'
import { expireDue } from './deliver/expire.ts'
import { forgetContent, forgetPage } from './deliver/forget.ts'
import { askForReceipts } from './deliver/missing-receipts.ts'
import { reclaimOrphans } from './deliver/orphans.ts'
import { matureDue } from './engagement/record.ts'
import { runJobs } from './job/run.ts'
import { listNetworks } from './network/networks.ts'
import { isBusy, oneAtATime } from './one-at-a-time.ts'
import { fallBack } from './outbox/fall-back.ts'
import { fanOut } from './outbox/fan-out.ts'
import { goOnAfterLetters } from './outbox/letters-wait.ts'
import { PressureMoved } from './outbox/pressure.ts'
import { askRedactions } from './person/redact.ts'
import { composeWaiting } from './print-shop/compose.ts'
import { withdrawCalledOff } from './print-shop/withdraw.ts'
import { leads } from './queue/lead.ts'
import { spreadDue } from './queue/spread.ts'
import { askRetention } from './retention/ask.ts'
import { refreshDue, refreshForStep } from './segment/refresh.ts'
import { arriveDue } from './sequence/arrive-due.ts'
import { sweepDates } from './sequence/dates.ts'
import { isDropWatch, lookForDrop } from './sequence/participation-drop.ts'
import { startOrPropose } from './sequence/start-or-propose.ts'
import { dueTimers, fire, type Timer } from './timer/timers.ts'
import { applyPending, receive } from './tracking/inbox.ts'
import { urgencies } from './words.ts'

const timerPage = 200
const inboxPage = 500
const maturityPage = 500
const segmentPage = 200
/** A stage that has worked for so long lets the others have their turn: an urgent notice, a STOP (wall time). */
const sliceMs = 2_000

/** What came of one look. */
export interface Look {
  didSomething: boolean
  /** A stage left off before it was through: what is left cannot be seen from outside. */
  isCutShort: boolean
}

/**
 * One look of the worker at one network, at business time `now`: what came in is applied, what is due starts, what
 * is owed leaves. What somebody did is known before anything is started because they did not.
 */
export async function look(context: Context, network: Network, now: Date): Promise<Look> {
  const seen: Look = { didSomething: false, isCutShort: false }
  const did = (count: number, most = Number.POSITIVE_INFINITY) => {
    if (count > 0) seen.didSomething = true
    if (count >= most) seen.isCutShort = true
  }
  if (context.room && !(await context.room.isEnough())) {
    // What others tell us is small and must be kept; whatever would need more room waits for it.
    did(await applyPending(context.db, context.wall, { limit: inboxPage }), inboxPage)
    return seen
  }
  const due = await dueTimers(context.db, network.id, now, timerPage)
  did(due.length, timerPage)
  await hearCarriers(context, network, due, now)
  did(await applyPending(context.db, context.wall, { limit: inboxPage }), inboxPage)
  did(await matureDue(context.db, network, now, maturityPage), maturityPage)
  did(await refreshDue(context.db, network, now, segmentPage), segmentPage)
  await fireTimers(context, network, due, now)
  const deciding = endOfShift(context)
  did(await runSteps(context, network, now, deciding))
  did(await arriveDue(context, network, now, deciding))
  did(await expireDue(context, network, now))
  const delivering = endOfShift(context)
  did(await deliverDue(context, network, now, delivering))
  if (context.lanes) await spreadDue(context, network, now)
  did(await reclaimOrphans(context, network, now))
  did(await resolveDoubts(context, network, now))
  did(await askForReceipts(context, network, now))
  did(await composeWaiting(context, network, now))
  did(await withdrawCalledOff(context, network, now))
  did(await forgetContent(context, network, now), forgetPage)
  await finishCampaigns(context, network, now)
  return { ...seen, isCutShort: seen.isCutShort || deciding() || delivering() }
}

/** As `look`: returns whether anything was done; call again until it was not. */
export const tick = async (context: Context, network: Network, now: Date): Promise<boolean> =>
  (await look(context, network, now)).didSomething

/** What a worker does in a network that another one leads: it hands over. */
async function handOn(context: Context, network: Network, now: Date): Promise<number> {
  if (context.room && !(await context.room.isEnough())) return 0
  return deliverDue(context, network, now, endOfShift(context))
}

/** Says when a stage should leave off: its time is over, or the process is to stop. */
function endOfShift({ wall, stop }: Context): () => boolean {
  const startedAt = wall.now().getTime()
  return () => (stop?.aborted ?? false) || wall.now().getTime() - startedAt >= sliceMs
}

/**
 * Every network in turn, until nothing is due anywhere. What `relais serve` calls each second. Where several work on
 * one database, one of them leads in each network and the others hand over. A network that breaks is logged and left
 * for the next look: it holds up no other.
 */
export async function tickAll(context: Context): Promise<void> {
  const broken = new Set<string>()
  for (let didSomething = true; didSomething && !context.stop?.aborted; ) {
    didSomething = false
    for (const { id, name } of await listNetworks(context.db)) {
      // Somebody is moving its clock, and does this work on the way.
      if (broken.has(id) || isBusy(context.db, id)) continue
      try {
        didSomething = (await tickAlone(context, id)) || didSomething
      } catch (error) {
        broken.add(id)
        context.log.error({ network: name, err: error }, 'The worker met an error; it will look again')
      }
    }
    await askRetention(context)
    await askRedactions(context)
    didSomething = (await runJobs(context, endOfShift(context))) || didSomething
  }
}

const tickAlone = (context: Context, networkId: string): Promise<boolean> =>
  oneAtATime(context.db, networkId, async () => {
    // Read anew each time: somebody may have moved the clock, or deleted the network.
    const network = (await listNetworks(context.db)).find((candidate) => candidate.id === networkId)
    if (!network) return false
    const now = businessNow(context.wall.now(), network)
    if (await leads(context, networkId)) return tick(context, network, now)
    return (await handOn(context, network, now)) > 0
  })

/** Starts what waits are over for. A step's audience is refreshed first, so that it is who belongs to it now. */
async function fireTimers(context: Context, network: Network, due: readonly Timer[], now: Date): Promise<void> {
  if (due.some((timer) => timer.kind === 'step')) await refreshForStep(context.db, network, now)
  for (const timer of due) if (timer.kind !== 'carrier') await fireOne(context, network, timer, now)
}

async function fireOne(context: Context, network: Network, timer: Timer, now: Date): Promise<void> {
  for (;;) {
    try {
      return await context.db.transaction(async (tx) => {
        const mine = await fire(tx, network.id, [timer.id], now)
        if (mine.size === 0) return
        if (timer.kind === 'launch') await releaseLaunch(tx, network, timer)
        if (timer.kind === 'approval') await remindApprovers(tx, context, network, timer)
        if (timer.kind === 'step') await startOrPropose(tx, context, network, timer.subject, now)
        if (timer.kind === 'sweep')
          await (isDropWatch(timer.payload) ? lookForDrop : sweepDates)(tx, context, network, timer, now)
        if (timer.kind === 'letters') await goOnAfterLetters(tx, network, timer, now)
        if (timer.kind === 'fallback') await fallBack(tx, context, network, timer, now)
      })
    } catch (error) {
      if (!(error instanceof PressureMoved)) throw error
    }
  }
}

/** The simulated carriers' answers reach us as a provider's would: into the raw inbox, then applied. */
async function hearCarriers(context: Context, network: Network, due: readonly Timer[], now: Date): Promise<void> {
  const answers = due.filter((timer) => timer.kind === 'carrier')
  if (answers.length === 0) return
  const heard = answers.map((timer) => ({
    ...(timer.payload.event as InboundEvent),
    networkId: network.id,
    occurredAt: timer.dueAt,
  }))
  const ids = answers.map((timer) => timer.id)
  await context.db.transaction(async (tx) => {
    await receive(tx, 'preview', heard, context.wall.now())
    await fire(tx, network.id, ids, now)
  })
}

/** Decides the audiences of running steps, urgent ones first. Returns how many were worked on. */
async function runSteps(context: Context, network: Network, now: Date, isOver: () => boolean): Promise<number> {
  const running = await context.db
    .select({ messageId: stepRuns.messageId, urgency: messages.urgency })
    .from(stepRuns)
    .innerJoin(messages, and(eq(messages.networkId, stepRuns.networkId), eq(messages.id, stepRuns.messageId)))
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(and(eq(stepRuns.networkId, network.id), eq(stepRuns.status, 'running'), eq(campaigns.status, 'running')))
    .orderBy(asc(messages.dueAt), asc(messages.id))
  const urgentFirst = running.sort((a, b) => urgencies.indexOf(a.urgency) - urgencies.indexOf(b.urgency))
  let workedOn = 0
  for (const { messageId } of urgentFirst) {
    if (isOver()) break
    await fanOut(context, network, messageId, now, isOver)
    workedOn++
  }
  return workedOn
}

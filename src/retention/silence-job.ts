import { eq } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Network } from '../context.ts'
import type { Db } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import type { JobWork } from '../job/job.ts'
import { PressureMoved } from '../outbox/pressure.ts'
import { askPage } from './ask-prospects.ts'
import { type Reviewed, reviewPage } from './review-asks.ts'
import { silenceRuleOf } from './silence-rule.ts'

/** The most people asked in a day: years of silence need no wave of mail, which would harm what else leaves. */
const mostADay = 2_000

interface Place {
  stage: 'review' | 'ask'
  after: string
}

interface Counts extends Reviewed {
  asked: number
}

/**
 * A day’s work on silent prospects: first whoever was asked is looked at (who spoke stays, who did not answer in time is
 * erased), then those not yet asked are. A page a transaction, each checkpoint in it: killed anywhere it goes on, nobody
 * is asked twice, and an erasure begun is begun once. Switched off on the way, it stops at the next page. Its result
 * counts what came of it.
 */
export const work: JobWork = async function* (context, network, run) {
  const counts: Counts = { asked: 0, stayed: 0, erased: 0, unreached: 0, ...resultOf(run.payload.result) }
  let place = run.cursor ? (JSON.parse(run.cursor) as Place) : { stage: 'review' as const, after: '' }
  for (;;) {
    const { stage } = place
    const going: Network | undefined = await asking(context.db, network.id)
    if (!going) return { ...counts }
    const now = businessNow(context.wall.now(), going)
    const came = await again(() =>
      context.db.transaction(async (tx) => {
        const page =
          stage === 'review'
            ? await reviewPage(tx, context, going, place.after, now)
            : await askPage(tx, going, { after: place.after, most: mostADay - counts.asked }, now)
        const all = added(counts, page.counts)
        const next: Place | undefined =
          page.next !== undefined
            ? { stage, after: page.next }
            : stage === 'review'
              ? { stage: 'ask', after: '' }
              : undefined
        await run.checkpoint(tx, { cursor: JSON.stringify(next ?? place), done: total(all), result: { ...all } })
        return { all, next }
      }),
    )
    Object.assign(counts, came.all)
    yield
    if (!came.next) return { ...counts }
    place = came.next
  }
}

/** The network as it is now; undefined once it asks nobody. */
async function asking(db: Db, networkId: string): Promise<Network | undefined> {
  const [network] = await db.select().from(networks).where(eq(networks.id, networkId))
  return network && silenceRuleOf(network.settings).isAsked ? network : undefined
}

/** Somebody’s pressure moved under us: the page is done again from the start. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof PressureMoved)) throw error
    }
  }
}

const resultOf = (result: unknown): Partial<Counts> => (result ?? {}) as Partial<Counts>

const added = (before: Counts, more: Partial<Counts>): Counts => ({
  asked: before.asked + (more.asked ?? 0),
  stayed: before.stayed + (more.stayed ?? 0),
  erased: before.erased + (more.erased ?? 0),
  unreached: before.unreached + (more.unreached ?? 0),
})

const total = (counts: Counts): number => Object.values(counts).reduce((sum: number, each: number) => sum + each, 0)

import type { JobWork } from '../job/job.ts'
import { beginRebuild, finishRebuild, type Rebuilding, rebuildNext } from './rebuild.ts'

/** What is known of it in a network: asked for twice, it is done once. */
export const rebuildJobId = 'engagement.rebuild'

/** After so many rounds that something was learned in, nothing else is let in between. */
const patientRounds = 2
const mostRounds = 5

interface Cursor {
  round: number
  state: Rebuilding
}

/**
 * Works out a network's engagement anew, page by page, and goes on after a kill where it was. Contacts are right after
 * each page, whatever goes on; the sums of groups need a while in which nothing is learned, and are begun again until
 * there was one.
 */
export const work: JobWork = async function* ({ db }, network, run) {
  let { round, state }: Cursor = run.cursor
    ? (JSON.parse(run.cursor) as Cursor)
    : { round: 1, state: await beginRebuild(db, network.id) }
  for (; round <= mostRounds; round++) {
    for (;;) {
      const next = await db.transaction(async (tx) => {
        const after = await rebuildNext(tx, network.id, state)
        if (!after) return undefined
        const cursor: Cursor = { round, state: after }
        await run.checkpoint(tx, { cursor: JSON.stringify(cursor), done: after.counts.contacts })
        return after
      })
      if (!next) break
      state = next
      if (round <= patientRounds) yield
    }
    if (await db.transaction((tx) => finishRebuild(tx, network.id, state))) return { ...state.counts }
    state = await beginRebuild(db, network.id)
  }
  throw new Error('Other workers learned all the while; stop them, then run: relais engagement rebuild')
}

import { businessNow } from '../clock.ts'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { enqueue } from '../job/enqueue.ts'
import type { JobWork } from '../job/job.ts'
import { refreshAfter } from './refresh.ts'

/** Has everybody's memberships worked out anew, page by page and beside whatever else is going on. */
export const refreshSoon = (tx: Tx, network: Pick<Network, 'id'>, at: Date): Promise<void> =>
  enqueue(tx, {
    networkId: network.id,
    id: 'segment.refresh',
    kind: 'segment.refresh',
    payload: {},
    at,
    onRepeat: 'restart',
  })

export const work: JobWork = async function* (context, network, run) {
  let cursor = run.cursor ?? ''
  let done = run.done
  for (;;) {
    const now = businessNow(context.wall.now(), network)
    const page = await context.db.transaction(async (tx) => {
      const next = await refreshAfter(tx, network, now, cursor)
      if (next) await run.checkpoint(tx, { cursor: next.last, done: done + next.looked })
      return next
    })
    if (!page) return undefined
    cursor = page.last
    done += page.looked
    yield
  }
}

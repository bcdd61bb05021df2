import { businessNow } from '../clock.ts'
import type { JobWork } from '../job/job.ts'
import { aimPage } from './aim.ts'
import { findChallenge } from './challenge.ts'
import { cutLeagues, measureOutlets } from './form-leagues.ts'
import { standPage } from './ranking/refresh.ts'

/** The job that prepares a challenge is found by the challenge. */
export const prepareJobId = (challengeId: string): string => `challenge-${challengeId}`

/**
 * Measures every outlet, cuts leagues, works out objectives and then where everybody stands, page by page. Done again with the same facts it finds
 * the same; leagues that are fixed and objectives set by hand stay.
 */
export const work: JobWork = async function* prepareChallenge(context, network, run) {
  const { db, wall } = context
  const challengeId = run.payload.challengeId as string
  let place = run.cursor === null ? 'measure ' : run.cursor
  let done = run.done
  for (;;) {
    const now = businessNow(wall.now(), network)
    const next = await db.transaction(async (tx) => {
      const challenge = await findChallenge(tx, network.id, challengeId)
      if (!challenge) return undefined
      const [stage, after = ''] = place.split(' ') as [string, string?]
      const reached = await (stage === 'measure'
        ? measureOutlets(tx, challenge, after, now).then((last) => (last ? `measure ${last}` : 'cut '))
        : stage === 'cut'
          ? cutLeagues(tx, challenge, now).then(() => 'aim site:')
          : stage === 'aim'
            ? aimPage(tx, challenge, after, now).then((last) => (last ? `aim ${last}` : 'stand '))
            : standPage(tx, { networkId: network.id, challengeId, at: now }, after).then(
                (last) => last && `stand ${last}`,
              ))
      if (reached) await run.checkpoint(tx, { cursor: reached, done: done + 1 })
      return reached
    })
    done++
    if (!next) return { pages: done }
    place = next
    yield
  }
}

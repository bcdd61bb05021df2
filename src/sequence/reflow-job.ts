import { currentVersion } from '../campaign/series.ts'
import { businessNow } from '../clock.ts'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { enqueue } from '../job/enqueue.ts'
import type { JobWork } from '../job/job.ts'
import { reflowPage } from './reflow-people.ts'

/** The job of a campaign's people is found by the campaign. */
export const reflowJobId = (campaignId: string): string => `reflow-${campaignId}`

/** Has the dates of people under way counted anew, in the transaction that moves or changes the campaign. */
export const reflowSoon = (tx: Tx, network: Pick<Network, 'id'>, campaignId: string, at: Date): Promise<void> =>
  enqueue(tx, {
    ...{ networkId: network.id, id: reflowJobId(campaignId), kind: 'campaign.reflow', payload: { campaignId }, at },
    // A second change while the first is worked through begins anew, by the campaign as it stands then.
    onRepeat: 'restart',
  })

/** Page by page, each one transaction with its cursor; a step that comes due meanwhile asks for its own date itself. */
export const work: JobWork = async function* reflowPeople(context, network, run) {
  const campaignId = run.payload.campaignId as string
  let cursor = run.cursor ?? ''
  let done = run.done
  for (;;) {
    const now = businessNow(context.wall.now(), network)
    const page = await context.db.transaction(async (tx) => {
      const current = await currentVersion(tx, network.id, campaignId)
      if (!current || !['scheduled', 'running', 'paused'].includes(current.status)) return undefined
      const target = { campaignId, campaign: current.campaign, launchedAt: current.launchedAt ?? now }
      const next = await reflowPage(tx, network, target, cursor, now)
      if (next) await run.checkpoint(tx, { cursor: next.last, done: done + next.looked })
      return next
    })
    if (!page) return { people: done }
    cursor = page.last
    done += page.looked
    yield
  }
}

/** What all operations on one campaign stand on: their path, who may call them, and how refusals are told. */
import { HTTPException } from 'hono/http-exception'
import { ApprovalMissing } from '../approval/admit.ts'
import { ApprovalRefused } from '../approval/refused.ts'
import { ControlRefused, FigureNotSeen } from '../campaign/control.ts'
import { DraftMoved } from '../campaign/drafts.ts'
import { EditRefused } from '../campaign/edit-running.ts'
import { UndoRefused } from '../campaign/hold.ts'
import { LaunchRefused } from '../campaign/launch.ts'
import { CampaignProblems } from '../campaign/problems.ts'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import { ApiProblem } from '../http/problem.ts'
import { campaignOf } from '../web/console/locate.ts'
import { faults } from './campaigns.ts'
import { idempotent } from './idempotency.ts'
import { jsonBody } from './json-body.ts'

export const campaignPath = '/api/v1/campaigns/{id}' as const

/** What the operations on a campaign need of an installation. */
export const campaignGround = ({ db, wall }: Pick<Context, 'db' | 'wall'>) => ({
  afterGuard: [jsonBody(), idempotent({ db, wall })],
  place: campaignOf(db),
  now: (network: Network) => businessNow(wall.now(), network),
})

export const conflict = (code: string, detail: string) =>
  new ApiProblem(409, { code, title: 'Not as the campaign stands', detail })

/** What a campaign refuses, as problems: a code that stays, and the sentence. */
function problemOf(error: unknown): unknown {
  if (error instanceof CampaignProblems) return faults(error)
  if (error instanceof ApprovalMissing) return conflict(error.code, error.message)
  if (error instanceof LaunchRefused) return conflict('launch-refused', error.message)
  if (error instanceof FigureNotSeen) return conflict('figure-not-seen', error.message)
  if (error instanceof DraftMoved) return conflict('moved', error.message)
  if (error instanceof ControlRefused || error instanceof UndoRefused)
    return error.status === undefined && !(error instanceof ControlRefused)
      ? new HTTPException(404)
      : conflict('wrong-state', error.message)
  if (error instanceof ApprovalRefused || error instanceof EditRefused)
    return error.code === 'unknown' ? new HTTPException(404) : conflict(error.code, error.message)
  return error
}

/** Does the work; what the campaign refuses is thrown as a problem. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw problemOf(error)
  }
}

import { HTTPException } from 'hono/http-exception'
import type { Network, PageHandler } from '../../../http/page-env.ts'
import { type House, idOf } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { campaignOf } from '../locate.ts'
import { CampaignPage } from './campaign.tsx'
import { channelShift } from './channel-shift.ts'
import { decidedStep } from './decided.ts'
import { costOf, funnelOf, outcomesOf } from './funnel.ts'
import type { PlannedStep, PlanView } from './plan-view.ts'
import { plans } from './plans.ts'
import { findCampaign, isFixed, listSteps, type StepRow } from './queries.ts'
import type { Shift } from './shift-panel.tsx'

const longestShift = 3

const isPlayed = (step: StepRow): boolean => step.runStatus === 'done' || step.runStatus === 'running'

/** Campaigns, from the plan to what came of it. */
export function campaignRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db } = deps
  const { planOf } = plans(deps)

  async function shiftsOf(networkId: string, steps: StepRow[]): Promise<Shift[]> {
    const played = steps.filter((step) => isPlayed(step) && !isFixed(step))
    const shifts: Shift[] = []
    for (const [n, after] of played.entries()) {
      const before = played[n - 1]
      if (before)
        shifts.push({
          before: before.step,
          after: after.step,
          ...(await channelShift(db, networkId, before.id, after.id)),
        })
    }
    return shifts.slice(-longestShift)
  }

  /** A step that has been played shows what was decided; the others what would be. */
  async function shownPlan(
    network: Network,
    campaignId: string,
    steps: StepRow[],
  ): Promise<PlanView & { isLate: boolean }> {
    const planned: PlannedStep[] = []
    for (const step of steps.filter(isPlayed)) planned.push(await decidedStep(db, network.id, step, network.currency))
    if (planned.length === steps.length) return { steps: planned, isLate: false }
    const ahead = await planOf(network, campaignId)
    const names = new Set(planned.map((step) => step.step))
    const rest = ahead?.steps.filter((step) => !names.has(step.step)) ?? []
    return { steps: [...planned, ...rest], isLate: ahead === undefined }
  }

  const campaign: PageHandler = async (c) => {
    const network = c.get('network')
    const found = await findCampaign(db, network.id, idOf(c))
    if (!found) throw new HTTPException(404)
    const steps = await listSteps(db, network.id, found.id)
    const ids = steps.map((step) => step.id)
    const drawn = await view(c)
    const plan = await shownPlan(network, found.id, steps)
    // Without script too: the page comes back by itself until the plan is there.
    if (plan.isLate) c.header('refresh', '2')
    return sendPage(
      c,
      <CampaignPage
        view={drawn}
        campaign={found}
        steps={steps}
        plan={plan}
        funnel={await funnelOf(db, network.id, ids)}
        outcomes={await outcomesOf(db, network.id, ids)}
        shifts={await shiftsOf(network.id, steps)}
        costs={await costOf(db, network.id, ids)}
      />,
    )
  }

  app.get('/console/campaigns/:id', may('campaign.read', campaignOf(db)), campaign)
}

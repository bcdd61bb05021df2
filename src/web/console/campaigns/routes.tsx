import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { scopeFor } from '../../../accounts/policy.ts'
import { cancelJobId } from '../../../campaign/cancel-job.ts'
import { openChanges } from '../../../campaign/changes.ts'
import { isDraftStatus } from '../../../campaign/draft-status.ts'
import { findDraft } from '../../../campaign/drafts.ts'
import { findChallenge } from '../../../challenge/challenge.ts'
import type { Network, PageHandler } from '../../../http/page-env.ts'
import { findJob } from '../../../job/enqueue.ts'
import { isOpen } from '../../../sequence/close.ts'
import { campaignStatuses, messageClasses } from '../../../words.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { inLanguage, sendPage, type View } from '../../view.ts'
import { campaignOf, networkOf } from '../locate.ts'
import { writeRoutes } from '../write/routes.tsx'
import { CampaignPage, type Said } from './campaign.tsx'
import { channelShift } from './channel-shift.ts'
import { controlRoutes } from './control-routes.tsx'
import { decidedStep } from './decided.ts'
import { draftRoutes } from './draft-routes.tsx'
import { dryRunRoutes, readsCampaigns } from './dry-run-routes.tsx'
import { editRoutes } from './edit-routes.tsx'
import { costOf, type FunnelRow, funnelOf, type Outcomes, outcomesOf } from './funnel.ts'
import { historyOf, versionsOf } from './history.ts'
import { keptWork } from './kept-work.ts'
import { launchRoutes } from './launch-routes.tsx'
import { leftOutPage } from './left-out.ts'
import { LeftOutPage } from './left-out-page.tsx'
import { lifeRoutes } from './life-routes.tsx'
import { CampaignList } from './list.tsx'
import { campaignPage, ownersOf } from './list-query.ts'
import { messageRoutes } from './message-routes.tsx'
import { newCampaignRoutes } from './new-routes.tsx'
import { occurrenceKey, type PlannedStep, type PlanView } from './plan-view.ts'
import { type CampaignRow, findCampaign, isFixed, listSteps, type StepRow } from './queries.ts'
import type { Shift } from './shift-panel.tsx'
import { timelineRoutes } from './timeline/routes.tsx'
import { wordsRoutes } from './words-routes.tsx'

const longestShift = 3

/** Looking for people goes on for so long before the page is shown with those found (wall time). */
const lookMs = 900

const leftOutQuery = z.object({
  message: anId,
  reason: optional(z.string().max(100)),
  cursor: optional(anId),
})

const listQuery = z.object({
  status: optional(z.enum(campaignStatuses)),
  class: optional(z.enum(messageClasses)),
  text: optional(z.string().trim().max(200)),
  cursor: optional(anId),
  said: optional(z.string().max(20)),
})

/** What a press on another page came to, from the address. */
function saidOf({ t }: View, said: string | undefined): Said | undefined {
  if (said === 'launched') return { tone: 'good', text: t('launching.done') }
  if (said === 'already') return { tone: 'warning', text: t('launching.already') }
  if (said === 'undone') return { tone: 'good', text: t('life.undo.done') }
  if (said === 'late') return { tone: 'warning', text: t('life.undo.late') }
  if (said === 'paused') return { tone: 'good', text: t('campaignControl.paused') }
  if (said === 'resumed') return { tone: 'good', text: t('campaignControl.resumed') }
  if (said === 'agreed') return { tone: 'good', text: t('editing.agreedNow') }
  if (said === 'edited') return { tone: 'good', text: t('editing.appliedNow') }
  if (said === 'discarded-change') return { tone: 'good', text: t('editing.discarded') }
  if (said === 'closed') return { tone: 'good', text: t('campaignControl.closed') }
  if (said === 'step-canceled') return { tone: 'good', text: t('campaignControl.stepCanceled') }
  if (said === 'canceled') return { tone: 'good', text: t('campaignControl.canceled') }
  return undefined
}

interface Figures {
  funnel: FunnelRow[]
  outcomes: Outcomes[]
  costs: { currency: string; millis: number }[]
}

const isPlayed = (step: StepRow): boolean => step.runStatus === 'done' || step.runStatus === 'running'

/** Campaigns, from the plan to what came of it. */
export function campaignRoutes(house: House): void {
  const {
    app,
    deps,
    view,
    guards: { may },
  } = house
  const { db } = deps
  const answerTo = keptWork<PlanView>(deps)
  const planOf = (network: Network, campaignId: string) =>
    answerTo(network, campaignId, () => deps.plan(network.id, campaignId))

  const counted = keptWork<Figures>(deps, 0)
  /** What was counted, or undefined when that takes longer than a page waits. A large campaign is counted seldom. */
  const figuresOf = (network: Network, campaignId: string, ids: string[]) =>
    counted(network, campaignId, async () => ({
      funnel: await funnelOf(db, network.id, ids),
      outcomes: await outcomesOf(db, network.id, ids),
      costs: await costOf(db, network.id, ids),
    }))

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
    { id: campaignId, status }: CampaignRow,
    steps: StepRow[],
  ): Promise<PlanView & { isLate: boolean }> {
    const planned: PlannedStep[] = []
    for (const step of steps.filter(isPlayed)) planned.push(await decidedStep(db, network.id, step, network.currency))
    // What was ended will not be played: there is nothing to plan.
    const isOver = status === 'canceled' || status === 'finished'
    if (isOver || planned.length === steps.length) return { steps: planned, isLate: false }
    const ahead = await planOf(network, campaignId)
    const known = new Set(planned.map(occurrenceKey))
    const rest = ahead?.steps.filter((step) => !known.has(occurrenceKey(step))) ?? []
    return { steps: [...planned, ...rest], isLate: ahead === undefined }
  }

  const campaign: PageHandler = async (c) => {
    const network = c.get('network')
    const found = await findCampaign(db, network.id, idOf(c))
    if (!found) throw new HTTPException(404)
    if (isDraftStatus(found.status)) {
      const draft = await findDraft(db, network.id, found.id)
      if (draft) return drafts.draft(c, draft)
    }
    const steps = await listSteps(db, network.id, found.id)
    const ids = steps.map((step) => step.id)
    const figures = await figuresOf(network, found.id, ids)
    const drawn = await view(c)
    const plan = await shownPlan(network, found, steps)
    // Without script too: the page comes back by itself until the plan is there.
    if (found.status === 'scheduled') c.header('refresh', '5')
    if (plan.isLate || !figures) c.header('refresh', '2')
    return sendPage(
      c,
      <CampaignPage
        view={drawn}
        campaign={found}
        steps={steps}
        plan={plan}
        funnel={figures?.funnel ?? []}
        outcomes={figures?.outcomes ?? []}
        shifts={await shiftsOf(network.id, steps)}
        costs={figures?.costs ?? []}
        owner={found.ownerId === null ? undefined : (await ownersOf(db, [found.ownerId])).get(found.ownerId)}
        history={await historyOf(db, network.id, found.id)}
        versions={await versionsOf(db, network.id, found.id)}
        canceling={found.status === 'canceled' ? await findJob(db, network.id, cancelJobId(found.id)) : undefined}
        isOpen={await isOpen(db, network.id, found.id)}
        changes={await openChanges(db, network.id, found.id)}
        hasChallenge={(await findChallenge(db, network.id, found.id)) !== undefined}
        said={saidOf(drawn, c.req.query('said'))}
      />,
    )
  }

  /** Names are for those who may read the network's people, all of them. */
  const leftOut: PageHandler = async (c) => {
    const network = c.get('network')
    if (scopeFor(c.get('user'), 'contact.read', network.id)?.of !== 'network') throw new HTTPException(404)
    const { message, reason, cursor = '' } = parsed(leftOutQuery, c.req.query())
    const found = await findCampaign(db, network.id, idOf(c))
    const step = found && (await listSteps(db, network.id, found.id)).find((one) => one.id === message)
    if (!found || !step) throw new HTTPException(404)
    const drawn = await view(c)
    const startedAt = deps.wall.now().getTime()
    const isOver = () => deps.wall.now().getTime() - startedAt > lookMs
    return sendPage(
      c,
      <LeftOutPage
        view={drawn}
        campaignId={found.id}
        title={inLanguage(found.title, drawn.language, found.name)}
        step={step.step}
        messageId={step.id}
        reason={reason}
        {...(await leftOutPage(db, network.id, step, reason, cursor, isOver))}
        isContinued={cursor !== ''}
      />,
    )
  }

  const list: PageHandler = async (c) => {
    const network = c.get('network')
    const { said, ...filter } = parsed(listQuery, c.req.query())
    const page = await campaignPage(db, network.id, filter)
    const drawn = await view(c)
    return sendPage(
      c,
      <CampaignList
        view={drawn}
        rows={page.rows}
        next={page.next}
        filter={filter}
        said={said === 'discarded' ? drawn.t('draft.discarded') : undefined}
      />,
    )
  }

  app.get('/console/campaigns', may('campaign.read', networkOf(db)), list)
  // Before `:id`, which would take their names for one.
  newCampaignRoutes(house)
  const reads = readsCampaigns(house)
  const drafts = draftRoutes(house)
  dryRunRoutes(house, reads)
  launchRoutes(house, reads)
  lifeRoutes(house, reads)
  controlRoutes(house)
  editRoutes(house)
  timelineRoutes(house)
  wordsRoutes(house, reads)
  writeRoutes(house, reads)
  messageRoutes(house)
  app.get('/console/campaigns/:id/left-out', may('campaign.read', campaignOf(db)), leftOut)
  app.get('/console/campaigns/:id', may('campaign.read', campaignOf(db)), campaign)
}

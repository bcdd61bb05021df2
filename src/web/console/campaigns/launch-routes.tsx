import { HTTPException } from 'hono/http-exception'
import { can } from '../../../accounts/policy.ts'
import { ApprovalMissing, admitApproved } from '../../../approval/admit.ts'
import { holdMsOf, launchRulesOf } from '../../../approval/rules.ts'
import { DraftMoved, launchDraft } from '../../../campaign/drafts.ts'
import { LaunchRefused } from '../../../campaign/launch.ts'
import { CampaignProblems } from '../../../campaign/problems.ts'
import { UrgentQuotaReached } from '../../../campaign/urgent-quota.ts'
import { usualAudience } from '../../../campaign/usual-size.ts'
import { businessNow } from '../../../clock.ts'
import type { Network, PageContext, PageHandler } from '../../../http/page-env.ts'
import { type House, idOf } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { campaignOf } from '../locate.ts'
import type { Readable, readsCampaigns } from './dry-run-routes.tsx'
import { LaunchPage, type Tick, ticks, ticksNeeded } from './launch-page.tsx'

/** A large audience is confirmed by the campaign’s name, which nobody types by mistake. */
const mustType = ({ settings }: Network, people: number): boolean => people >= launchRulesOf(settings).typedFrom

/** From draft to running: a confirmation that names the people, and the one launch behind it. */
export function launchRoutes(
  { app, deps, view, guards: { may } }: House,
  { readable, planOf }: ReturnType<typeof readsCampaigns>,
): void {
  const { db, context, wall } = deps
  const home = (c: PageContext, said?: string) =>
    c.redirect(`/console/campaigns/${idOf(c)}${said ? `?said=${said}` : ''}`, 303)

  /** An urgent notice goes past consent and hours: it is for those who may send one. */
  function refuseUrgent(c: PageContext, { definition }: Readable): void {
    if (definition.class === 'urgent_service' && !can(c.get('user'), 'notice.send', c.get('network').id))
      throw new HTTPException(403)
  }

  async function ask(
    c: PageContext,
    campaign: Readable,
    refused?: {
      status: 409 | 422
      given: readonly Tick[]
      hasMoved?: boolean
      isMistyped?: boolean
      approval?: ApprovalMissing['code']
      isOverQuota?: boolean
    },
  ): Promise<Response> {
    const network = c.get('network')
    const plan = await planOf(network, campaign)
    if (!plan) c.header('refresh', '2')
    const page = (
      <LaunchPage
        view={await view(c)}
        campaignId={campaign.id}
        title={campaign.title}
        seen={campaign.hash}
        plan={plan}
        needed={plan ? ticksNeeded(plan, await usualAudience(db, network.id)) : []}
        given={refused?.hasMoved ? undefined : refused?.given}
        hasMoved={refused?.hasMoved}
        typed={plan && mustType(network, plan.audience) ? campaign.definition.name : undefined}
        isMistyped={refused?.isMistyped}
        approval={refused?.approval}
        isOverQuota={refused?.isOverQuota}
      />
    )
    return sendPage(c, page, refused?.status)
  }

  const confirm: PageHandler = async (c) => {
    const campaign = await readable(c)
    // Launched meanwhile, or not ready: its own page says so.
    if (!campaign?.isDraft) return home(c)
    refuseUrgent(c, campaign)
    return ask(c, campaign)
  }

  const launch: PageHandler = async (c) => {
    const network = c.get('network')
    const campaign = await readable(c)
    if (!campaign) return home(c)
    if (!campaign.isDraft) return home(c, 'already')
    refuseUrgent(c, campaign)
    const form = await c.req.parseBody()
    const given = ticks.filter((tick) => form[tick] === 'on')
    if (form.seen !== campaign.hash) return ask(c, campaign, { status: 409, given, hasMoved: true })
    const plan = await planOf(network, campaign)
    if (!plan) return c.redirect(`/console/campaigns/${campaign.id}/launch`, 303)
    const needed = ticksNeeded(plan, await usualAudience(db, network.id))
    if (needed.some((tick) => !given.includes(tick))) return ask(c, campaign, { status: 422, given })
    const typed = typeof form.name === 'string' ? form.name.trim() : ''
    if (mustType(network, plan.audience) && typed !== campaign.definition.name)
      return ask(c, campaign, { status: 422, given, isMistyped: true })
    try {
      const { isNew } = await launchDraft(
        context,
        network,
        { campaignId: campaign.id, seen: campaign.hash },
        { actor: c.get('user').id },
        businessNow(wall.now(), network),
        {
          holdMs: holdMsOf(launchRulesOf(network.settings), campaign.definition),
          admit: admitApproved(network, campaign.id),
        },
      )
      return home(c, isNew ? 'launched' : 'already')
    } catch (error) {
      if (error instanceof DraftMoved) {
        const now = await readable(c)
        return now?.isDraft ? ask(c, now, { status: 409, given, hasMoved: true }) : home(c)
      }
      if (error instanceof ApprovalMissing) return ask(c, campaign, { status: 409, given, approval: error.code })
      if (error instanceof UrgentQuotaReached) return ask(c, campaign, { status: 409, given, isOverQuota: true })
      // What keeps it from being launched stands on the draft's own page.
      if (error instanceof LaunchRefused || error instanceof CampaignProblems) return home(c)
      throw error
    }
  }

  app.get('/console/campaigns/:id/launch', may('campaign.launch', campaignOf(db)), confirm)
  app.post('/console/campaigns/:id/launch', may('campaign.launch', campaignOf(db)), launch)
}

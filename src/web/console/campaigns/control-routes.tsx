import { HTTPException } from 'hono/http-exception'
import { cancelJobId } from '../../../campaign/cancel-job.ts'
import {
  type Control,
  ControlRefused,
  cancelCampaign,
  cancelStep,
  concernedBy,
  FigureNotSeen,
  pauseCampaign,
  resumeCampaign,
} from '../../../campaign/control.ts'
import { isDraftStatus } from '../../../campaign/draft-status.ts'
import { businessNow } from '../../../clock.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { runOneJob } from '../../../job/run.ts'
import { closeCampaign } from '../../../sequence/close.ts'
import { type House, idOf } from '../../house.ts'
import { inLanguage, sendPage } from '../../view.ts'
import { campaignOf } from '../locate.ts'
import { ConfirmPage } from './confirm-page.tsx'
import { ControlPage } from './control-page.tsx'
import { findCampaign } from './queries.ts'

const longestReason = 300
/** A small campaign is canceled whole before its page comes back; a large one goes on behind it (wall time). */
const waitMs = 700

const said: Record<Control, string> = { pause: 'paused', resume: 'resumed', cancel: 'canceled' }

/** Pausing, resuming, closing and canceling, of a whole campaign or of a step, each behind a page that names how much it concerns. */
export function controlRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps

  async function ask(
    c: PageContext,
    control: Control,
    given: { reason?: string; error?: string; refused?: string; isUnseen?: boolean; status?: 409 | 422 } = {},
  ): Promise<Response> {
    const network = c.get('network')
    const found = await findCampaign(db, network.id, idOf(c))
    if (!found || isDraftStatus(found.status)) throw new HTTPException(404)
    const drawn = await view(c)
    const { status, ...shown } = given
    return sendPage(
      c,
      <ControlPage
        view={drawn}
        control={control}
        campaignId={found.id}
        title={inLanguage(found.title, drawn.language, found.name)}
        concerned={await concernedBy(db, network.id, found.id)}
        figures={control === 'resume' && found.status === 'paused' ? found.statusFigures : null}
        {...shown}
      />,
      status,
    )
  }

  const asking =
    (control: Control): PageHandler =>
    (c) =>
      ask(c, control)

  const doing =
    (control: Control): PageHandler =>
    async (c) => {
      const network = c.get('network')
      const { t } = await view(c)
      const form = await c.req.parseBody()
      const reason = typeof form.reason === 'string' && form.reason.trim() !== '' ? form.reason.trim() : undefined
      if ((reason?.length ?? 0) > longestReason)
        return ask(c, control, { reason, error: t('campaignControl.reasonLong'), status: 422 })
      const despite = typeof form.despite === 'string' ? form.despite : undefined
      const request = { campaignId: idOf(c), actor: c.get('user').id, reason, despite }
      try {
        if (control === 'pause') await pauseCampaign(context, network, request)
        else if (control === 'resume') await resumeCampaign(context, network, request)
        else await cancelCampaign(context, network, request, businessNow(wall.now(), network))
      } catch (error) {
        if (error instanceof FigureNotSeen) return ask(c, control, { reason, isUnseen: true, status: 422 })
        if (!(error instanceof ControlRefused)) throw error
        const state = error.status
        if (state === undefined || isDraftStatus(state)) throw new HTTPException(404)
        const refused = t('campaignControl.refused', { state: t(`campaignStatuses.${state}`) })
        return ask(c, control, { reason, refused, status: 409 })
      }
      if (control === 'cancel') {
        const startedAt = wall.now().getTime()
        const job = { networkId: network.id, id: cancelJobId(request.campaignId) }
        await runOneJob(context, job, () => wall.now().getTime() - startedAt > waitMs)
      }
      return c.redirect(`/console/campaigns/${request.campaignId}?said=${said[control]}`, 303)
    }

  /** The campaign, where it can still be closed or lose a step. */
  async function going(c: PageContext) {
    const found = await findCampaign(db, c.get('network').id, idOf(c))
    if (!found || isDraftStatus(found.status)) throw new HTTPException(404)
    return found
  }

  async function confirm(c: PageContext, what: Parameters<typeof ConfirmPage>[0]['what'], refused?: string) {
    const drawn = await view(c)
    const found = await going(c)
    const title = inLanguage(found.title, drawn.language, found.name)
    return sendPage(
      c,
      <ConfirmPage view={drawn} campaignId={found.id} title={title} what={what} refused={refused} />,
      refused === undefined ? undefined : 409,
    )
  }

  const askClose: PageHandler = (c) => confirm(c, { is: 'close' })

  const close: PageHandler = async (c) => {
    const { id } = await going(c)
    const wasOpen = await closeCampaign(context, c.get('network'), { campaignId: id, actor: c.get('user').id })
    return c.redirect(`/console/campaigns/${id}${wasOpen ? '?said=closed' : ''}`, 303)
  }

  const stepAsked = async (c: PageContext) => {
    const step = (c.req.param('step') ?? '').slice(0, 100)
    return { step, concerned: await concernedBy(db, c.get('network').id, idOf(c), step) }
  }

  const askStep: PageHandler = async (c) => {
    const { step, concerned } = await stepAsked(c)
    return confirm(c, { is: 'step', step, concerned })
  }

  const endStep: PageHandler = async (c) => {
    const network = c.get('network')
    const { id } = await going(c)
    const form = await c.req.parseBody()
    const reason = typeof form.reason === 'string' ? form.reason.trim().slice(0, longestReason) || undefined : undefined
    const { step, concerned } = await stepAsked(c)
    const request = { campaignId: id, step, actor: c.get('user').id, reason }
    try {
      await cancelStep(context, network, request, businessNow(wall.now(), network))
    } catch (error) {
      if (!(error instanceof ControlRefused)) throw error
      const { t } = await view(c)
      if (error.status === undefined || isDraftStatus(error.status)) throw new HTTPException(404)
      const refused = t('campaignControl.refused', { state: t(`campaignStatuses.${error.status}`) })
      return confirm(c, { is: 'step', step, concerned }, refused)
    }
    const startedAt = wall.now().getTime()
    const job = { networkId: network.id, id: cancelJobId(id, step) }
    await runOneJob(context, job, () => wall.now().getTime() - startedAt > waitMs)
    return c.redirect(`/console/campaigns/${id}?said=step-canceled`, 303)
  }

  app.get('/console/campaigns/:id/close', may('campaign.control', campaignOf(db)), askClose)
  app.post('/console/campaigns/:id/close', may('campaign.control', campaignOf(db)), close)
  app.get('/console/campaigns/:id/steps/:step/cancel', may('campaign.control', campaignOf(db)), askStep)
  app.post('/console/campaigns/:id/steps/:step/cancel', may('campaign.control', campaignOf(db)), endStep)
  app.get('/console/campaigns/:id/pause', may('campaign.control', campaignOf(db)), asking('pause'))
  app.post('/console/campaigns/:id/pause', may('campaign.control', campaignOf(db)), doing('pause'))
  app.get('/console/campaigns/:id/resume', may('campaign.control', campaignOf(db)), asking('resume'))
  app.post('/console/campaigns/:id/resume', may('campaign.control', campaignOf(db)), doing('resume'))
  app.get('/console/campaigns/:id/cancel', may('campaign.control', campaignOf(db)), asking('cancel'))
  app.post('/console/campaigns/:id/cancel', may('campaign.control', campaignOf(db)), doing('cancel'))
}

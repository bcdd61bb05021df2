import { eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import QRCode from 'qrcode'
import { z } from 'zod'
import { networksWith } from '../../accounts/policy.ts'
import type { AppDeps } from '../../app-deps.ts'
import type { Content } from '../../channel.ts'
import { businessNow } from '../../clock.ts'
import { networks } from '../../db/schema.ts'
import type { Network, PageContext, PageHandler } from '../../http/page-env.ts'
import { channelNames, deliveryStatuses } from '../../words.ts'
import type { Assets } from '../assets.ts'
import { sendPage, type View, viewOf } from '../view.ts'
import { CampaignPage } from './campaign.tsx'
import { clockMoves } from './clock-moves.ts'
import { buttons } from './clock-panel.tsx'
import { ContactPage } from './contact.tsx'
import { DeliveryPage } from './delivery.tsx'
import { framedContent } from './framed-content.ts'
import { HomePage } from './home.tsx'
import { OutboxPage } from './outbox.tsx'
import type { PlannedStep, PlanView } from './plan-view.ts'
import { plans } from './plans.ts'
import { findCampaign, isFixed, listCampaigns, listSteps, networkSize, type StepRow } from './queries/campaigns.ts'
import { channelShift } from './queries/channel-shift.ts'
import { contactTimeline, findContact } from './queries/contact.ts'
import { decidedStep } from './queries/decided.ts'
import { findContent, findDelivery } from './queries/delivery.ts'
import { costOf, funnelOf, outcomesOf } from './queries/funnel.ts'
import { networksOf } from './queries/networks-of.ts'
import { listOutbox, stepChoices } from './queries/outbox.ts'
import type { Shift } from './shift-panel.tsx'

const longestShift = 3
const second = 1_000
/** Carriers answer within seconds of each other: one press takes in a minute of them. */
const shortestMove = 60 * second

/** An empty field of a filter form is no filter; an unknown value is refused rather than quietly ignored. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())
const anId = z.string().max(64)
const pageQuery = z.object({ cursor: optional(anId) })
const outboxQuery = z.object({
  channel: optional(z.enum(channelNames)),
  status: optional(z.enum(deliveryStatuses)),
  step: optional(anId),
  cursor: optional(anId),
})
const moveForm = z.object({ move: z.enum(buttons), offset: z.coerce.number().int() })

function parsed<T extends z.ZodType>(schema: T, given: unknown): z.infer<T> {
  const result = schema.safeParse(given)
  if (!result.success) throw new HTTPException(400, { message: z.prettifyError(result.error) })
  return result.data
}

const isPlayed = (step: StepRow): boolean => step.runStatus === 'done' || step.runStatus === 'running'

const id = (c: PageContext): string => c.req.param('id') ?? ''

/** The console's pages: each reads what it shows and draws it; the guards of `app.ts` have set the network. */
export function consoleHandlers(deps: AppDeps, assets: Assets) {
  const { db, wall } = deps
  const moves = clockMoves(deps)
  const { planOf } = plans(deps)
  const view = (c: PageContext): View => viewOf(c, assets, wall.now())

  const home: PageHandler = async (c) => {
    const choices = await networksOf(db, networksWith(c.get('user'), 'campaign.read'))
    const name = c.req.query('network')
    const network = name === undefined ? choices[0] : choices.find((choice) => choice.name === name)
    if (name !== undefined && !network) throw new HTTPException(404)
    if (!network) return sendPage(c, <HomePage view={view(c)} networks={[]} campaigns={[]} />)
    c.set('network', network)
    const { cursor } = parsed(pageQuery, c.req.query())
    const page = await listCampaigns(db, network.id, cursor)
    const size = await networkSize(db, network.id)
    return sendPage(
      c,
      <HomePage view={view(c)} networks={choices} campaigns={page.campaigns} size={size} next={page.next} />,
    )
  }

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
    const found = await findCampaign(db, network.id, id(c))
    if (!found) throw new HTTPException(404)
    const steps = await listSteps(db, network.id, found.id)
    const ids = steps.map((step) => step.id)
    const drawn = view(c)
    const state = moves.state(network.id)
    const plan = await shownPlan(network, found.id, steps)
    // Without script too: the page comes back by itself until the move is over, or the plan is there.
    if (state?.is === 'moving' || plan.isLate) c.header('refresh', '2')
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
        next={network.mode === 'sandbox' ? await deps.actions.nextEventAt(network.id) : undefined}
        state={state}
        moved={c.req.query('moved')}
      />,
    )
  }

  /** Only from the clock the form showed: two presses are one move. */
  const moveClock: PageHandler = async (c) => {
    const network = c.get('network')
    if (network.mode !== 'sandbox') throw new HTTPException(403)
    const form = parsed(moveForm, await c.req.parseBody())
    let isStale = false
    const outcome = await moves.start(network.id, async () => {
      const [clock] = await db
        .select({ clockOffsetMs: networks.clockOffsetMs })
        .from(networks)
        .where(eq(networks.id, network.id))
      isStale = clock?.clockOffsetMs !== form.offset
      if (!clock || isStale) return undefined
      if (form.move === 'end') return { untilIdle: true }
      if (form.move === 'day') return { by: 'P1D' }
      const next = await deps.actions.nextEventAt(network.id)
      if (!next) return undefined
      const wait = next.getTime() - businessNow(wall.now(), clock).getTime()
      return { by: `PT${Math.ceil(Math.max(wait, shortestMove) / second)}S` }
    })
    return c.redirect(`/console/campaigns/${id(c)}?moved=${isStale ? 'already' : outcome}#clock`, 303)
  }

  const outbox: PageHandler = async (c) => {
    const network = c.get('network')
    const filter = parsed(outboxQuery, c.req.query())
    const page = await listOutbox(db, network.id, filter)
    return sendPage(
      c,
      <OutboxPage
        view={view(c)}
        rows={page.rows}
        next={page.next}
        filter={filter}
        steps={await stepChoices(db, network.id)}
      />,
    )
  }

  const qrOf = async (content: Content | 'unreadable' | undefined) =>
    typeof content === 'object' && content.channel === 'print' && content.qr
      ? QRCode.toString(content.qr.url, { type: 'svg', margin: 0 })
      : undefined

  const delivery: PageHandler = async (c) => {
    const network = c.get('network')
    const detail = await findDelivery(db, network.id, id(c))
    if (!detail) throw new HTTPException(404)
    const content = await findContent(db, network.id, detail.delivery.id)
    return sendPage(
      c,
      <DeliveryPage
        view={view(c)}
        detail={detail}
        content={content}
        qrSvg={await qrOf(content)}
        hasPdf={deps.letterPdf !== undefined}
      />,
    )
  }

  const deliveryContent: PageHandler = async (c) => {
    const content = await findContent(db, c.get('network').id, id(c))
    if (typeof content !== 'object' || (content.channel !== 'email' && content.channel !== 'intranet'))
      throw new HTTPException(404)
    c.header('cache-control', 'no-store')
    return c.html(framedContent(content))
  }

  const letter: PageHandler = async (c) => {
    const content = await findContent(db, c.get('network').id, id(c))
    if (typeof content !== 'object' || content.channel !== 'print' || !deps.letterPdf) throw new HTTPException(404)
    const pdf = await deps.letterPdf(content)
    return c.body(new Uint8Array(pdf), 200, {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="letter-${id(c)}.pdf"`,
      'cache-control': 'no-store',
    })
  }

  const contact: PageHandler = async (c) => {
    const network = c.get('network')
    const { cursor } = parsed(pageQuery, c.req.query())
    const detail = await findContact(db, network.id, id(c), businessNow(wall.now(), network))
    if (!detail) throw new HTTPException(404)
    const page = await contactTimeline(db, network.id, detail.contact.id, cursor)
    return sendPage(c, <ContactPage view={view(c)} detail={detail} steps={page.steps} next={page.next} />)
  }

  return { home, campaign, moveClock, outbox, delivery, deliveryContent, letter, contact }
}

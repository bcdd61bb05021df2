import { HTTPException } from 'hono/http-exception'
import { can } from '../../../../accounts/policy.ts'
import { agendaOf, regionShares } from '../../../../campaign/agenda.ts'
import { isDraftStatus } from '../../../../campaign/draft-status.ts'
import { movedAnchors } from '../../../../campaign/launch-date.ts'
import { moveAnchor } from '../../../../campaign/move-anchor.ts'
import { MoveRefused, type Reflow, reflow } from '../../../../campaign/reflow.ts'
import { currentVersion } from '../../../../campaign/series.ts'
import { businessNow } from '../../../../clock.ts'
import type { Network } from '../../../../context.ts'
import type { PageContext, PageHandler } from '../../../../http/page-env.ts'
import { waitForNoLetters } from '../../../../outbox/letters-wait.ts'
import { BatchRefused, listBatches, markPosted } from '../../../../print-shop/batches.ts'
import { type House, idOf } from '../../../house.ts'
import { inLanguage, sendPage, type View } from '../../../view.ts'
import { campaignOf } from '../../locate.ts'
import { findCampaign } from '../queries.ts'
import { isLocalMoment, TimelinePage } from './page.tsx'

const yearMs = 366 * 24 * 3_600_000
const prefix = 'anchor.'

const saidKeys = { moved: 'timeline.moved', released: 'timeline.released', posted: 'timeline.nowPosted' } as const
/** Why dates do not move so, in the reader's words. */
const refusalText = ({ t, formats }: View, { code, about }: MoveRefused): string =>
  t(`timeline.refused.${code}`, {
    step: about.step ?? '',
    anchor: about.anchor ?? '',
    status: about.status ? t(`campaignStatuses.${about.status}`) : '',
    from: about.from ? formats.date(about.from) : '',
    to: about.to ? formats.date(about.to) : '',
  })

const isSaid = (text: string): text is keyof typeof saidKeys => Object.hasOwn(saidKeys, text)

/** A campaign's dates, and the moving of one: seen first, then confirmed. */
export function timelineRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps
  const nowIn = (network: Network) => businessNow(wall.now(), network)

  async function found(c: PageContext) {
    const campaign = await findCampaign(db, c.get('network').id, idOf(c))
    if (!campaign || isDraftStatus(campaign.status)) throw new HTTPException(404)
    return campaign
  }

  async function page(c: PageContext, given: { preview?: Reflow; refused?: string; status?: 409 | 422 }) {
    const network = c.get('network')
    const campaign = await found(c)
    const now = nowIn(network)
    const drawn = await view(c)
    const current = await currentVersion(db, network.id, campaign.id)
    const { timezone: _, ...anchors } = (current?.campaign.anchor ?? {}) as Record<string, string>
    const isGoing = ['scheduled', 'running', 'paused'].includes(campaign.status)
    const mayControl = drawn.user !== undefined && can(drawn.user, 'campaign.control', network.id)
    const said = c.req.query('said') ?? ''
    const { status, ...shown } = given
    return sendPage(
      c,
      <TimelinePage
        view={drawn}
        campaignId={campaign.id}
        title={inLanguage(campaign.title, drawn.language, campaign.name)}
        entries={
          await agendaOf(db, network, {
            campaignId: campaign.id,
            from: new Date(0),
            until: new Date(now.getTime() + yearMs),
          })
        }
        batches={await listBatches(db, network.id, campaign.id)}
        regions={await regionShares(db, network.id)}
        closures={network.settings.closures ?? []}
        timezone={network.timezone}
        now={now}
        anchors={isGoing ? Object.fromEntries(Object.entries(anchors).filter(([, text]) => isLocalMoment(text))) : {}}
        mayControl={mayControl}
        maySubscribe={drawn.user !== undefined}
        said={isSaid(said) ? drawn.t(saidKeys[said]) : undefined}
        {...shown}
      />,
      status,
    )
  }

  const seen: PageHandler = async (c) => {
    const network = c.get('network')
    const asked = anchorsIn(c.req.query())
    if (Object.keys(asked).length === 0) return page(c, {})
    const campaign = await found(c)
    try {
      const anchors = c.req.query('along') === 'yes' ? await along(network, campaign.id, asked) : asked
      return await page(c, { preview: await reflow(db, network, campaign.id, anchors, nowIn(network)) })
    } catch (error) {
      if (!(error instanceof MoveRefused)) throw error
      return page(c, { refused: refusalText(await view(c), error), status: 422 })
    }
  }

  /** The launch as asked, the other dates as many weeks on; a date that was changed by hand stays as asked. */
  async function along(network: Network, campaignId: string, asked: Record<string, string>) {
    const current = await currentVersion(db, network.id, campaignId)
    const { timezone: _, ...anchors } = (current?.campaign.anchor ?? {}) as Record<string, string>
    if (asked.launch === undefined || asked.launch === anchors.launch) return asked
    const others = movedAnchors(anchors, asked.launch)
    return Object.fromEntries(
      Object.entries(asked).map(([name, to]) => [name, to === anchors[name]?.slice(0, 16) ? (others[name] ?? to) : to]),
    )
  }

  const move: PageHandler = async (c) => {
    const network = c.get('network')
    const campaign = await found(c)
    const form = await c.req.parseBody()
    const texts = Object.fromEntries(
      Object.entries(form).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    )
    const version = Number(texts.seen)
    try {
      await moveAnchor(
        context,
        network,
        {
          campaignId: campaign.id,
          anchors: anchorsIn(texts),
          seen: Number.isInteger(version) && version > 0 ? version : undefined,
          actor: c.get('user').id,
        },
        nowIn(network),
      )
    } catch (error) {
      if (!(error instanceof MoveRefused)) throw error
      return page(c, { refused: refusalText(await view(c), error), status: 409 })
    }
    return c.redirect(`/console/campaigns/${campaign.id}/timeline?said=moved`, 303)
  }

  const release: PageHandler = async (c) => {
    const campaign = await found(c)
    const { message } = await c.req.parseBody()
    if (typeof message === 'string' && (await isOwn(c, campaign.id, message)))
      await waitForNoLetters(context, c.get('network'), { messageId: message, actor: c.get('user').id })
    return c.redirect(`/console/campaigns/${campaign.id}/timeline?said=released`, 303)
  }

  const isOwn = async (c: PageContext, campaignId: string, messageId: string) => {
    const entries = await agendaOf(db, c.get('network'), {
      campaignId,
      from: new Date(0),
      until: new Date(nowIn(c.get('network')).getTime() + yearMs),
    })
    return entries.some((entry) => entry.messageId === messageId)
  }

  const posted: PageHandler = async (c) => {
    const network = c.get('network')
    const campaign = await found(c)
    const { batch } = await c.req.parseBody()
    const own = await listBatches(db, network.id, campaign.id)
    if (typeof batch !== 'string' || !own.some((one) => one.id === batch))
      return c.redirect(`/console/campaigns/${campaign.id}/timeline`, 303)
    try {
      await markPosted(context, network, { batch, actor: c.get('user').id })
    } catch (error) {
      if (!(error instanceof BatchRefused)) throw error
      return page(c, { refused: (await view(c)).t('timeline.notPosted'), status: 409 })
    }
    return c.redirect(`/console/campaigns/${campaign.id}/timeline?said=posted`, 303)
  }

  app.get('/console/campaigns/:id/timeline', may('campaign.read', campaignOf(db)), seen)
  app.post('/console/campaigns/:id/timeline/move', may('campaign.control', campaignOf(db)), move)
  app.post('/console/campaigns/:id/timeline/release', may('campaign.control', campaignOf(db)), release)
  app.post('/console/campaigns/:id/timeline/posted', may('campaign.control', campaignOf(db)), posted)
}

const anchorsIn = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) =>
      key.startsWith(prefix) && key.length < 80 ? [[key.slice(prefix.length), value.slice(0, 100)]] : [],
    ),
  )

import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { can } from '../../../accounts/policy.ts'
import { businessNow } from '../../../clock.ts'
import { deliveries } from '../../../db/schema.ts'
import { type ReviewScope, review, reviewVerdicts, underReview } from '../../../deliver/review.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { Confirmation } from '../../ui/notice.tsx'
import { sendPage, type View } from '../../view.ts'
import { deliveryOf, networkOf } from '../locate.ts'
import { reviewGroups } from './review-groups.ts'
import { ReviewPage, reviewPath } from './review-page.tsx'

/** What the page before has just done. */
export const doneQuery = z.object({
  verdict: optional(z.enum(reviewVerdicts)),
  done: optional(z.coerce.number().int().min(0).max(100_000)),
})

/** What is decided together: a whole campaign, or one call of one of its steps. */
const scopeForm = z.object({
  verdict: z.enum(reviewVerdicts),
  campaign: anId,
  step: optional(anId),
  reason: optional(z.string().max(100)),
  worker: optional(z.string().max(200)),
  at: optional(z.iso.datetime()),
})

const scopeOf = ({ campaign, step, reason, worker, at }: z.infer<typeof scopeForm>): ReviewScope => ({
  campaignId: campaign,
  messageId: step,
  reason,
  call: worker === undefined || at === undefined ? undefined : { worker, startedAt: new Date(at) },
})

export const mayDecide = (view: View): boolean =>
  view.user !== undefined && view.network !== undefined && can(view.user, 'delivery.review', view.network.id)

/** Deciding what nobody but a person can tell: whether messages in doubt left. */
export function reviewRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps

  const list: PageHandler = async (c) => {
    const drawn = await view(c)
    const { verdict, done } = parsed(doneQuery, c.req.query())
    return sendPage(
      c,
      <ReviewPage
        view={drawn}
        groups={await reviewGroups(db, c.get('network').id)}
        mayDecide={mayDecide(drawn)}
        done={verdict !== undefined && done !== undefined ? { verdict, count: done } : undefined}
      />,
    )
  }

  const ask: PageHandler = async (c) => {
    const drawn = await view(c)
    const form = parsed(scopeForm, c.req.query())
    const count = await db.$count(deliveries, underReview(db, c.get('network').id, scopeOf(form)))
    if (count === 0) throw new HTTPException(404)
    const { t } = drawn
    const isLeft = form.verdict === 'left'
    const title = t(isLeft ? 'review.confirmLeft' : 'review.confirmNotLeft', { count })
    const fields = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined))
    return sendPage(
      c,
      <ConsolePage view={drawn} title={title} current="outbox">
        <Confirmation
          view={drawn}
          title={title}
          action={inNetwork(drawn, `${reviewPath}/decide`)}
          confirm={t(isLeft ? 'review.yesLeft' : 'review.yesNotLeft')}
          back={inNetwork(drawn, reviewPath)}
          isDangerous={!isLeft}
          fields={fields as Record<string, string>}
        >
          <p>{t(isLeft ? 'review.leftWhat' : 'review.notLeftWhat')}</p>
        </Confirmation>
      </ConsolePage>,
    )
  }

  const decided = async (c: PageContext, scope: ReviewScope, verdict: z.infer<typeof scopeForm>['verdict']) => {
    const network = c.get('network')
    return review(context, network, { scope, verdict, actor: c.get('user').id }, businessNow(wall.now(), network))
  }

  const decide: PageHandler = async (c) => {
    const form = parsed(scopeForm, await c.req.parseBody())
    const done = await decided(c, scopeOf(form), form.verdict)
    const query = new URLSearchParams({
      network: c.get('network').name,
      verdict: form.verdict,
      done: String(done),
    })
    return c.redirect(`${reviewPath}?${query}`, 303)
  }

  const decideOne: PageHandler = async (c) => {
    const { verdict } = parsed(scopeForm.pick({ verdict: true }), await c.req.parseBody())
    const done = await decided(c, { ids: [idOf(c)] }, verdict)
    return c.redirect(`/console/outbox/${idOf(c)}?verdict=${verdict}&done=${done}`, 303)
  }

  app.get(reviewPath, may('delivery.review', networkOf(db)), list)
  app.get(`${reviewPath}/decide`, may('delivery.review', networkOf(db)), ask)
  app.post(`${reviewPath}/decide`, may('delivery.review', networkOf(db)), decide)
  app.post('/console/outbox/:id/review', may('delivery.review', deliveryOf(db)), decideOne)
}

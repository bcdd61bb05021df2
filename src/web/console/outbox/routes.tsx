import { HTTPException } from 'hono/http-exception'
import QRCode from 'qrcode'
import { z } from 'zod'
import type { Content } from '../../../channel.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { channelNames, deliveryStatuses } from '../../../words.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { deliveryOf, networkOf } from '../locate.ts'
import { DeliveryPage } from './delivery.tsx'
import { findContent, findDelivery } from './find-delivery.ts'
import { framedContent } from './framed-content.ts'
import { listOutbox, stepChoices } from './list.ts'
import { OutboxPage } from './outbox.tsx'
import { doneQuery, mayDecide, reviewRoutes } from './review-routes.tsx'

const outboxQuery = z.object({
  channel: optional(z.enum(channelNames)),
  status: optional(z.enum(deliveryStatuses)),
  step: optional(anId),
  cursor: optional(anId),
})

/** What is owed and what left: every delivery, and each one whole. */
export function outboxRoutes(house: House): void {
  const { app, deps, view } = house
  const { may } = house.guards
  const { db } = deps

  const outbox: PageHandler = async (c) => {
    const network = c.get('network')
    const filter = parsed(outboxQuery, c.req.query())
    const page = await listOutbox(db, network.id, c.get('scope'), filter)
    return sendPage(
      c,
      <OutboxPage
        view={await view(c)}
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
    const detail = await findDelivery(db, network.id, c.get('scope'), idOf(c))
    if (!detail) throw new HTTPException(404)
    const content = await findContent(db, network.id, detail.delivery.id)
    const drawn = await view(c)
    const { verdict, done } = parsed(doneQuery, c.req.query())
    return sendPage(
      c,
      <DeliveryPage
        view={drawn}
        mayDecide={mayDecide(drawn)}
        done={verdict !== undefined && done !== undefined ? { verdict, count: done } : undefined}
        detail={detail}
        content={content}
        qrSvg={await qrOf(content)}
        hasPdf={deps.letterPdf !== undefined}
      />,
    )
  }

  const deliveryContent: PageHandler = async (c) => {
    const content = await findContent(db, c.get('network').id, idOf(c))
    if (typeof content !== 'object' || (content.channel !== 'email' && content.channel !== 'intranet'))
      throw new HTTPException(404)
    c.header('cache-control', 'no-store')
    return c.html(framedContent(content))
  }

  const letter: PageHandler = async (c) => {
    const content = await findContent(db, c.get('network').id, idOf(c))
    if (typeof content !== 'object' || content.channel !== 'print' || !deps.letterPdf) throw new HTTPException(404)
    const pdf = await deps.letterPdf(content)
    return c.body(new Uint8Array(pdf), 200, {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="letter-${idOf(c)}.pdf"`,
      'cache-control': 'no-store',
    })
  }

  // Before the deliveries: its address would be one of theirs.
  reviewRoutes(house)
  app.get('/console/outbox', may('delivery.read', networkOf(db)), outbox)
  app.get('/console/outbox/:id', may('delivery.read', deliveryOf(db)), delivery)
  app.get('/console/outbox/:id/content', may('delivery.read', deliveryOf(db)), deliveryContent)
  app.get('/console/outbox/:id/letter.pdf', may('delivery.read', deliveryOf(db)), letter)
}

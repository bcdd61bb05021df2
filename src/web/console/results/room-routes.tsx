import { and, desc, eq, isNotNull, lt, ne } from 'drizzle-orm'
import { z } from 'zod'
import { businessNow } from '../../../clock.ts'
import { campaigns } from '../../../db/schema.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { answersCampaign } from '../../../inbox/answer-step.ts'
import { pooledEffect } from '../../../results/effect.ts'
import { type House, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { keptWork } from '../campaigns/kept-work.ts'
import { networkOf } from '../locate.ts'
import { ResultsRoom, type RoomProps } from './room.tsx'

const pageSize = 25
const query = z.object({ cursor: optional(z.string().max(100)) })

/** The way to the results for whoever may read them, campaigns or not: all launched campaigns, and what they changed. */
export function resultRoomRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const counted = keptWork<RoomProps['effect']>(deps)

  const room: PageHandler = async (c) => {
    const network = c.get('network')
    const { cursor } = parsed(query, c.req.query())
    const rows = await db
      .select({
        ...{ id: campaigns.id, name: campaigns.name, title: campaigns.title, status: campaigns.status },
        launchedAt: campaigns.launchedAt,
      })
      .from(campaigns)
      .where(
        and(
          eq(campaigns.networkId, network.id),
          isNotNull(campaigns.launchedAt),
          ne(campaigns.name, answersCampaign),
          cursor ? lt(campaigns.id, cursor) : undefined,
        ),
      )
      .orderBy(desc(campaigns.id))
      .limit(pageSize + 1)
    // The draw was of the whole network: who sees a part of it is shown no comparison.
    const isPart = c.get('scope').of !== 'network'
    const effect = isPart
      ? undefined
      : await counted(network, '', () => pooledEffect(db, network.id, businessNow(wall.now(), network)))
    if (!isPart && !effect) c.header('refresh', '2')
    const page = rows.slice(0, pageSize)
    return sendPage(
      c,
      <ResultsRoom
        view={await view(c)}
        rows={page}
        isPart={isPart}
        effect={effect}
        isContinued={cursor !== undefined}
        next={rows.length > pageSize ? page.at(-1)!.id : undefined}
      />,
    )
  }

  app.get('/console/results', may('result.read', networkOf(db)), room)
}

import { eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { audit } from '../../../accounts/audit.ts'
import { scopeFor } from '../../../accounts/policy.ts'
import { findChallenge } from '../../../challenge/challenge.ts'
import { businessNow } from '../../../clock.ts'
import { segments } from '../../../db/schema.ts'
import { experimentsOf } from '../../../experiment/outcome.ts'
import { csvOf } from '../../../export/csv.ts'
import { type ExportTable, streamOf } from '../../../export/table.ts'
import { xlsxOf } from '../../../export/xlsx.ts'
import { attachment } from '../../../http/attachment.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { campaignEffect, type Effect } from '../../../results/effect.ts'
import { type Asked, campaignFunnel } from '../../../results/funnel.ts'
import {
  type Dimension,
  dimensions,
  type RollUpQuery,
  rollUp,
  rollUpSorts,
  withheldGroup,
} from '../../../results/roll-up.ts'
import { type House, idOf, optional, parsed } from '../../house.ts'
import { inLanguage, sendPage, type View } from '../../view.ts'
import { keptWork } from '../campaigns/kept-work.ts'
import { type CampaignRow, findCampaign } from '../campaigns/queries.ts'
import { campaignOf } from '../locate.ts'
import { listAddress } from '../network/list-address.ts'
import { effectTable } from './effect-table.ts'
import { groupTable, peopleTable, reasonTable, stepTable } from './files.ts'
import type { Groups } from './groups.tsx'
import { filesOfPeople, type ResultFile, ResultsPage, type ResultsProps, resultFiles } from './page.tsx'
import { resultsPdf } from './pdf.ts'
import { resultRoomRoutes } from './room-routes.tsx'

const pageQuery = z.object({
  by: optional(z.enum(dimensions)),
  sort: optional(z.enum(rollUpSorts)),
  direction: optional(z.enum(['up', 'down'])),
  cursor: optional(z.string().max(1_000)),
})
const exportForm = z.object({ file: z.enum(resultFiles), by: optional(z.enum(dimensions)) })
const place = z.tuple([z.union([z.string(), z.number()]), z.string()])

const cursorOf = (next: readonly [string | number, string] | undefined): string | undefined =>
  next && Buffer.from(JSON.stringify(next)).toString('base64url')

/** Where a page of groups begins. Throws 400 for a cursor made elsewhere, or for another order. */
function placeOf(view: View, cursor: string | undefined, sort: (typeof rollUpSorts)[number]) {
  if (cursor === undefined) return undefined
  try {
    const found = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if ((typeof found[0] === 'string') === (sort === 'name')) return found
  } catch {
    // Said below, as for one of another order.
  }
  throw new HTTPException(400, { message: view.t('results.badCursor') })
}

/** Results of a campaign: to look at, for who may see the network or a part of it, and to take away. */
export function resultRoutes(house: House): void {
  const {
    app,
    deps,
    view,
    guards: { may },
  } = house
  resultRoomRoutes(house)
  const { db, wall } = deps
  const counted = keptWork<ResultsProps['found']>(deps, 0)

  const campaignAsked = async (c: PageContext): Promise<CampaignRow> => {
    const found = await findCampaign(db, c.get('network').id, idOf(c))
    if (!found) throw new HTTPException(404)
    return found
  }
  const askedOf = (c: PageContext, campaign: CampaignRow): Asked => ({
    networkId: c.get('network').id,
    campaignId: campaign.id,
    currency: c.get('network').currency,
    scope: c.get('scope'),
  })

  /** The draw is of the whole network's outlets: of a part of them nothing can be told. */
  const effectOf = async (asked: Asked, now: Date): Promise<Effect | undefined> =>
    asked.scope.of === 'network'
      ? campaignEffect(db, { networkId: asked.networkId, campaignId: asked.campaignId, now })
      : undefined

  async function titlesOf(networkId: string, by: Dimension): Promise<Groups['titles']> {
    if (by !== 'segment') return new Map()
    const rows = await db
      .select({ id: segments.id, title: segments.title })
      .from(segments)
      .where(eq(segments.networkId, networkId))
    return new Map(rows.map(({ id, title }) => [id, title]))
  }

  async function groupsOf(asked: Asked, query: RollUpQuery): Promise<Groups> {
    const { by, sort = 'name', direction = 'up' } = query
    const { rows, next } = await rollUp(db, asked, query)
    return {
      ...{ by, rows, sort: { by: sort, direction }, next: cursorOf(next), isContinued: query.after !== undefined },
      withheld: await withheldGroup(db, asked, by),
      titles: await titlesOf(asked.networkId, by),
    }
  }

  const results: PageHandler = async (c) => {
    const network = c.get('network')
    const campaign = await campaignAsked(c)
    const given = parsed(pageQuery, c.req.query())
    const { by = 'site', sort = 'name', direction = 'up', cursor } = given
    const drawn = await view(c)
    const asked = askedOf(c, campaign)
    const after = placeOf(drawn, cursor, sort)
    const about = JSON.stringify([campaign.id, asked.scope, by, sort, direction, after])
    const found = await counted(network, about, async () => ({
      steps: await campaignFunnel(db, asked),
      groups: await groupsOf(asked, { by, sort, direction, after }),
      experiments: asked.scope.of === 'network' ? await experimentsOf(db, network.id, campaign.id) : [],
      effect: await effectOf(asked, businessNow(wall.now(), network)),
    }))
    // Without script too: the page comes back by itself until the figures are there.
    if (!found) c.header('refresh', '2')
    const url = listAddress(drawn, `/console/campaigns/${campaign.id}/results`, {
      by: given.by,
      sort: given.sort,
      direction: given.direction,
    })
    return sendPage(
      c,
      <ResultsPage
        view={drawn}
        campaign={campaign}
        found={found}
        isPart={asked.scope.of !== 'network'}
        hasChallenge={(await findChallenge(db, network.id, campaign.id)) !== undefined}
        url={url}
      />,
    )
  }

  const take: PageHandler = async (c) => {
    const network = c.get('network')
    const campaign = await campaignAsked(c)
    const { file, by = 'site' } = parsed(exportForm, await c.req.parseBody())
    const drawn = await view(c)
    const asked = askedOf(c, campaign)
    if (filesOfPeople.includes(file)) {
      // Names are for those who may read the people, and those people only.
      const people = scopeFor(c.get('user'), 'contact.read', network.id)
      if (!people) throw new HTTPException(403)
      if (asked.scope.of === 'network') asked.scope = people
    }
    await db.transaction((tx) =>
      audit(tx, {
        networkId: network.id,
        actor: c.get('user').id,
        action: 'result.export',
        subject: campaign.id,
        data: { file, ...(file === 'groups' || file === 'tables' ? { by } : {}) },
        at: wall.now(),
      }),
    )
    const now = businessNow(wall.now(), network)
    const title = inLanguage(campaign.title, drawn.language, campaign.name)
    const name = drawn.t(filesOfPeople.includes(file) ? 'results.peopleFileName' : 'results.fileName', {
      campaign: title,
    })
    c.header('cache-control', 'no-store')
    c.header('content-disposition', attachment(`${name}.${endings[file]}`))
    c.header('content-type', types[endings[file]])
    if (file === 'page') {
      const sheet = {
        ...{ title: drawn.t('results.of', { campaign: title }), currency: network.currency, now },
        facts: [network.title, drawn.t(`campaignStatuses.${campaign.status}`)],
        steps: await campaignFunnel(db, asked),
        regions: await groupsOf(asked, { by: 'region', sort: 'sent', direction: 'down', limit: 500 }),
        effect: await effectOf(asked, now),
      }
      return c.body(new Uint8Array(await resultsPdf(drawn, sheet)))
    }
    const tables = await tablesOf(drawn, file, asked, by, now)
    return c.body(streamOf(endings[file] === 'csv' ? csvOf(tables[0]!, drawn.language) : xlsxOf(tables, now)))
  }

  async function tablesOf(
    drawn: View,
    file: ResultFile,
    asked: Asked,
    by: Dimension,
    now: Date,
  ): Promise<ExportTable[]> {
    if (file === 'people' || file === 'peopleCsv') return [peopleTable(drawn, db, asked)]
    const titles = await titlesOf(asked.networkId, by)
    const groups = groupTable(drawn, db, asked, by, titles)
    if (file === 'groups') return [groups]
    const steps = await campaignFunnel(db, asked)
    const effect = asked.scope.of === 'network' ? [effectTable(drawn, await effectOf(asked, now))] : []
    return [stepTable(drawn, steps, asked.currency), reasonTable(drawn, steps), groups, ...effect]
  }

  app.get('/console/campaigns/:id/results', may('result.read', campaignOf(db)), results)
  app.post('/console/campaigns/:id/results/export', may('result.export', campaignOf(db)), take)
}

const endings = { page: 'pdf', tables: 'xlsx', groups: 'csv', people: 'xlsx', peopleCsv: 'csv' } as const
const types = {
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const satisfies Record<(typeof endings)[ResultFile], string>

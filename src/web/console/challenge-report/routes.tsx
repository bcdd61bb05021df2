import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { audit } from '../../../accounts/audit.ts'
import { findChallenge } from '../../../challenge/challenge.ts'
import { groupings, outletPage, type ReportAsked } from '../../../challenge/report/groups.ts'
import { challengeReport } from '../../../challenge/report/report.ts'
import { budgetOf } from '../../../challenge/reward/prizes.ts'
import { businessNow } from '../../../clock.ts'
import { csvOf } from '../../../export/csv.ts'
import { streamOf } from '../../../export/table.ts'
import { xlsxOf } from '../../../export/xlsx.ts'
import { attachment } from '../../../http/attachment.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { keptWork } from '../campaigns/kept-work.ts'
import { findCampaign } from '../campaigns/queries.ts'
import { campaignOf } from '../locate.ts'
import { listAddress } from '../network/list-address.ts'
import { ChallengeFrame, titleOf } from '../ranking/challenge-tabs.tsx'
import { stepTable } from '../results/files.ts'
import { groupTable, outletTable, wholeTable } from './files.ts'
import { type ReportFile, ReportPage, type ReportProps, reportFiles } from './page.tsx'
import { reportPdf } from './pdf.ts'

const pageQuery = z.object({ by: optional(z.enum(groupings)), cursor: optional(anId) })
const exportForm = z.object({ file: z.enum(reportFiles) })

/** The report of a campaign's challenge: to look at, for who may see the network or a part of it, and to take away. */
export function challengeReportRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const counted = keptWork<ReportProps['found']>(deps, 0)

  const askedOf = async (c: PageContext) => {
    const network = c.get('network')
    const campaign = await findCampaign(db, network.id, idOf(c))
    if (!campaign) throw new HTTPException(404)
    const challenge = await findChallenge(db, network.id, campaign.id)
    const asked: ReportAsked | undefined = challenge && { challenge, currency: network.currency, scope: c.get('scope') }
    return { network, campaign, asked, now: businessNow(wall.now(), network) }
  }

  const show: PageHandler = async (c) => {
    const { network, campaign, asked, now } = await askedOf(c)
    const drawn = await view(c)
    if (!asked) {
      const title = drawn.t('challengeReport.title', { campaign: titleOf(drawn, campaign) })
      return sendPage(
        c,
        <ChallengeFrame view={drawn} campaign={campaign} title={title} lead={drawn.t('ranking.none')} />,
      )
    }
    const { by = 'league', cursor } = parsed(pageQuery, c.req.query())
    const about = JSON.stringify(['challenge', campaign.id, asked.scope, by === 'site', cursor])
    const found = await counted(network, about, async () => ({
      report: await challengeReport(db, asked, now),
      budget: await budgetOf(db, network.id, asked.challenge.id),
      ...(by === 'site' ? { outlets: await outletPage(db, asked, cursor) } : {}),
    }))
    // Without script too: the page comes back by itself until the figures are there.
    if (!found) c.header('refresh', '2')
    return sendPage(
      c,
      <ReportPage
        view={drawn}
        campaign={campaign}
        challenge={asked.challenge}
        by={by}
        found={found}
        isContinued={cursor !== undefined}
        isPart={asked.scope.of !== 'network'}
        url={listAddress(drawn, `/console/campaigns/${campaign.id}/report`, { by })}
      />,
    )
  }

  const take: PageHandler = async (c) => {
    const { network, campaign, asked, now } = await askedOf(c)
    if (!asked) throw new HTTPException(404)
    const { file } = parsed(exportForm, await c.req.parseBody())
    const drawn = await view(c)
    await db.transaction((tx) =>
      audit(tx, {
        ...{ networkId: network.id, actor: c.get('user').id, action: 'result.export', subject: campaign.id },
        data: { file: `challenge ${file}` },
        at: wall.now(),
      }),
    )
    const { challenge, currency, scope } = asked
    const title = drawn.t('challengeReport.title', { campaign: titleOf(drawn, campaign) })
    c.header('cache-control', 'no-store')
    c.header('content-disposition', attachment(`${title}.${endings[file]}`))
    c.header('content-type', types[endings[file]])
    if (file === 'csv') return c.body(streamOf(csvOf(outletTable(drawn, db, asked), drawn.language)))
    const report = await challengeReport(db, asked, now)
    if (file === 'page') {
      const days = drawn.t('challengeReport.days', {
        from: drawn.formats.date(challenge.startsAt),
        to: drawn.formats.date(challenge.endsAt),
      })
      const sheet = { title, facts: [network.title, days], challenge, report, currency, now }
      return c.body(new Uint8Array(await reportPdf(drawn, { ...sheet, isPart: scope.of !== 'network' })))
    }
    const tables = [
      wholeTable(drawn, asked, report),
      stepTable(drawn, report.steps, currency),
      ...(['league', 'region', 'tier'] as const).map((by) => groupTable(drawn, challenge.rules, report, by, currency)),
      outletTable(drawn, db, asked),
    ]
    return c.body(streamOf(xlsxOf(tables, now)))
  }

  app.get('/console/campaigns/:id/report', may('result.read', campaignOf(db)), show)
  app.post('/console/campaigns/:id/report/export', may('result.export', campaignOf(db)), take)
}

const endings = { page: 'pdf', tables: 'xlsx', csv: 'csv' } as const
const types = {
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const satisfies Record<(typeof endings)[ReportFile], string>

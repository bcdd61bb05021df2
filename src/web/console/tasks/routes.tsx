import { and, desc, eq, lt } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { can } from '../../../accounts/policy.ts'
import type { PlannedStep } from '../../../campaign/plan.ts'
import { planProposal } from '../../../campaign/plan-proposal.ts'
import { previewStep } from '../../../campaign/preview.ts'
import { currentVersion } from '../../../campaign/series.ts'
import { businessNow } from '../../../clock.ts'
import type { Network } from '../../../context.ts'
import { proposalGroups, taskOutcomes } from '../../../db/schema/sequence.ts'
import { campaigns, messages, proposals } from '../../../db/schema.ts'
import { csvOf } from '../../../export/csv.ts'
import { type Cell, streamOf } from '../../../export/table.ts'
import { attachment } from '../../../http/attachment.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { doTask, openTasks } from '../../../sequence/do-task.ts'
import { actedMeanwhile, approveProposal, dismissProposal, groupSizes } from '../../../sequence/propose.ts'
import { channelNames, type Language } from '../../../words.ts'
import { type House, idOf, optional, parsed } from '../../house.ts'
import { inLanguage, sendPage, type View } from '../../view.ts'
import { networkOf, proposalOf, taskOf } from '../locate.ts'
import { type ListedProposal, ProposalPage, ProposalsPage, type ProposedWords } from './proposals-page.tsx'
import { personName, TasksPage } from './tasks-page.tsx'

const pageSize = 50
const listQuery = z.object({ cursor: optional(z.string().max(128)), done: optional(z.enum(['yes', 'no'])) })
const doneForm = z.object({ outcome: z.enum(taskOutcomes), remark: z.string().max(1_000).default('') })
const decideForm = z.object({ group: optional(z.enum(proposalGroups)) })
const decidedQuery = z.object({ done: optional(z.enum(['approved', 'dismissed', 'tooLate'])) })

/** What campaigns ask people to do, and what they propose to send. */
export function taskRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps
  const nowOf = (c: PageContext) => businessNow(wall.now(), c.get('network'))
  const inNetworkOf = (c: PageContext, path: string, done: string) =>
    c.redirect(`${path}?network=${encodeURIComponent(c.get('network').name)}&done=${done}`, 303)

  const list: PageHandler = async (c) => {
    const network = c.get('network')
    const { cursor, done } = parsed(listQuery, c.req.query())
    const page = await openTasks(db, network.id, c.get('scope'), cursor, pageSize)
    const mayDo = can(c.get('user'), 'conversation.answer', network.id)
    return sendPage(
      c,
      <TasksPage
        view={await view(c)}
        now={nowOf(c)}
        mayDo={mayDo}
        {...page}
        {...(cursor ? { cursor } : {})}
        {...(done ? { done } : {})}
      />,
    )
  }

  const finish: PageHandler = async (c) => {
    const { outcome, remark } = parsed(doneForm, await c.req.parseBody())
    const actor = c.get('user').id
    const isNew = await doTask(context, c.get('network'), { taskId: idOf(c), outcome, remark, actor }, nowOf(c))
    return inNetworkOf(c, '/console/tasks', isNew ? 'yes' : 'no')
  }

  async function* exported(c: PageContext, drawn: View): AsyncGenerator<readonly Cell[]> {
    const { id } = c.get('network')
    for (let cursor: string | undefined; ; ) {
      const { rows, next }: Awaited<ReturnType<typeof openTasks>> = await openTasks(db, id, c.get('scope'), cursor, 500)
      for (const row of rows)
        yield [
          ...[personName(row), row.site, row.phone ?? '', row.dueAt, inLanguage(row.campaign, drawn.language, '')],
          ...[row.assignee ?? '', row.note],
        ]
      if (next === undefined) return
      cursor = next
    }
  }

  const csv: PageHandler = async (c) => {
    const drawn = await view(c)
    const { t } = drawn
    const heads = [
      t('sequence.whom'),
      t('sequence.site'),
      t('sequence.phone'),
      t('sequence.due'),
      t('sequence.campaign'),
    ]
    const columns = [...heads, t('sequence.assignee'), t('sequence.remark')].map((head, index) =>
      index === 2 ? { head, kind: 'phone' as const } : { head },
    )
    c.header('content-disposition', attachment('tasks.csv'))
    c.header('content-type', 'text/csv; charset=utf-8')
    c.header('cache-control', 'no-store')
    return c.body(streamOf(csvOf({ name: 'tasks', columns, rows: exported(c, drawn) }, drawn.language)))
  }

  const listed = async (networkId: string, narrower: Parameters<typeof and>[0], limit: number) => {
    const rows = await db
      .select({
        proposal: proposals,
        campaign: campaigns.title,
        step: messages.step,
        template: messages.template,
      })
      .from(proposals)
      .innerJoin(campaigns, and(eq(campaigns.networkId, proposals.networkId), eq(campaigns.id, proposals.campaignId)))
      .innerJoin(messages, and(eq(messages.networkId, proposals.networkId), eq(messages.id, proposals.messageId)))
      .where(and(eq(proposals.networkId, networkId), narrower))
      .orderBy(desc(proposals.id))
      .limit(limit)
    return rows satisfies ListedProposal[]
  }

  const allProposals: PageHandler = async (c) => {
    const { cursor } = parsed(listQuery, c.req.query())
    const rows = await listed(c.get('network').id, cursor ? lt(proposals.id, cursor) : undefined, pageSize + 1)
    const page = rows.slice(0, pageSize)
    const next = rows.length > pageSize ? page.at(-1)?.proposal.id : undefined
    return sendPage(c, <ProposalsPage view={await view(c)} rows={page} now={nowOf(c)} {...(next ? { next } : {})} />)
  }

  /** Whom it would reach and the words on each channel they would come by. */
  async function whatItWouldSend(
    network: Network,
    { proposal, step }: ListedProposal,
    language: Language,
    now: Date,
  ): Promise<{ plan?: PlannedStep; words: ProposedWords[] }> {
    const current = await currentVersion(db, network.id, proposal.campaignId)
    const definition = current?.campaign.steps.find((one) => one.name === step)
    if (!current || !definition || definition.task) return { words: [] }
    const plan = await planProposal(context, network, current.campaign, { id: proposal.id, step }, now)
    const words: ProposedWords[] = []
    for (const channel of channelNames) {
      if (!plan || plan.byChannel[channel] === 0) continue
      const seen = await previewStep(context, network, current.campaign, definition, channel, language, now)
      if (seen && 'content' in seen) words.push({ channel, content: seen.content, reader: seen.reader })
    }
    return { ...(plan ? { plan } : {}), words }
  }

  const one: PageHandler = async (c) => {
    const network = c.get('network')
    const [found] = await listed(network.id, eq(proposals.id, idOf(c)), 1)
    if (!found) throw new HTTPException(404)
    const { done } = parsed(decidedQuery, c.req.query())
    const drawn = await view(c)
    return sendPage(
      c,
      <ProposalPage
        view={drawn}
        listed={found}
        {...(await whatItWouldSend(network, found, drawn.language, nowOf(c)))}
        groups={await groupSizes(db, network.id, found.proposal.id)}
        acted={await actedMeanwhile(db, found.proposal)}
        now={nowOf(c)}
        mayDecide={can(c.get('user'), 'campaign.launch', network.id)}
        {...(done ? { done } : {})}
      />,
    )
  }

  const approve: PageHandler = async (c) => {
    const { group } = parsed(decideForm, await c.req.parseBody())
    const asked = { proposalId: idOf(c), actor: c.get('user').id, ...(group ? { groups: [group] } : {}) }
    const isNew = await approveProposal(context, c.get('network'), asked, nowOf(c))
    return inNetworkOf(c, `/console/proposals/${asked.proposalId}`, isNew ? 'approved' : 'tooLate')
  }

  const dismiss: PageHandler = async (c) => {
    const asked = { proposalId: idOf(c), actor: c.get('user').id }
    const isNew = await dismissProposal(context, c.get('network'), asked, nowOf(c))
    return inNetworkOf(c, `/console/proposals/${asked.proposalId}`, isNew ? 'dismissed' : 'tooLate')
  }

  app.get('/console/tasks', may('conversation.read', networkOf(db)), list)
  app.get('/console/tasks/export.csv', may('conversation.read', networkOf(db)), csv)
  app.post('/console/tasks/:id/done', may('conversation.answer', taskOf(db)), finish)
  app.get('/console/proposals', may('campaign.read', networkOf(db)), allProposals)
  app.get('/console/proposals/:id', may('campaign.read', proposalOf(db)), one)
  app.post('/console/proposals/:id/approve', may('campaign.launch', proposalOf(db)), approve)
  app.post('/console/proposals/:id/dismiss', may('campaign.launch', proposalOf(db)), dismiss)
}

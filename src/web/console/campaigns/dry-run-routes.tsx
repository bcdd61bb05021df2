import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { can, scopeFor } from '../../../accounts/policy.ts'
import type { CampaignDefinition } from '../../../campaign/definition.ts'
import { isDraftStatus } from '../../../campaign/draft-status.ts'
import { checkText } from '../../../campaign/drafts.ts'
import { isEditable } from '../../../campaign/edit-running.ts'
import type { CampaignPlan } from '../../../campaign/plan.ts'
import { planCampaign } from '../../../campaign/plan.ts'
import { planContact } from '../../../campaign/plan-contact.ts'
import { planPeople } from '../../../campaign/plan-people.ts'
import { businessNow } from '../../../clock.ts'
import type { Network, PageContext, PageHandler } from '../../../http/page-env.ts'
import { findContact } from '../../../network/timeline.ts'
import { channelNames } from '../../../words.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { inLanguage, sendPage } from '../../view.ts'
import { campaignOf } from '../locate.ts'
import { DryRunPage } from './dry-run-page.tsx'
import { DryRunPeople, DryRunPerson } from './dry-run-people.tsx'
import { keptWork } from './kept-work.ts'
import { findCampaign, sourceOf } from './queries.ts'

/** Looking for people goes on for so long before the page is shown with those found (wall time). */
const lookMs = 900

const peopleQuery = z.object({
  step: z.string().min(1).max(100),
  occurrence: z.string().max(20).optional(),
  channel: optional(z.enum(channelNames)),
  reason: optional(z.string().max(100)),
  deferred: optional(z.literal('yes')),
  cursor: optional(anId),
})

export interface Readable {
  id: string
  title: string
  /** Tells one text of it from another. */
  hash: string
  isDraft: boolean
  /** Launched and not over: it may be changed for what is to come. */
  isEditable: boolean
  definition: CampaignDefinition
  /** As if launched now, or when it was (business time). */
  launchedAt: Date
}

/** A campaign as it would be played, or the dry run of one that was. */
export function readsCampaigns({ deps, view }: Pick<House, 'deps' | 'view'>) {
  const { db, context, wall } = deps
  const answerTo = keptWork<CampaignPlan>(deps)

  /** Undefined when the draft cannot be read as a campaign yet. */
  async function readable(c: PageContext): Promise<Readable | undefined> {
    const network = c.get('network')
    const found = await findCampaign(db, network.id, idOf(c))
    const source = found && (await sourceOf(db, network.id, found.id))
    if (!found || !source) throw new HTTPException(404)
    const now = businessNow(wall.now(), network)
    const { language } = await view(c)
    const common = { id: found.id, title: inLanguage(found.title, language, found.name), hash: source.hash }
    if (!isDraftStatus(found.status))
      return {
        ...common,
        isDraft: false,
        isEditable: isEditable(found.status),
        definition: source.definition as CampaignDefinition,
        launchedAt: found.launchedAt ?? now,
      }
    const read = await checkText(context, network, { file: `${found.name}.yaml`, text: source.text }, now)
    return read.problems
      ? undefined
      : { ...common, isDraft: true, isEditable: false, definition: read.campaign, launchedAt: now }
  }

  /** The plan, or undefined when it takes longer than a page waits. */
  const planOf = (network: Network, { id, hash, definition, launchedAt }: Readable) =>
    answerTo(network, `${id} ${hash}`, () => planCampaign(context, network, definition, launchedAt))

  return { readable, planOf }
}

export function dryRunRoutes(
  { app, deps, view, guards: { may } }: House,
  { readable, planOf }: ReturnType<typeof readsCampaigns>,
): void {
  const { db, context, wall } = deps

  const dryRun: PageHandler = async (c) => {
    const network = c.get('network')
    const campaign = await readable(c)
    if (!campaign) return c.redirect(`/console/campaigns/${idOf(c)}`, 303)
    const plan = await planOf(network, campaign)
    // Without script too: the page comes back by itself until the plan is there.
    if (!plan) c.header('refresh', '2')
    return sendPage(
      c,
      <DryRunPage
        view={await view(c)}
        campaignId={campaign.id}
        title={campaign.title}
        plan={plan}
        mayLaunch={campaign.isDraft && can(c.get('user'), 'campaign.launch', network.id)}
        mayMeet={mayMeet(c)}
        asked={c.req.query('asked')?.slice(0, 200)}
      />,
    )
  }

  /** Names are for those who may read the network's people, all of them. */
  const mayMeet = (c: PageContext) => scopeFor(c.get('user'), 'contact.read', c.get('network').id)?.of === 'network'
  const refuseStrangers = (c: PageContext) => {
    if (!mayMeet(c)) throw new HTTPException(404)
  }

  const people: PageHandler = async (c) => {
    refuseStrangers(c)
    const network = c.get('network')
    const { deferred, cursor, ...asked } = parsed(peopleQuery, c.req.query())
    const campaign = await readable(c)
    if (!campaign) return c.redirect(`/console/campaigns/${idOf(c)}`, 303)
    const startedAt = wall.now().getTime()
    const filter = { ...asked, isDeferred: deferred === 'yes' }
    const page = await planPeople(
      context,
      network,
      campaign.definition,
      filter,
      campaign.launchedAt,
      cursor ?? '',
      () => wall.now().getTime() - startedAt > lookMs,
    )
    return sendPage(
      c,
      <DryRunPeople
        view={await view(c)}
        campaignId={campaign.id}
        title={campaign.title}
        filter={filter}
        page={page}
        isContinued={cursor !== undefined}
      />,
    )
  }

  const person: PageHandler = async (c) => {
    refuseStrangers(c)
    const network = c.get('network')
    const campaign = await readable(c)
    const here = `/console/campaigns/${idOf(c)}`
    if (!campaign) return c.redirect(here, 303)
    const asked = (c.req.query('q') ?? '').trim().slice(0, 200)
    const contact = asked === '' ? undefined : await findContact(db, network.id, asked)
    if (!contact) return c.redirect(`${here}/plan?${new URLSearchParams({ asked })}#person`, 303)
    const plan = await planContact(context, network, campaign.definition, contact.id, campaign.launchedAt)
    return sendPage(
      c,
      <DryRunPerson
        view={await view(c)}
        campaignId={campaign.id}
        title={campaign.title}
        contact={{ id: contact.id, name: [contact.firstName, contact.lastName].filter(Boolean).join(' ') }}
        plan={plan}
      />,
    )
  }

  app.get('/console/campaigns/:id/plan', may('campaign.read', campaignOf(db)), dryRun)
  app.get('/console/campaigns/:id/plan/people', may('campaign.read', campaignOf(db)), people)
  app.get('/console/campaigns/:id/plan/person', may('campaign.read', campaignOf(db)), person)
}

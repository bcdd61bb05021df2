import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { findChallenge } from '../../../challenge/challenge.ts'
import { localDay } from '../../../challenge/result.ts'
import { centsOf } from '../../../challenge/reward/amount.ts'
import { confirmSimulation, rulesHashOf, simulationsOf } from '../../../challenge/simulation/keep.ts'
import { type Reject, UnreadableResults } from '../../../challenge/simulation/read-results.ts'
import { runSimulation, yearBefore } from '../../../challenge/simulation/run.ts'
import { businessNow } from '../../../clock.ts'
import { upload } from '../../../http/body.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { anId, type House, idOf, parsed } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { findCampaign } from '../campaigns/queries.ts'
import { campaignOf } from '../locate.ts'
import { ChallengeFrame, titleOf } from './challenge-tabs.tsx'
import { rulesOfCampaign } from './rules-of.ts'
import { SimulationPage } from './simulation-page.tsx'

/** A year of results of ten thousand people, a line a month, is half of that. */
const largestFile = 10 * 1024 * 1024

/** Replays of past results under the rules of a campaign, launched or not. */
export function simulationRoutes({ app, deps: { db, wall }, view, guards: { may } }: House): void {
  async function asked(c: PageContext) {
    const network = c.get('network')
    const campaign = await findCampaign(db, network.id, idOf(c))
    if (!campaign) throw new HTTPException(404)
    const challenge = await findChallenge(db, network.id, campaign.id)
    const rules = challenge?.rules ?? (await rulesOfCampaign(db, network.id, campaign.id))
    return { network, campaign, challenge, rules, now: businessNow(wall.now(), network) }
  }

  async function show(
    c: PageContext,
    given: { rejects?: readonly Reject[]; problems?: Problems; values?: Record<string, string> } = {},
  ) {
    const { network, campaign, challenge, rules, now } = await asked(c)
    const drawn = await view(c)
    if (!rules) {
      const title = drawn.t('simulation.of', { campaign: titleOf(drawn, campaign) })
      const lead = drawn.t('simulation.noRules')
      return sendPage(c, <ChallengeFrame view={drawn} campaign={campaign} title={title} lead={lead} />)
    }
    const hash = rulesHashOf(rules)
    const last = (await simulationsOf(db, network.id, campaign.name)).find(({ rulesHash }) => rulesHash === hash)
    const day = (at: Date) => yearBefore(localDay(at, network.timezone))
    const period = { from: day(challenge?.startsAt ?? now), to: day(challenge?.endsAt ?? now) }
    return sendPage(
      c,
      <SimulationPage
        view={drawn}
        isLaunched={challenge !== undefined}
        campaign={campaign}
        last={last}
        rejects={given.rejects ?? []}
        problems={given.problems}
        values={{ ...period, ...given.values }}
      />,
      given.problems ? 422 : 200,
    )
  }

  const run: PageHandler = async (c) => {
    const { network, campaign, rules, now } = await asked(c)
    if (!rules) throw new HTTPException(404)
    const form = await c.req.parseBody()
    const { t } = await view(c)
    const text = (name: string) => (typeof form[name] === 'string' ? (form[name] as string).trim().slice(0, 200) : '')
    const values = {
      from: text('from'),
      to: text('to'),
      reachedPrize: text('reachedPrize'),
      topPrizes: text('topPrizes'),
    }
    const problems: Record<string, string> = {}
    const file = form.file
    const isGiven = file instanceof File && file.size > 0
    const isDay = (day: string) => z.iso.date().safeParse(day).success
    if (!isDay(values.from) || !isDay(values.to) || values.to < values.from) problems.to = t('simulation.badPeriod')
    const reachedCents = values.reachedPrize === '' ? 0 : centsOf(values.reachedPrize)
    const topCents = values.topPrizes === '' ? [] : values.topPrizes.split(';').map((one) => centsOf(one))
    if (reachedCents === undefined) problems.reachedPrize = t('rewards.badValue')
    if (topCents.some((one) => one === undefined)) problems.topPrizes = t('rewards.badValue')
    if (Object.keys(problems).length > 0) return show(c, { problems, values })
    try {
      const { rejects, kept } = await runSimulation(db, {
        ...{ networkId: network.id, campaign: campaign.name, rules, period: { from: values.from, to: values.to } },
        file: isGiven ? await (file as File).text() : undefined,
        prizes: { reachedCents: reachedCents!, topCents: topCents as number[] },
        ...{ by: c.get('user').id, at: now, wallAt: wall.now() },
      })
      if (!kept)
        return show(c, { rejects, problems: { file: t(`simulation.${isGiven ? 'nobody' : 'noFile'}`) }, values })
      return show(c, { rejects, values })
    } catch (error) {
      if (!(error instanceof UnreadableResults)) throw error
      return show(c, { problems: { file: t('simulation.badFile', { missing: error.missing.join(', ') }) }, values })
    }
  }

  const confirm: PageHandler = async (c) => {
    const { network, now } = await asked(c)
    const form = parsed(z.object({ simulation: anId, reason: z.string().max(500) }), await c.req.parseBody())
    const { t } = await view(c)
    if (form.reason.trim() === '') return show(c, { problems: { reason: t('simulation.reasonMissing') } })
    const said = { reason: form.reason, by: c.get('user').id, at: now, wallAt: wall.now() }
    await confirmSimulation(db, network.id, form.simulation, said)
    return c.redirect(`/console/campaigns/${idOf(c)}/simulation`, 303)
  }

  app.get('/console/campaigns/:id/simulation', may('campaign.read', campaignOf(db)), (c) => show(c))
  app.post('/console/campaigns/:id/simulation', may('campaign.write', campaignOf(db)), upload(largestFile), run)
  app.post('/console/campaigns/:id/simulation/confirm', may('campaign.approve', campaignOf(db)), confirm)
}

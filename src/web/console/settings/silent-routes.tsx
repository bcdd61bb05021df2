import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { scopeFor } from '../../../accounts/policy.ts'
import { CampaignProblems } from '../../../campaign/problems.ts'
import { businessNow } from '../../../clock.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { endedAsks } from '../../../retention/ended-asks.ts'
import { answerDaysBetween, changeSilenceRule, silenceRuleOf } from '../../../retention/silence-rule.ts'
import { silentPeople } from '../../../retention/silent.ts'
import { beginStayCampaign, stayCampaignOf } from '../../../retention/stay-campaign.ts'
import { ownTerms, termOf } from '../../../retention/terms.ts'
import { release, withhold } from '../../../retention/withhold.ts'
import { type House, optional, parsed } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, fieldsOf, orNotFound } from './form-fields.ts'
import { isDone } from './settings-page.tsx'
import { SilentPage } from './silent.tsx'

const list = '/console/settings/retention/silent'
const query = z.object({ cursor: optional(z.string().max(100)), done: optional(z.string().max(40)) })

/** Prospects nobody has heard of: whether they are asked, who they are, and who is kept all the same. */
export function silentRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall, context } = deps
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })

  /** Names people, so it is for who may read all of them: a part of the network would be no list to go by. */
  const refuseParts = (c: PageContext) => {
    if (scopeFor(c.get('user'), 'contact.read', c.get('network').id)?.of !== 'network') throw new HTTPException(403)
  }

  const page = async (
    c: PageContext,
    edited?: { rule: { isAsked: boolean; answerDays: string }; problems: Problems },
  ) => {
    refuseParts(c)
    const network = c.get('network')
    const { cursor, done } = parsed(query, c.req.query())
    const { people, next } = await silentPeople(db, network, businessNow(wall.now(), network), cursor)
    const rule = silenceRuleOf(network.settings)
    return sendPage(
      c,
      <SilentPage
        view={await view(c)}
        months={termOf('silence', network.settings)}
        own={ownTerms(network.settings).silence}
        rule={edited?.rule ?? { ...rule, answerDays: String(rule.answerDays) }}
        problems={edited?.problems ?? {}}
        campaign={await stayCampaignOf(db, network.id)}
        people={people}
        ended={cursor === undefined ? await endedAsks(db, network.id) : []}
        next={next}
        isContinued={cursor !== undefined}
        done={isDone(done) ? done : undefined}
      />,
      edited ? 422 : 200,
    )
  }

  /** The campaign that asks is begun first: a switch that is on has one. */
  const save: PageHandler = async (c) => {
    const { t } = await view(c)
    const network = c.get('network')
    const values = await fieldsOf(c)
    const rule = { isAsked: values.isAsked !== undefined, answerDays: values.answerDays ?? '' }
    const [least, most] = answerDaysBetween
    const answerDays = /^\d{1,3}$/.test(rule.answerDays) ? Number(rule.answerDays) : 0
    if (answerDays < least || answerDays > most)
      return page(c, { rule, problems: { answerDays: t('settings.silent.badDays', { least, most }) } })
    if (rule.isAsked)
      try {
        await beginStayCampaign(context, network, c.get('user').id)
      } catch (error) {
        if (!(error instanceof CampaignProblems)) throw error
        return page(c, { rule, problems: { isAsked: t('settings.silent.badWords', { problem: error.message }) } })
      }
    await db.transaction((tx) => changeSilenceRule(tx, actOf(c), { isAsked: rule.isAsked, answerDays }))
    return backTo(c, list, 'saved')
  }

  const keep: PageHandler = async (c) => {
    refuseParts(c)
    const { keep: wanted } = await fieldsOf(c)
    const now = businessNow(wall.now(), c.get('network'))
    const one = { ...actOf(c), now, contactId: orNotFound(c.req.param('contact')) }
    await db.transaction((tx) => (wanted === 'no' ? release : withhold)(tx, one))
    return backTo(c, list, 'saved')
  }

  app.get(list, may('settings.read', networkOf(db)), (c) => page(c))
  app.post(list, may('settings.write', networkOf(db)), save)
  app.post(`${list}/:contact`, may('settings.write', networkOf(db)), keep)
}

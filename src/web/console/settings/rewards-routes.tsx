import { z } from 'zod'
import { centsOf } from '../../../challenge/reward/amount.ts'
import { smicReferences } from '../../../challenge/reward/smic.ts'
import {
  removeSmic,
  setSmic,
  setSmicReference,
  smicReferenceOf,
  smicRowsOf,
} from '../../../challenge/reward/smic-settings.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { type House, parsed } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, fieldsOf } from './form-fields.ts'
import { originIn } from './origin.tsx'
import { RewardSettingsPage } from './rewards.tsx'
import { isDone } from './settings-page.tsx'

const list = '/console/settings/rewards'
/** An hour is worth no less than this and no more, in cents: what lies outside is a month’s wage, or francs. */
const [leastHourly, mostHourly] = [100, 10_000] as const
const firstDay = '2012-01-01'

/** The figures rewards are compared with. */
export function rewardSettingsRoutes({ app, deps: { db, wall }, view, guards: { may } }: House): void {
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })

  const page = async (c: PageContext, given: { values?: Record<string, string>; problems?: Problems } = {}) => {
    const { settings } = c.get('network')
    const rows = smicRowsOf(settings)
    const drawn = await view(c)
    const asked = rows.find(({ row }) => row.from === c.req.query('from'))
    const values = asked && {
      from: asked.row.from,
      hourly: (asked.row.hourlyCents / 100).toFixed(2).replace('.', drawn.language === 'fr' ? ',' : '.'),
      ...(asked.own
        ? { source: asked.own.source, reason: asked.own.reason ?? '', checkedOn: asked.own.checkedOn }
        : {}),
    }
    const done = c.req.query('done')
    return sendPage(
      c,
      <RewardSettingsPage
        view={drawn}
        rows={rows}
        reference={smicReferenceOf(settings)}
        values={given.values ?? values ?? {}}
        problems={given.problems}
        done={isDone(done) ? done : undefined}
      />,
      given.problems ? 422 : 200,
    )
  }

  const save: PageHandler = async (c) => {
    const fields = await fieldsOf(c)
    const drawn = await view(c)
    const { from = '', hourly = '' } = fields
    const hourlyCents = centsOf(hourly)
    const origin = originIn(drawn, fields)
    const problems: Record<string, string> = {
      ...('problems' in origin ? origin.problems : {}),
      ...(z.iso.date().safeParse(from).success && from >= firstDay ? {} : { from: drawn.t('settings.problems.date') }),
      ...(hourlyCents !== undefined && hourlyCents >= leastHourly && hourlyCents <= mostHourly
        ? {}
        : { hourly: drawn.t('settings.smic.badHourly') }),
    }
    if (hourlyCents === undefined || 'problems' in origin || Object.keys(problems).length > 0)
      return page(c, { values: fields, problems })
    await db.transaction((tx) => setSmic(tx, actOf(c), { from, hourlyCents, ...origin.origin }))
    return backTo(c, list, 'saved')
  }

  const remove: PageHandler = async (c) => {
    const { from } = parsed(z.object({ from: z.iso.date() }), await fieldsOf(c))
    const isRemoved = await db.transaction((tx) => removeSmic(tx, actOf(c), from))
    return backTo(c, list, isRemoved ? 'restored' : undefined)
  }

  const reference: PageHandler = async (c) => {
    const form = parsed(z.object({ reference: z.enum(smicReferences) }), await fieldsOf(c))
    await db.transaction((tx) => setSmicReference(tx, actOf(c), form.reference))
    return backTo(c, list, 'saved')
  }

  app.get(list, may('settings.read', networkOf(db)), (c) => page(c))
  app.post(list, may('settings.write', networkOf(db)), save)
  app.post(`${list}/remove`, may('settings.write', networkOf(db)), remove)
  app.post(`${list}/reference`, may('settings.write', networkOf(db)), reference)
}

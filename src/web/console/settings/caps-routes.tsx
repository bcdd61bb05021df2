import { and, eq, sum } from 'drizzle-orm'
import { audit } from '../../../accounts/audit.ts'
import { spends } from '../../../db/schema.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { changeBudget } from '../../../network/change-settings.ts'
import { type Cap, changeRouting, overridesIn } from '../../../network/routing-settings.ts'
import { localDay } from '../../../outbox/spend.ts'
import { currentPolicy } from '../../../outbox/step.ts'
import { defaultPolicy } from '../../../routing/default-policy.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { type CapsFields, CapsPage } from './caps.tsx'
import { amountText, backTo, fieldsOf, millisOf } from './form-fields.ts'
import { originIn } from './origin.tsx'
import { isDone } from './settings-page.tsx'

const list = '/console/settings/caps'

interface Shown {
  values?: CapsFields
  problems?: Problems
  budgetValues?: CapsFields
  budgetProblems?: Problems
}

/** How many messages are enough, and how much a day may cost. */
export function capsRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })

  const page = async (c: PageContext, shown: Shown = {}, status: 200 | 422 = 200) => {
    const network = c.get('network')
    const drawn = await view(c)
    const { caps: own } = overridesIn(network.settings)
    const { currency } = (await currentPolicy(db, network.id)).values
    const [row] = await db
      .select({ millis: sum(spends.costMillis) })
      .from(spends)
      .where(
        and(
          eq(spends.networkId, network.id),
          eq(spends.day, localDay(network.timezone, drawn.now)),
          eq(spends.currency, currency),
        ),
      )
    const budget = network.settings.dailyBudget
    const done = c.req.query('done')
    return sendPage(
      c,
      <CapsPage
        view={drawn}
        own={own}
        budget={budget}
        currency={currency}
        spentMillis={Number(row?.millis ?? 0)}
        values={
          shown.values ?? {
            ...maxFields(own?.value ?? defaultPolicy.values.caps.value),
            ...(own ? { source: own.source, reason: own.reason ?? '', checkedOn: own.checkedOn } : {}),
          }
        }
        problems={shown.problems}
        budgetValues={shown.budgetValues ?? { amount: budget ? amountText(budget.millis, drawn.language) : '' }}
        budgetProblems={shown.budgetProblems}
        done={isDone(done) ? done : undefined}
      />,
      status,
    )
  }

  const save: PageHandler = async (c) => {
    const drawn = await view(c)
    const fields = await fieldsOf(c)
    const before = overridesIn(c.get('network').settings).caps?.value ?? defaultPolicy.values.caps.value
    const problems: Record<string, string> = {}
    const caps = before.map((cap, index): Cap => {
      const text = fields[`max-${index}`] ?? ''
      if (!/^\d{1,4}$/.test(text) || Number(text) > 1_000) problems[`max-${index}`] = drawn.t('settings.problems.max')
      return { ...cap, max: Number(text) }
    })
    const from = originIn(drawn, fields)
    if ('problems' in from) Object.assign(problems, from.problems)
    if ('problems' in from || Object.keys(problems).length > 0) return page(c, { values: fields, problems }, 422)
    const act = actOf(c)
    await db.transaction(async (tx) => {
      await changeRouting(tx, act, (own) => ({ ...own, caps: { value: caps, ...from.origin, setBy: act.actor } }))
      await audit(tx, {
        ...act,
        action: 'settings.change',
        subject: 'caps',
        data: { before: capsText(before), after: capsText(caps), source: from.origin.source },
      })
    })
    return backTo(c, list, 'saved')
  }

  const restore: PageHandler = async (c) => {
    const before = overridesIn(c.get('network').settings).caps?.value
    if (before)
      await db.transaction(async (tx) => {
        await changeRouting(tx, actOf(c), ({ caps: _, ...own }) => own)
        await audit(tx, {
          ...actOf(c),
          action: 'settings.change',
          subject: 'caps',
          data: { before: capsText(before), after: capsText(defaultPolicy.values.caps.value), isDefault: true },
        })
      })
    return backTo(c, list, 'restored')
  }

  const saveBudget: PageHandler = async (c) => {
    const fields = await fieldsOf(c)
    const millis = millisOf(fields.amount ?? '')
    if (millis === undefined) {
      const { t } = await view(c)
      return page(c, { budgetValues: fields, budgetProblems: { amount: t('settings.problems.amount') } }, 422)
    }
    await db.transaction((tx) => changeBudget(tx, actOf(c), { millis }))
    return backTo(c, list, 'saved')
  }

  const removeBudget: PageHandler = async (c) => {
    await db.transaction((tx) => changeBudget(tx, actOf(c), undefined))
    return backTo(c, list, 'restored')
  }

  app.get('/console/settings/caps', may('settings.read', networkOf(db)), (c) => page(c))
  app.post('/console/settings/caps', may('settings.write', networkOf(db)), save)
  app.post('/console/settings/caps/restore', may('settings.write', networkOf(db)), restore)
  app.post('/console/settings/budget', may('settings.write', networkOf(db)), saveBudget)
  app.post('/console/settings/budget/restore', may('settings.write', networkOf(db)), removeBudget)
}

const maxFields = (caps: readonly Cap[]): CapsFields =>
  Object.fromEntries(caps.map(({ max }, index) => [`max-${index}`, String(max)]))

const capsText = (caps: readonly Cap[]): string =>
  caps.map(({ channel, subject, max, days }) => `${channel} ${subject} ${max}/${days}d`).join('; ')

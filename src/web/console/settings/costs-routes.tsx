import { audit } from '../../../accounts/audit.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { readCountry } from '../../../network/countries.ts'
import { changeRouting, type Override, overridesIn, type RoutingOverrides } from '../../../network/routing-settings.ts'
import { currentPolicy } from '../../../outbox/step.ts'
import { defaultPolicy } from '../../../routing/default-policy.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { CostFormPage, type CostRow, CostsPage } from './costs.tsx'
import { amountText, backTo, fieldsOf, millisOf, orNotFound } from './form-fields.ts'
import { changed } from './hours-key.ts'
import { originIn } from './origin.tsx'
import { isDone } from './settings-page.tsx'

const list = '/console/settings/costs'
const { costs, smsCosts = { ...costs, value: {} } } = defaultPolicy.values
const pricedChannels = ['sms', 'email', 'print'] as const
type PricedChannel = (typeof pricedChannels)[number]

/** Undefined for an item that has no price. */
function rowOf(item: string, own: RoutingOverrides): CostRow | undefined {
  const channel = pricedChannels.find((one) => one === item)
  if (channel) {
    const set = own.costs?.[channel]
    const shippedMillis = costs.value[channel]
    return { item, millis: set?.value ?? shippedMillis, shippedMillis, shipped: costs, own: set }
  }
  const [, country] = /^sms-([A-Z]{2})$/.exec(item) ?? []
  if (country === undefined) return undefined
  const set = own.smsCosts?.[country]
  const shippedMillis = smsCosts.value[country]
  const millis = set?.value ?? shippedMillis ?? own.costs?.sms?.value ?? costs.value.sms
  return { item, millis, shippedMillis, shipped: shippedMillis === undefined ? costs : smsCosts, own: set }
}

function rowsOf(own: RoutingOverrides): CostRow[] {
  const countries = [...new Set([...Object.keys(smsCosts.value), ...Object.keys(own.smsCosts ?? {})])].sort()
  return ['sms', ...countries.map((country) => `sms-${country}`), 'email', 'print'].flatMap(
    (item) => rowOf(item, own) ?? [],
  )
}

/** The network's own prices with this one set, or taken away. */
function withCost(own: RoutingOverrides, item: string, set: Override<number> | undefined): RoutingOverrides {
  return item.startsWith('sms-')
    ? { ...own, smsCosts: changed(own.smsCosts, item.slice('sms-'.length), set) }
    : { ...own, costs: changed(own.costs as Record<string, Override<number>> | undefined, item as PricedChannel, set) }
}

/** What messages cost. */
export function costsRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })
  const itemOf = (c: PageContext): CostRow =>
    orNotFound(rowOf(c.req.param('item') ?? '', overridesIn(c.get('network').settings)))
  const currencyOf = async (c: PageContext) => (await currentPolicy(db, c.get('network').id)).values.currency

  const page = async (c: PageContext, more: { newCountry?: string; problems?: Problems } = {}) => {
    const done = c.req.query('done')
    return sendPage(
      c,
      <CostsPage
        view={await view(c)}
        currency={await currencyOf(c)}
        rows={rowsOf(overridesIn(c.get('network').settings))}
        done={isDone(done) ? done : undefined}
        {...more}
      />,
      more.problems ? 422 : 200,
    )
  }

  const add: PageHandler = async (c) => {
    const { country = '' } = await fieldsOf(c)
    const code = readCountry(country)
    if (code) return c.redirect(`${list}/sms-${code}?network=${encodeURIComponent(c.get('network').name)}`, 303)
    const { t } = await view(c)
    return page(c, { newCountry: country, problems: { country: t('settings.problems.country') } })
  }

  const asked: PageHandler = async (c) => {
    const row = itemOf(c)
    const drawn = await view(c)
    const { own } = row
    const values = {
      amount: amountText(row.millis, drawn.language),
      ...(own ? { source: own.source, reason: own.reason ?? '', checkedOn: own.checkedOn } : {}),
    }
    return sendPage(c, <CostFormPage view={drawn} currency={await currencyOf(c)} row={row} values={values} />)
  }

  const save: PageHandler = async (c) => {
    const row = itemOf(c)
    const drawn = await view(c)
    const fields = await fieldsOf(c)
    const millis = millisOf(fields.amount ?? '')
    const from = originIn(drawn, fields)
    if (millis === undefined || 'problems' in from) {
      const problems = {
        ...(millis === undefined ? { amount: drawn.t('settings.problems.amount') } : {}),
        ...('problems' in from ? from.problems : {}),
      }
      const currency = await currencyOf(c)
      return sendPage(
        c,
        <CostFormPage view={drawn} currency={currency} row={row} values={fields} problems={problems} />,
        422,
      )
    }
    const act = actOf(c)
    await db.transaction(async (tx) => {
      const set = { value: millis, ...from.origin, setBy: act.actor }
      await changeRouting(tx, act, (own) => withCost(own, row.item, set))
      const data = { before: row.millis, after: millis, source: from.origin.source }
      await audit(tx, { ...act, action: 'cost.change', subject: row.item, data })
    })
    return backTo(c, list, 'saved')
  }

  const restore: PageHandler = async (c) => {
    const row = itemOf(c)
    const act = actOf(c)
    if (row.own)
      await db.transaction(async (tx) => {
        await changeRouting(tx, act, (own) => withCost(own, row.item, undefined))
        const data = { before: row.millis, after: row.shippedMillis ?? null, isDefault: true }
        await audit(tx, { ...act, action: 'cost.change', subject: row.item, data })
      })
    return backTo(c, list, 'restored')
  }

  app.get('/console/settings/costs', may('settings.read', networkOf(db)), (c) => page(c))
  app.post('/console/settings/costs', may('settings.write', networkOf(db)), add)
  app.get('/console/settings/costs/:item', may('settings.write', networkOf(db)), asked)
  app.post('/console/settings/costs/:item', may('settings.write', networkOf(db)), save)
  app.post('/console/settings/costs/:item/restore', may('settings.write', networkOf(db)), restore)
}

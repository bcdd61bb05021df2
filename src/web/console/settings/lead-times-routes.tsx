import { arrivalDays, leadTimeNames, leadTimesOf, postClasses, shopName } from '../../../campaign/lead-times.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { changeLeadTimes } from '../../../network/lead-times.ts'
import { changeShopTimes, TooManyShops } from '../../../network/shop-times.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, fieldsOf } from './form-fields.ts'
import { LeadTimesPage } from './lead-times.tsx'
import { isDone } from './settings-page.tsx'

const list = '/console/settings/printing'
const names = [...leadTimeNames, ...postClasses] as const
const most = 60

/** How long printing and the post take, which plans and schedules go by. */
export function leadTimesRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })

  const page = async (
    c: PageContext,
    refused?: { values: Record<string, string>; problems: Problems; isShop?: boolean },
  ) => {
    const network = c.get('network')
    const now = leadTimesOf(network)
    const done = c.req.query('done')
    const days = {
      ...Object.fromEntries(leadTimeNames.map((name) => [name, String(now[name])])),
      ...Object.fromEntries(postClasses.map((post) => [post, String(arrivalDays(now, post))])),
    }
    return sendPage(
      c,
      <LeadTimesPage
        view={await view(c)}
        values={refused && !refused.isShop ? refused.values : days}
        problems={refused?.isShop ? undefined : refused?.problems}
        shops={Object.entries(now.shops ?? {}).map(([name, times]) => ({ name, times }))}
        typedShop={refused?.isShop ? refused : undefined}
        total={leadTimeNames.reduce((sum, name) => sum + now[name], 0)}
        isOwn={network.settings.leadTimes !== undefined}
        done={isDone(done) ? done : undefined}
      />,
      refused ? 422 : 200,
    )
  }

  const save: PageHandler = async (c) => {
    const { t } = await view(c)
    const form = await c.req.parseBody()
    const values = Object.fromEntries(names.map((name) => [name, String(form[name] ?? '').trim()]))
    const days = Object.fromEntries(
      names.map((name) => [name, /^\d{1,2}$/.test(values[name]!) ? Number(values[name]) : most + 1]),
    ) as Record<(typeof names)[number], number>
    const wrong = names.filter((name) => days[name] > most)
    if (wrong.length > 0) {
      const problems = Object.fromEntries(wrong.map((name) => [name, t('settings.leadTimes.bad')]))
      return page(c, { values, problems })
    }
    const { express, letter, bulk, ...shop } = days
    await db.transaction((tx) => changeLeadTimes(tx, actOf(c), { ...shop, byPost: { express, letter, bulk } }))
    return backTo(c, list, 'saved')
  }

  const restore: PageHandler = async (c) => {
    await db.transaction((tx) => changeLeadTimes(tx, actOf(c), undefined))
    return backTo(c, list, 'restored')
  }

  const saveShop: PageHandler = async (c) => {
    const { t } = await view(c)
    const values = await fieldsOf(c)
    const name = shopName.safeParse(values.shop)
    const typed = leadTimeNames.flatMap((one) =>
      values[`shop.${one}`] ? [[one, values[`shop.${one}`]!] as const] : [],
    )
    const wrong = typed.filter(([, text]) => !/^\d{1,2}$/.test(text) || Number(text) > most)
    const problems: Record<string, string> = {
      ...(name.success ? {} : { shop: t('settings.leadTimes.shopNameBad') }),
      ...(typed.length > 0 ? {} : { 'shop.proofToFreeze': t('settings.leadTimes.shopDaysMissing') }),
      ...Object.fromEntries(wrong.map(([one]) => [`shop.${one}`, t('settings.leadTimes.bad')])),
    }
    if (!name.success || Object.keys(problems).length > 0) return page(c, { values, problems, isShop: true })
    const times = Object.fromEntries(typed.map(([one, text]) => [one, Number(text)]))
    try {
      await db.transaction((tx) => changeShopTimes(tx, actOf(c), name.data, times))
    } catch (error) {
      if (!(error instanceof TooManyShops)) throw error
      return page(c, { values, problems: { shop: t('settings.leadTimes.shopsFull') }, isShop: true })
    }
    return backTo(c, list, 'saved')
  }

  const removeShop: PageHandler = async (c) => {
    const name = shopName.safeParse((await fieldsOf(c)).shop)
    if (name.success) await db.transaction((tx) => changeShopTimes(tx, actOf(c), name.data, undefined))
    return backTo(c, list, 'saved')
  }

  app.get(list, may('settings.read', networkOf(db)), (c) => page(c))
  app.post(list, may('settings.write', networkOf(db)), save)
  app.post(`${list}/shops`, may('settings.write', networkOf(db)), saveShop)
  app.post(`${list}/shops/remove`, may('settings.write', networkOf(db)), removeShop)
  app.post(`${list}/restore`, may('settings.write', networkOf(db)), restore)
}

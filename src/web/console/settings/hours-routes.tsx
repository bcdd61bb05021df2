import { audit } from '../../../accounts/audit.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { addClosure, longestClosureDays, mostClosures, removeClosure } from '../../../network/change-settings.ts'
import { changeRouting, type Override, overridesIn } from '../../../network/routing-settings.ts'
import type { OpeningHours, QuietHours } from '../../../routing/types.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage, type View } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, fieldsOf, orNotFound } from './form-fields.ts'
import { holidaysAhead, regionsOf } from './holidays-ahead.ts'
import { HoursPage } from './hours.tsx'
import { HoursFormPage } from './hours-form.tsx'
import { type WindowKey, type WindowNow, windowKey, windowNow, withWindow } from './hours-key.ts'
import { groupedWeek, readWeek, weekFields } from './hours-text.ts'
import { originIn } from './origin.tsx'
import { countryName } from './places-text.ts'
import { isDone } from './settings-page.tsx'

const list = '/console/settings/hours'

/** When messages may leave, and on which days they do not. */
export function hoursRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })
  const windowOf = (c: PageContext): WindowKey => orNotFound(windowKey(c.req.param('window') ?? ''))

  const page = async (
    c: PageContext,
    more: { closureForm?: Record<string, string>; problems?: Problems } = {},
    status: 200 | 422 = 200,
  ) => {
    const network = c.get('network')
    const drawn = await view(c)
    const regions = await regionsOf(db, network)
    const done = c.req.query('done')
    return sendPage(
      c,
      <HoursPage
        view={drawn}
        own={overridesIn(network.settings)}
        closures={network.settings.closures ?? []}
        holidays={holidaysAhead(regions, drawn.now, drawn.language)}
        regions={regions}
        done={isDone(done) ? done : undefined}
        {...more}
      />,
      status,
    )
  }

  const form = async (
    c: PageContext,
    window: WindowKey,
    now: WindowNow,
    values: Record<string, string>,
    problems?: Problems,
  ) => {
    const drawn = await view(c)
    return sendPage(
      c,
      <HoursFormPage
        view={drawn}
        window={window}
        title={titleOf(drawn, window)}
        shipped={now.shipped}
        own={now.own}
        values={values}
        problems={problems}
      />,
      problems ? 422 : 200,
    )
  }

  const asked: PageHandler = async (c) => {
    const window = windowOf(c)
    const now = windowNow(window, overridesIn(c.get('network').settings))
    const { own } = now
    const values = {
      ...weekFields(now.soft, 'soft'),
      ...weekFields(now.quiet?.hard ?? {}, 'hard'),
      ...(now.quiet?.holidaysClosed ? { holidaysClosed: 'on' } : {}),
      ...(own ? { source: own.source, reason: own.reason ?? '', checkedOn: own.checkedOn } : {}),
    }
    return form(c, window, now, values)
  }

  const save: PageHandler = async (c) => {
    const window = windowOf(c)
    const drawn = await view(c)
    const fields = await fieldsOf(c)
    const now = windowNow(window, overridesIn(c.get('network').settings))
    const read = readWindow(drawn, fields, c.get('user').id)
    if ('problems' in read) return form(c, window, now, fields, read.problems)
    await db.transaction(async (tx) => {
      await changeRouting(tx, actOf(c), (own) => withWindow(own, window, read.set))
      await audit(tx, {
        ...actOf(c),
        action: 'settings.change',
        subject: `hours.${window.path}`,
        data: {
          before: hoursText(now.quiet ?? now.soft),
          after: hoursText(now.quiet ? read.set.quiet.value : read.set.week.value),
        },
      })
    })
    return backTo(c, list, 'saved')
  }

  const restore: PageHandler = async (c) => {
    const window = windowOf(c)
    const own = overridesIn(c.get('network').settings)
    const before = windowNow(window, own)
    const after = windowNow(window, withWindow(own, window, undefined))
    await db.transaction(async (tx) => {
      await changeRouting(tx, actOf(c), (mine) => withWindow(mine, window, undefined))
      await audit(tx, {
        ...actOf(c),
        action: 'settings.change',
        subject: `hours.${window.path}`,
        data: {
          before: hoursText(before.quiet ?? before.soft),
          after: hoursText(after.quiet ?? after.soft),
          isDefault: true,
        },
      })
    })
    return backTo(c, list, 'restored')
  }

  const close: PageHandler = async (c) => {
    const network = c.get('network')
    const drawn = await view(c)
    const fields = await fieldsOf(c)
    const regions = await regionsOf(db, network)
    const problems = closureProblems(drawn, fields, regions, network.settings.closures?.length ?? 0)
    if (Object.keys(problems).length > 0) return page(c, { closureForm: fields, problems }, 422)
    const { label = '', from = '', to = '', region } = fields
    await db.transaction((tx) => addClosure(tx, actOf(c), { label, from, to, ...(region ? { region } : {}) }))
    return backTo(c, list, 'added')
  }

  const open: PageHandler = async (c) => {
    const isThere = await db.transaction((tx) => removeClosure(tx, actOf(c), c.req.param('id') ?? ''))
    orNotFound(isThere || undefined)
    return backTo(c, list, 'removed')
  }

  app.get('/console/settings/hours', may('settings.read', networkOf(db)), (c) => page(c))
  app.get('/console/settings/hours/:window', may('settings.write', networkOf(db)), asked)
  app.post('/console/settings/hours/:window', may('settings.write', networkOf(db)), save)
  app.post('/console/settings/hours/:window/restore', may('settings.write', networkOf(db)), restore)
  app.post('/console/settings/closures', may('settings.write', networkOf(db)), close)
  app.post('/console/settings/closures/:id/remove', may('settings.write', networkOf(db)), open)
}

function titleOf(view: View, window: WindowKey): string {
  const { t } = view
  if (window.kind === 'night') return t('settings.hours.night')
  if (window.kind === 'country') return countryName(view, window.country)
  return window.key === 'default'
    ? t('settings.hours.mailDefault')
    : t('settings.hours.mailOf', { profile: t(`profiles.${window.key}`) })
}

/** Hours as the audit trail keeps them: short, and the same in every language. */
const hoursText = (hours: OpeningHours | QuietHours): string => {
  const text = (week: OpeningHours | null) =>
    week === null
      ? '-'
      : groupedWeek(week)
          .map(({ first, last, hours: open }) => `${first}-${last} ${open}`)
          .join('; ')
  return 'soft' in hours
    ? `soft ${text(hours.soft)} | hard ${text(hours.hard)} | holidays ${hours.holidaysClosed}`
    : text(hours)
}

function readWindow(view: View, fields: Record<string, string>, setBy: string) {
  const { t } = view
  const soft = readWeek(fields, 'soft')
  const hard = readWeek(fields, 'hard')
  const from = originIn(view, fields)
  const problems: Record<string, string> = {}
  for (const week of [soft, hard])
    if ('wrong' in week) for (const name of week.wrong) problems[name] = t('settings.problems.hours')
  if ('week' in soft && Object.keys(soft.week).length === 0) problems['soft-1'] = t('settings.problems.neverOpen')
  if ('problems' in from) Object.assign(problems, from.problems)
  if ('wrong' in soft || 'wrong' in hard || 'problems' in from || Object.keys(problems).length > 0) return { problems }
  const quiet: QuietHours = {
    soft: soft.week,
    hard: Object.keys(hard.week).length > 0 ? hard.week : null,
    holidaysClosed: fields.holidaysClosed === 'on',
  }
  const dated = <T,>(value: T): Override<T> => ({ value, ...from.origin, setBy })
  return { set: { quiet: dated(quiet), week: dated(soft.week) } }
}

function closureProblems(
  { t }: View,
  { label = '', from = '', to = '', region = '' }: Record<string, string>,
  regions: readonly string[],
  count: number,
): Record<string, string> {
  const problems: Record<string, string> = {}
  const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
  if (label === '' || label.length > 80) problems.label = t('settings.problems.label')
  if (!isDate(from)) problems.from = t('settings.problems.date')
  if (!isDate(to)) problems.to = t('settings.problems.date')
  else if (isDate(from) && to < from) problems.to = t('settings.problems.order')
  else if (isDate(from) && (Date.parse(to) - Date.parse(from)) / 86_400_000 >= longestClosureDays)
    problems.to = t('settings.problems.longClosure', { days: longestClosureDays })
  if (region !== '' && !regions.includes(region)) problems.region = t('settings.problems.region')
  if (count >= mostClosures) problems.form = t('settings.problems.manyClosures', { count: mostClosures })
  return problems
}

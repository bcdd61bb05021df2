import { audit } from '../../../accounts/audit.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { readCountry } from '../../../network/countries.ts'
import { changeRouting, type Override, overridesIn, type RoutingOverrides } from '../../../network/routing-settings.ts'
import { defaultPolicy } from '../../../routing/default-policy.ts'
import { byCountryRow } from '../../../routing/policy.ts'
import { type TrackingMode, trackingModes } from '../../../words.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, fieldsOf, orNotFound } from './form-fields.ts'
import { changed } from './hours-key.ts'
import { originIn } from './origin.tsx'
import { isDone } from './settings-page.tsx'
import { countryPath, trackingList as list, TrackingFormPage, TrackingPage, type TrackingRow } from './tracking.tsx'

const shipped = defaultPolicy.values.tracking

/** What holds in a country, and what would without the network's own word. */
function rowFor(country: string, own: RoutingOverrides): TrackingRow {
  const shippedMode = byCountryRow(shipped.value, country) ?? 'none'
  const standing: Record<string, TrackingMode> = { ...shipped.value }
  for (const [code, set] of Object.entries(own.tracking ?? {})) standing[code] = set.value
  const mode = byCountryRow(standing, country) ?? 'none'
  return { country, mode, shippedMode, shipped, own: own.tracking?.[country] }
}

const isLooser = (mode: TrackingMode, than: TrackingMode): boolean =>
  trackingModes.indexOf(mode) > trackingModes.indexOf(than)

/** How reading may be measured, by country: the shipped reading of the law, or the network's own, never by accident. */
export function trackingRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })

  /** The country an address names. */
  const rowOf = (c: PageContext): TrackingRow => {
    const path = c.req.param('country') ?? ''
    const country = path === 'other' ? '*' : /^[A-Z]{2}$/.test(path) ? readCountry(path) : undefined
    return rowFor(orNotFound(country), overridesIn(c.get('network').settings))
  }

  const page = async (
    c: PageContext,
    shown: { newCountry?: string; problems?: Problems } = {},
    status: 200 | 422 = 200,
  ) => {
    const own = overridesIn(c.get('network').settings)
    const countries = new Set([...Object.keys(shipped.value), ...Object.keys(own.tracking ?? {})])
    countries.delete('*')
    const rows = [...[...countries].sort(), '*'].map((country) => rowFor(country, own))
    const done = c.req.query('done')
    return sendPage(
      c,
      <TrackingPage view={await view(c)} rows={rows} done={isDone(done) ? done : undefined} {...shown} />,
      status,
    )
  }

  const add: PageHandler = async (c) => {
    const { country = '' } = await fieldsOf(c)
    const { t } = await view(c)
    const code = readCountry(country)
    if (!code) return page(c, { newCountry: country, problems: { country: t('settings.tracking.badCountry') } }, 422)
    return backTo(c, `${list}/${code}`)
  }

  const save: PageHandler = async (c) => {
    const row = rowOf(c)
    const drawn = await view(c)
    const { t } = drawn
    const fields = await fieldsOf(c)
    const mode = trackingModes.find((known) => known === fields.mode)
    const isOpened = mode !== undefined && isLooser(mode, row.shippedMode)
    const from = originIn(drawn, fields)
    const problems: Record<string, string> = 'problems' in from ? { ...from.problems } : {}
    if (!mode) problems.mode = t('settings.tracking.choose')
    if (isOpened && fields.confirm !== 'on')
      problems.confirm = t('settings.tracking.looser', { mode: t(`settings.tracking.modes.${row.shippedMode}`) })
    if (!mode || 'problems' in from || Object.keys(problems).length > 0)
      return sendPage(c, <TrackingFormPage view={drawn} row={row} values={fields} problems={problems} />, 422)
    const act = actOf(c)
    await db.transaction(async (tx) => {
      const set = { value: mode, ...from.origin, setBy: act.actor }
      await changeRouting(tx, act, (own) => ({ ...own, tracking: changed(own.tracking, row.country, set) }))
      await audit(tx, {
        ...act,
        action: 'settings.change',
        subject: `tracking.${countryPath(row.country)}`,
        data: { before: row.mode, after: mode, source: from.origin.source, ...(isOpened ? { confirmed: true } : {}) },
      })
    })
    return backTo(c, list, 'saved')
  }

  const restore: PageHandler = async (c) => {
    const row = rowOf(c)
    const act = actOf(c)
    if (row.own)
      await db.transaction(async (tx) => {
        await changeRouting(tx, act, (own) => ({
          ...own,
          tracking: changed<Override<TrackingMode>>(own.tracking, row.country, undefined),
        }))
        await audit(tx, {
          ...act,
          action: 'settings.change',
          subject: `tracking.${countryPath(row.country)}`,
          data: { before: row.mode, after: row.shippedMode, isDefault: true },
        })
      })
    return backTo(c, list, 'restored')
  }

  app.get(list, may('settings.read', networkOf(db)), (c) => page(c))
  app.post(list, may('settings.write', networkOf(db)), add)
  app.get(`${list}/:country`, may('settings.write', networkOf(db)), async (c) => {
    const row = rowOf(c)
    const { own } = row
    const origin: Record<string, string> = own
      ? { source: own.source, reason: own.reason ?? '', checkedOn: own.checkedOn }
      : {}
    return sendPage(c, <TrackingFormPage view={await view(c)} row={row} values={{ mode: row.mode, ...origin }} />)
  })
  app.post(`${list}/:country`, may('settings.write', networkOf(db)), save)
  app.post(`${list}/:country/restore`, may('settings.write', networkOf(db)), restore)
}

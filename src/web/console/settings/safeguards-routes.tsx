import {
  defaultThresholds,
  ownThresholds,
  stopKinds,
  type Thresholds,
  thresholdsOf,
} from '../../../campaign/stop-thresholds.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { readCountry } from '../../../network/countries.ts'
import { changeSmsCountries, changeThresholds } from '../../../network/safeguards.ts'
import { ownSmsCountries, smsCountriesOf } from '../../../network/sms-countries.ts'
import { currentPolicy } from '../../../outbox/step.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, fieldsOf } from './form-fields.ts'
import { originIn } from './origin.tsx'
import { countryName } from './places-text.ts'
import { type SafeguardFields, SafeguardsPage } from './safeguards.tsx'
import { isDone } from './settings-page.tsx'

const list = '/console/settings/safeguards'

interface Shown {
  values?: SafeguardFields
  problems?: Problems
  countryValues?: SafeguardFields
  countryProblems?: Problems
}

/** A share as people type it (0,3 for 0.3 %), as a part of one; undefined when it is none. */
function shareOf(text: string): number | undefined {
  const percent = /^\d{1,3}([.,]\d{1,3})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN
  return percent > 0 && percent <= 100 ? Math.round(percent * 1_000) / 100_000 : undefined
}

const shareText = (rate: number, language: 'fr' | 'en'): string => {
  const text = String(Math.round(rate * 100_000) / 1_000)
  return language === 'fr' ? text.replace('.', ',') : text
}

/** What keeps a mistake small: when a campaign stops itself, and where texts may go. */
export function safeguardRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })

  const page = async (c: PageContext, shown: Shown = {}, status: 200 | 422 = 200) => {
    const network = c.get('network')
    const drawn = await view(c)
    const own = ownThresholds(network.settings)
    const thresholds = thresholdsOf(network.settings)
    const ownCountries = ownSmsCountries(network.settings)
    const countries = smsCountriesOf(network)
    const { costs, smsCosts, currency } = (await currentPolicy(db, network.id)).values
    const origin = (from: typeof own | typeof ownCountries): SafeguardFields =>
      from ? { source: from.source, reason: from.reason ?? '', checkedOn: from.checkedOn } : {}
    const done = c.req.query('done')
    return sendPage(
      c,
      <SafeguardsPage
        view={drawn}
        own={own}
        thresholds={thresholds}
        values={
          shown.values ?? {
            ...Object.fromEntries(stopKinds.map((kind) => [kind, shareText(thresholds[kind].rate, drawn.language)])),
            afterSent: String(thresholds.bounced.afterSent),
            ...origin(own),
          }
        }
        problems={shown.problems}
        ownCountries={ownCountries}
        countries={countries.map((code) => ({ code, millis: smsCosts?.value[code] ?? costs.value.sms }))}
        currency={currency}
        countryValues={
          shown.countryValues ?? {
            countries: countries.map((code) => countryName(drawn, code)).join(', '),
            ...origin(ownCountries),
          }
        }
        countryProblems={shown.countryProblems}
        done={isDone(done) ? done : undefined}
      />,
      status,
    )
  }

  const saveThresholds: PageHandler = async (c) => {
    const drawn = await view(c)
    const fields = await fieldsOf(c)
    const problems: Record<string, string> = {}
    const afterSent = /^\d{1,6}$/.test(fields.afterSent ?? '') ? Number(fields.afterSent) : 0
    if (afterSent < 1) problems.afterSent = drawn.t('settings.safeguards.badCount')
    const value: Thresholds = { ...defaultThresholds.value }
    for (const kind of stopKinds) {
      const rate = shareOf(fields[kind] ?? '')
      if (rate === undefined) problems[kind] = drawn.t('settings.safeguards.badShare')
      else value[kind] = { ...value[kind], rate, afterSent }
    }
    const from = originIn(drawn, fields)
    if ('problems' in from) Object.assign(problems, from.problems)
    if ('problems' in from || Object.keys(problems).length > 0) return page(c, { values: fields, problems }, 422)
    const act = actOf(c)
    await db.transaction((tx) => changeThresholds(tx, act, { value, ...from.origin, setBy: act.actor }))
    return backTo(c, list, 'saved')
  }

  const saveCountries: PageHandler = async (c) => {
    const drawn = await view(c)
    const fields = await fieldsOf(c)
    const problems: Record<string, string> = {}
    const named = (fields.countries ?? '').split(/[,;\n]/).map((name) => name.trim())
    const read = named.filter((name) => name !== '').map((name) => ({ name, code: readCountry(name) }))
    const unknown = read.filter(({ code }) => code === undefined).map(({ name }) => name)
    if (read.length === 0) problems.countries = drawn.t('settings.safeguards.noCountry')
    else if (unknown.length > 0)
      problems.countries = drawn.t('settings.safeguards.unknownCountry', { names: unknown.join(', ') })
    const from = originIn(drawn, fields)
    if ('problems' in from) Object.assign(problems, from.problems)
    if ('problems' in from || Object.keys(problems).length > 0)
      return page(c, { countryValues: fields, countryProblems: problems }, 422)
    const act = actOf(c)
    const value = [...new Set(read.flatMap(({ code }) => code ?? []))]
    await db.transaction((tx) => changeSmsCountries(tx, act, { value, ...from.origin, setBy: act.actor }))
    return backTo(c, list, 'saved')
  }

  const restoreThresholds: PageHandler = async (c) => {
    await db.transaction((tx) => changeThresholds(tx, actOf(c), undefined))
    return backTo(c, list, 'restored')
  }

  const restoreCountries: PageHandler = async (c) => {
    await db.transaction((tx) => changeSmsCountries(tx, actOf(c), undefined))
    return backTo(c, list, 'restored')
  }

  app.get(list, may('settings.read', networkOf(db)), (c) => page(c))
  app.post(`${list}/stops`, may('settings.write', networkOf(db)), saveThresholds)
  app.post(`${list}/stops/restore`, may('settings.write', networkOf(db)), restoreThresholds)
  app.post(`${list}/countries`, may('settings.write', networkOf(db)), saveCountries)
  app.post(`${list}/countries/restore`, may('settings.write', networkOf(db)), restoreCountries)
}

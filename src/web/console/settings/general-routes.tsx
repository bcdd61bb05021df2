import type { PageHandler } from '../../../http/page-env.ts'
import { changeGeneral, stopNumberPattern } from '../../../network/change-settings.ts'
import { readCountry } from '../../../network/countries.ts'
import { foundNetwork } from '../../../network/found-network.ts'
import { NetworkProblem } from '../../../network/networks.ts'
import { offsetAt } from '../../../routing/zone.ts'
import { type Language, languages } from '../../../words.ts'
import type { House } from '../../house.ts'
import { sendPage, type View } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, fieldsOf } from './form-fields.ts'
import { type GeneralForm, GeneralPage, generalForm } from './general.tsx'
import { type NewNetworkForm, NewNetworkPage } from './new-network.tsx'
import { isDone } from './settings-page.tsx'

const isLanguage = (text: string): text is Language => languages.some((language) => language === text)
const isZone = (text: string): boolean => offsetAt(text, 0) !== undefined

/** The network itself, and new ones. */
export function generalRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps

  const general: PageHandler = async (c) => {
    const network = c.get('network')
    const done = c.req.query('done')
    return sendPage(
      c,
      <GeneralPage
        view={await view(c)}
        network={network}
        values={generalForm(network)}
        done={isDone(done) ? done : undefined}
      />,
    )
  }

  const save: PageHandler = async (c) => {
    const network = c.get('network')
    const drawn = await view(c)
    const fields = await fieldsOf(c)
    const values: GeneralForm = { ...generalForm(network), stopNumber: '', contentMonths: '', ...fields }
    const read = readGeneral(drawn, values)
    if ('problems' in read)
      return sendPage(c, <GeneralPage view={drawn} network={network} values={values} problems={read.problems} />, 422)
    const act = { networkId: network.id, actor: c.get('user').id, at: wall.now() }
    await db.transaction((tx) => changeGeneral(tx, act, read.settings))
    return backTo(c, '/console/settings', 'saved')
  }

  const asked: PageHandler = async (c) => {
    const { country, language, timezone } = c.get('network')
    const values = { name: '', title: '', mode: '', country, language, timezone }
    return sendPage(c, <NewNetworkPage view={await view(c)} values={values} />)
  }

  const create: PageHandler = async (c) => {
    const drawn = await view(c)
    const { t } = drawn
    const given = await fieldsOf(c)
    const { country, language, timezone } = c.get('network')
    const values: NewNetworkForm = { name: '', title: '', mode: '', country, language, timezone, ...given }
    const problems: Record<string, string> = {}
    if (values.title === '') problems.title = t('settings.problems.title')
    const isMode = values.mode === 'sandbox' || values.mode === 'live'
    if (!isMode) problems.mode = t('settings.problems.mode')
    const code = readCountry(values.country)
    if (!code) problems.country = t('settings.problems.country')
    if (!isZone(values.timezone)) problems.timezone = t('settings.problems.timezone')
    if (Object.keys(problems).length === 0 && code && isMode)
      try {
        const mode = values.mode === 'live' ? 'live' : 'sandbox'
        const { name, title } = values
        const founded = await foundNetwork(
          context,
          { userId: c.get('user').id },
          {
            name,
            title: title.slice(0, 120),
            mode,
            country: code,
            language: isLanguage(values.language) ? values.language : language,
            timezone: values.timezone,
          },
        )
        return c.redirect(`/console/settings?network=${founded.name}&done=networkCreated`, 303)
      } catch (error) {
        if (!(error instanceof NetworkProblem)) throw error
        problems.name = t(
          error.code === 'network_exists' ? 'settings.problems.networkTaken' : 'settings.problems.networkName',
        )
      }
    return sendPage(c, <NewNetworkPage view={drawn} values={values} problems={problems} />, 422)
  }

  app.get('/console/settings', may('settings.read', networkOf(db)), general)
  app.post('/console/settings', may('settings.write', networkOf(db)), save)
  app.get('/console/settings/networks/new', may('settings.write', networkOf(db)), asked)
  app.post('/console/settings/networks', may('settings.write', networkOf(db)), create)
}

function readGeneral(view: View, values: GeneralForm) {
  const { t } = view
  const problems: Record<string, string> = {}
  const stopNumber = values.stopNumber.replaceAll(' ', '')
  const contentMonths = values.contentMonths === '' ? undefined : Number(values.contentMonths)
  if (values.title === '' || values.title.length > 120) problems.title = t('settings.problems.title')
  if (!isZone(values.timezone)) problems.timezone = t('settings.problems.timezone')
  if (stopNumber !== '' && !stopNumberPattern.test(stopNumber)) problems.stopNumber = t('settings.problems.stopNumber')
  if (contentMonths !== undefined && !(Number.isInteger(contentMonths) && contentMonths >= 1 && contentMonths <= 120))
    problems.contentMonths = t('settings.problems.contentMonths')
  if (Object.keys(problems).length > 0) return { problems }
  const { title, timezone } = values
  const language: Language = isLanguage(values.language) ? values.language : view.language
  return { settings: { title, language, timezone, stopNumber: stopNumber || undefined, contentMonths } }
}

import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { changeTerm } from '../../../retention/change-terms.ts'
import { retentionState } from '../../../retention/state.ts'
import { defaultTerms, mostOfTerm, ownTerms, type TermKind, termKinds } from '../../../retention/terms.ts'
import type { House } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, fieldsOf, orNotFound } from './form-fields.ts'
import { originIn } from './origin.tsx'
import { type EditedTerm, RetentionPage } from './retention.tsx'
import { isDone } from './settings-page.tsx'

const list = '/console/settings/retention'

/** How long what is told of people is kept, and what went. */
export function retentionRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const kindOf = (c: PageContext): TermKind => orNotFound(termKinds.find((kind) => kind === c.req.param('kind')))
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })

  const page = async (c: PageContext, edited?: EditedTerm) => {
    const network = c.get('network')
    const done = c.req.query('done')
    return sendPage(
      c,
      <RetentionPage
        view={await view(c)}
        own={ownTerms(network.settings)}
        contentMonths={network.settings.contentMonths}
        state={await retentionState(db, network)}
        edited={edited}
        done={isDone(done) ? done : undefined}
      />,
      Object.keys(edited?.problems ?? {}).length > 0 ? 422 : 200,
    )
  }

  const edit: PageHandler = (c) => {
    const kind = kindOf(c)
    const own = ownTerms(c.get('network').settings)[kind]
    const origin: Record<string, string> = own
      ? { source: own.source, reason: own.reason ?? '', checkedOn: own.checkedOn }
      : {}
    const values = { value: String(own?.value ?? defaultTerms[kind].value), ...origin }
    return page(c, { kind, values, problems: {} })
  }

  const save: PageHandler = async (c) => {
    const kind = kindOf(c)
    const drawn = await view(c)
    const values = await fieldsOf(c)
    const value = /^\d{1,4}$/.test(values.value ?? '') ? Number(values.value) : 0
    const problems: Record<string, string> = {}
    if (value < 1 || value > mostOfTerm) problems.value = drawn.t('settings.retention.whole', { most: mostOfTerm })
    const from = originIn(drawn, values)
    if ('problems' in from) Object.assign(problems, from.problems)
    if ('problems' in from || problems.value) return page(c, { kind, values, problems })
    const act = actOf(c)
    await db.transaction((tx) => changeTerm(tx, act, kind, { value, ...from.origin, setBy: act.actor }))
    return backTo(c, list, 'saved')
  }

  const restore: PageHandler = async (c) => {
    const kind = kindOf(c)
    await db.transaction((tx) => changeTerm(tx, actOf(c), kind, undefined))
    return backTo(c, list, 'restored')
  }

  app.get(list, may('settings.read', networkOf(db)), (c) => page(c))
  app.get(`${list}/:kind`, may('settings.write', networkOf(db)), edit)
  app.post(`${list}/:kind`, may('settings.write', networkOf(db)), save)
  app.post(`${list}/:kind/restore`, may('settings.write', networkOf(db)), restore)
}

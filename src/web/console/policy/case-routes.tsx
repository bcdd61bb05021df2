import type { PageContext } from '../../../http/page-env.ts'
import { casesOf, mostCases, removeCase, restoreCases, saveCase } from '../../../policy/cases.ts'
import { runCases } from '../../../routing/run-cases.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, orNotFound } from '../settings/form-fields.ts'
import { emptyCase, fieldsOfCase, readCase } from './case-fields.ts'
import { CaseFormPage } from './case-form.tsx'
import { CasesPage } from './cases-page.tsx'
import { manyFieldsOf, onDesk } from './desk.ts'
import { doneIn, home, mayEdit } from './policy-page.tsx'
import type { RuleFields } from './rule-fields.ts'

const list = `${home}/cases`

/** The cases the policy is tried by. */
export function caseRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const inIt = networkOf(db)
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })

  const keptIn = async (c: PageContext) => {
    const { cases } = await casesOf(db, c.get('network').id)
    return orNotFound(cases.find(({ id }) => id === c.req.param('case')))
  }

  const form = async (
    c: PageContext,
    shown: { id?: string; title: string; fields: RuleFields; problems?: Problems },
    status: 200 | 422 = 200,
  ) => {
    const { table } = await onDesk(db, c)
    return sendPage(c, <CaseFormPage view={await view(c)} rules={table.rules.map(({ id }) => id)} {...shown} />, status)
  }

  const save = async (c: PageContext, id: string | undefined) => {
    const fields = await manyFieldsOf(c)
    const drawn = await view(c)
    const before = id === undefined ? undefined : (await keptIn(c)).case
    const { table } = await onDesk(db, c)
    const read = readCase(
      drawn,
      fields,
      table.rules.map((rule) => rule.id),
      before,
    )
    const title = before?.name[drawn.language] ?? drawn.t('policy.casesPage.formAdd')
    if ('problems' in read) return form(c, { id, title, fields, problems: read.problems }, 422)
    const wrong = await db.transaction((tx) => saveCase(tx, actOf(c), read.case, id))
    if (wrong === 'tooMany') {
      const problems = { form: drawn.t('policy.problems.caseMany', { count: mostCases }) }
      return form(c, { id, title, fields, problems }, 422)
    }
    return backTo(c, list, 'caseSaved')
  }

  app.get(list, may('policy.read', inIt), async (c) => {
    const drawn = await view(c)
    const { current, draft } = await onDesk(db, c)
    const tables = mayEdit(drawn) ? draft : undefined
    const { isOwn, cases } = await casesOf(db, c.get('network').id)
    const results = runCases(
      { ...current, ...tables },
      cases.map((kept) => kept.case),
    )
    return sendPage(
      c,
      <CasesPage
        view={drawn}
        isOwn={isOwn}
        isDraft={tables !== undefined}
        tried={cases.map((kept, index) => ({ kept, result: results[index]! }))}
        done={doneIn(c.req.query('done'))}
      />,
    )
  })
  app.get(`${home}/new-case`, may('policy.edit', inIt), async (c) => {
    const { t } = await view(c)
    return form(c, { title: t('policy.casesPage.formAdd'), fields: emptyCase })
  })
  app.post(`${home}/new-case`, may('policy.edit', inIt), (c) => save(c, undefined))
  app.get(`${list}/:case`, may('policy.edit', inIt), async (c) => {
    const kept = await keptIn(c)
    const { language } = await view(c)
    return form(c, { id: kept.id, title: kept.case.name[language], fields: fieldsOfCase(kept.case, language) })
  })
  app.post(`${list}/:case`, may('policy.edit', inIt), async (c) => save(c, (await keptIn(c)).id))
  app.post(`${list}/:case/remove`, may('policy.edit', inIt), async (c) => {
    const { id } = await keptIn(c)
    await db.transaction((tx) => removeCase(tx, actOf(c), id))
    return backTo(c, list, 'caseRemoved')
  })
  app.post(`${home}/cases-restore`, may('policy.edit', inIt), async (c) => {
    await db.transaction((tx) => restoreCases(tx, actOf(c)))
    return backTo(c, list, 'casesRestored')
  })
}

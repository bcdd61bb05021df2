import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { dropPolicyDraft } from '../../../policy/drafts.ts'
import { defaultPolicy } from '../../../routing/default-policy.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, orNotFound } from '../settings/form-fields.ts'
import { changeDraft, knownValues, manyFieldsOf, onDesk, whoseDraft } from './desk.ts'
import { doneIn, home, mayEdit } from './policy-page.tsx'
import { emptyRule, fieldsOfRule, type RuleFields, readRule, withRule } from './rule-fields.ts'
import { RuleFormPage } from './rule-form.tsx'
import { TablePage } from './table-page.tsx'

/** The table of rules, and the draft one makes of it. */
export function ruleRoutes(house: House): void {
  const { app, deps, view, guards } = house
  const { may } = guards
  const { db } = deps
  const inIt = networkOf(db)

  const form = async (
    c: PageContext,
    rule: string | undefined,
    shown: { fields: RuleFields; problems?: Problems },
    status: 200 | 422 = 200,
  ) => {
    const { table } = await onDesk(db, c)
    const known = await knownValues(db, c.get('network').id)
    return sendPage(c, <RuleFormPage view={await view(c)} table={table} rule={rule} known={known} {...shown} />, status)
  }

  const save = async (c: PageContext, changing: string | undefined) => {
    const fields = await manyFieldsOf(c)
    const { table } = await onDesk(db, c)
    const read = readRule(await view(c), fields, table, changing)
    if ('problems' in read) return form(c, changing, { fields, problems: read.problems }, 422)
    await changeDraft(house, c, (draft) => withRule(draft, read.rule, read.place))
    return backTo(c, home, 'kept')
  }

  /** The rule the address names, in the reader's draft, with its place. */
  const ruleOf = async (c: PageContext) => {
    const { table } = await onDesk(db, c)
    const index = table.rules.findIndex(({ id }) => id === c.req.param('rule'))
    return orNotFound(index === -1 ? undefined : { rule: table.rules[index]!, index, last: table.rules.length - 1 })
  }

  const overview: PageHandler = async (c) => {
    const { current, table, changes } = await onDesk(db, c)
    const drawn = await view(c)
    const isTheirs = mayEdit(drawn)
    return sendPage(
      c,
      <TablePage
        view={drawn}
        version={current.version}
        table={isTheirs ? table : current}
        changes={isTheirs ? changes?.length : undefined}
        done={doneIn(c.req.query('done'))}
      />,
    )
  }

  app.get(home, may('policy.read', inIt), overview)
  app.get(`${home}/new-rule`, may('policy.edit', inIt), async (c) => {
    const { table } = await onDesk(db, c)
    return form(c, undefined, { fields: { ...emptyRule, place: [String(table.rules.length)] } })
  })
  app.post(`${home}/new-rule`, may('policy.edit', inIt), (c) => save(c, undefined))
  app.get(`${home}/rules/:rule`, may('policy.edit', inIt), async (c) => {
    const { rule, index } = await ruleOf(c)
    return form(c, rule.id, { fields: fieldsOfRule(rule, index + 1) })
  })
  app.post(`${home}/rules/:rule`, may('policy.edit', inIt), async (c) => save(c, (await ruleOf(c)).rule.id))
  app.post(`${home}/rules/:rule/move`, may('policy.edit', inIt), async (c) => {
    const { rule, index, last } = await ruleOf(c)
    const fields = await manyFieldsOf(c)
    const to = fields.direction?.[0] === 'up' ? index - 1 : index + 1
    // The last rule takes what is left, and keeps its place.
    if (index < last && to >= 0 && to < last) await changeDraft(house, c, (draft) => withRule(draft, rule, to + 1))
    return backTo(c, home, 'kept')
  })
  app.post(`${home}/rules/:rule/remove`, may('policy.edit', inIt), async (c) => {
    const { rule, index, last } = await ruleOf(c)
    if (index < last)
      await changeDraft(house, c, (draft) => ({ ...draft, rules: draft.rules.filter(({ id }) => id !== rule.id) }))
    return backTo(c, home, 'kept')
  })
  app.post(`${home}/companions`, may('policy.edit', inIt), async (c) => {
    await changeDraft(house, c, (draft) => ({ ...draft, companions: { intranet: !draft.companions.intranet } }))
    return backTo(c, home, 'kept')
  })
  app.post(`${home}/shipped`, may('policy.edit', inIt), async (c) => {
    const { rules, companions } = defaultPolicy
    await changeDraft(house, c, () => ({ rules, companions }))
    return backTo(c, home, 'kept')
  })
  app.post(`${home}/discard`, may('policy.edit', inIt), async (c) => {
    await db.transaction((tx) => dropPolicyDraft(tx, whoseDraft(c)))
    return backTo(c, home, 'discarded')
  })
}

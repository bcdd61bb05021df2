import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { casesOf } from '../../../policy/cases.ts'
import { dropPolicyDraft } from '../../../policy/drafts.ts'
import { policyEffect } from '../../../policy/effect.ts'
import { policyAt, policyVersions, savePolicy } from '../../../policy/versions.ts'
import { diffPolicies } from '../../../routing/policy-diff.ts'
import { runCases } from '../../../routing/run-cases.ts'
import { shadowedRules } from '../../../routing/shadowed.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo, fieldsOf, orNotFound } from '../settings/form-fields.ts'
import { changeDraft, onDesk, whoseDraft } from './desk.ts'
import { home } from './policy-page.tsx'
import { ReviewPage } from './review-page.tsx'
import { VersionPage, VersionsPage } from './versions-page.tsx'
import { namesOf } from './who.ts'

/** So that the page comes while somebody waits for it. */
const longestLook = 3_000

/** Looking at a draft before it is in force, and at what was in force before. */
export function versionRoutes(house: House): void {
  const { app, deps, view, guards } = house
  const { may } = guards
  const { db, wall } = deps
  const inIt = networkOf(db)

  const review = async (
    c: PageContext,
    shown: { values?: { note: string }; problems?: Problems; restoredFrom?: number } = {},
    status: 200 | 409 | 422 = 200,
  ) => {
    const network = c.get('network')
    const { current, draft, changes } = await onDesk(db, c)
    if (!draft || !changes) return backTo(c, home)
    const after = { ...current, ...draft }
    const { cases } = await casesOf(db, network.id)
    const results = runCases(
      after,
      cases.map((kept) => kept.case),
    )
    const drawn = await view(c)
    const until = wall.now().getTime() + longestLook
    const effect = await policyEffect(db, network, current, draft, {
      now: drawn.now,
      isOver: () => wall.now().getTime() > until,
    })
    return sendPage(
      c,
      <ReviewPage
        view={drawn}
        version={current.version}
        changes={changes}
        shadowed={shadowedRules(draft.rules)}
        tried={cases.map((kept, index) => ({ kept, result: results[index]! }))}
        effect={effect}
        restoredFrom={shown.restoredFrom ?? (await restoredIn(c, c.req.query('from')))}
        values={shown.values ?? { note: '' }}
        problems={shown.problems}
      />,
      status,
    )
  }

  /** The version a draft takes up again, as far as it still says the same. */
  const restoredIn = async (c: PageContext, named: string | undefined): Promise<number | undefined> => {
    const version = named && /^\d{1,9}$/.test(named) ? Number(named) : undefined
    const { draft } = await onDesk(db, c)
    const old = version === undefined ? undefined : await policyAt(db, c.get('network').id, version)
    return old && draft && diffPolicies(old, draft).length === 0 ? version : undefined
  }

  const save: PageHandler = async (c) => {
    const fields = await fieldsOf(c)
    const { t } = await view(c)
    const { current, draft } = await onDesk(db, c)
    if (!draft) return backTo(c, home)
    const network = c.get('network')
    const values = { note: fields.note ?? '' }
    const restoredFrom = await restoredIn(c, fields.restoredFrom)
    const problems: Record<string, string> = {}
    if (values.note.length > 500) problems.note = t('policy.problems.note')
    const { cases } = await casesOf(db, network.id)
    const isFailing = runCases(
      { ...current, ...draft },
      cases.map((kept) => kept.case),
    ).some(({ isPassed }) => !isPassed)
    if (isFailing && fields.confirm !== 'on') problems.confirm = t('policy.problems.confirm')
    if (Object.keys(problems).length > 0) return review(c, { values, problems, restoredFrom }, 422)
    const saved = await db.transaction(async (tx) => {
      const written = await savePolicy(tx, {
        networkId: network.id,
        actor: c.get('user').id,
        at: wall.now(),
        table: draft,
        note: values.note,
        against: Number(fields.against) || 0,
        restoredFrom,
      })
      if (written.is === 'saved') await dropPolicyDraft(tx, whoseDraft(c))
      return written
    })
    if (saved.is === 'stale')
      return review(
        c,
        { values, restoredFrom, problems: { form: t('policy.problems.stale', { version: saved.version }) } },
        409,
      )
    if (saved.is === 'unchanged') return review(c, { values, problems: { form: t('policy.problems.unchanged') } }, 422)
    return backTo(c, home, 'saved')
  }

  const versionIn = (c: PageContext) => Number(c.req.param('version'))

  app.get(`${home}/review`, may('policy.edit', inIt), (c) => review(c))
  app.post(`${home}/save`, may('policy.edit', inIt), save)
  app.get(`${home}/versions`, may('policy.read', inIt), async (c) => {
    const versions = await policyVersions(db, c.get('network').id)
    return sendPage(c, <VersionsPage view={await view(c)} versions={versions} names={await namesOf(db, versions)} />)
  })
  app.get(`${home}/versions/:version`, may('policy.read', inIt), async (c) => {
    const { current } = await onDesk(db, c)
    const policy = orNotFound(await policyAt(db, c.get('network').id, versionIn(c)))
    return sendPage(
      c,
      <VersionPage
        view={await view(c)}
        policy={policy}
        current={current.version}
        changes={diffPolicies(policy, current)}
      />,
    )
  })
  app.post(`${home}/versions/:version/restore`, may('policy.edit', inIt), async (c) => {
    const { rules, companions, version } = orNotFound(await policyAt(db, c.get('network').id, versionIn(c)))
    await changeDraft(house, c, () => ({ rules, companions }))
    const query = new URLSearchParams({ network: c.get('network').name, from: String(version) })
    return c.redirect(`${home}/review?${query}`, 303)
  })
}

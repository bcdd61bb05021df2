import { HTTPException } from 'hono/http-exception'
import {
  BelongsElsewhere,
  findMember,
  grantRole,
  LastOwner,
  type Member,
  revokeRole,
  setDisabled,
} from '../../../accounts/members.ts'
import { networksWith } from '../../../accounts/policy.ts'
import { areasOf, scopeOfRole } from '../../../accounts/role-scope.ts'
import { roles } from '../../../db/schema/accounts.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { type House, idOf } from '../../house.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { entrance } from '../../public/entrance.ts'
import { formText } from '../../public/form-text.ts'
import type { Problems } from '../../ui/form.tsx'
import { Confirmation } from '../../ui/notice.tsx'
import { sendPage } from '../../view.ts'
import { memberOf } from './locate-member.ts'
import { askedScope, emptyRole, scopeProblem, type TypedRole, typedRole } from './role-form.tsx'
import { MemberPage } from './users.tsx'

const home = '/console/settings/users'

/** One member: their roles here, and whether they get in at all. */
export function memberRoutes(house: House): void {
  const {
    app,
    deps,
    view,
    guards: { may },
  } = house
  const { db, wall } = deps
  const door = entrance(house)

  /** The member the guard has found. */
  const theirs = async (c: PageContext): Promise<Member> => {
    const member = await findMember(db, c.get('network').id, idOf(c))
    if (!member) throw new HTTPException(404)
    return member
  }

  const page = async (c: PageContext, given: { typed?: TypedRole; problems?: Problems } = {}) => {
    const shown = await view(c)
    const said = c.req.query('said') === 'saved' ? ({ text: shown.t('users.saved'), tone: 'good' } as const) : undefined
    return sendPage(
      c,
      <MemberPage
        view={shown}
        member={await theirs(c)}
        typed={given.typed ?? emptyRole}
        areas={await areasOf(db, c.get('network').id)}
        problems={given.problems}
        said={said}
      />,
      given.problems ? 422 : 200,
    )
  }

  /** Changes of one's own rights begin a new session too; others' sessions have ended in the same transaction. */
  const done = async (c: PageContext, member: Member): Promise<Response> => {
    const user = c.get('user')
    if (member.id === user.id) await door.rotate(c, user)
    return c.redirect(inNetwork(await view(c), `${home}/${member.id}?said=saved`), 303)
  }

  /** Runs a change, or says why it may not be. */
  const change = async (
    c: PageContext,
    work: () => Promise<boolean>,
    after: () => Promise<Response>,
  ): Promise<Response> => {
    const { t } = await view(c)
    try {
      await work()
    } catch (error) {
      if (error instanceof LastOwner) return page(c, { problems: { form: t('users.faults.lastOwner') } })
      if (error instanceof BelongsElsewhere) return page(c, { problems: { form: t('users.faults.elsewhere') } })
      throw error
    }
    return after()
  }

  const byOf = (c: PageContext) => ({ actor: c.get('user').id, now: wall.now() })

  const grant: PageHandler = async (c) => {
    const networkId = c.get('network').id
    const member = await theirs(c)
    const shown = await view(c)
    const typed = typedRole(await c.req.parseBody({ all: true }))
    const asked = askedScope(typed, await areasOf(db, networkId))
    if (!asked) return page(c, { typed, problems: { role: shown.t('users.faults.role') } })
    const scope = await scopeOfRole(db, networkId, asked)
    if ('fault' in scope) return page(c, { typed, problems: scopeProblem(shown, scope) })
    return change(
      c,
      () => grantRole(db, { networkId, userId: member.id, role: asked.role, scope }, byOf(c)),
      () => done(c, member),
    )
  }

  const revoke: PageHandler = async (c) => {
    const networkId = c.get('network').id
    const member = await theirs(c)
    const asked = await formText(c, 'role')
    const role = roles.find((known) => known === asked)
    if (!role) return page(c, { problems: { form: (await view(c)).t('users.faults.role') } })
    return change(
      c,
      () => revokeRole(db, { networkId, userId: member.id, role }, byOf(c)),
      () => (member.roles.length > 1 ? done(c, member) : left(c, member)),
    )
  }

  const left = async (c: PageContext, member: Member): Promise<Response> => {
    if (member.id === c.get('user').id) return c.redirect('/console', 303)
    return c.redirect(inNetwork(await view(c), `${home}?said=removed&name=${encodeURIComponent(member.name)}`), 303)
  }

  const confirmation =
    (what: 'remove' | 'disable'): PageHandler =>
    async (c) => {
      const member = await theirs(c)
      const shown = await view(c)
      const { t, network } = shown
      const title = t(`users.${what}Title`, { name: member.name, network: network?.title ?? '' })
      return sendPage(
        c,
        <ConsolePage view={shown} title={title} current="settings">
          <Confirmation
            view={shown}
            title={title}
            people={1}
            action={inNetwork(shown, `${home}/${member.id}/${what}`)}
            confirm={t(`users.${what}`)}
            back={inNetwork(shown, `${home}/${member.id}`)}
            isDangerous
          >
            <p>{t(`users.${what}Text`)}</p>
          </Confirmation>
        </ConsolePage>,
      )
    }

  const remove: PageHandler = async (c) => {
    const member = await theirs(c)
    const which = { networkId: c.get('network').id, userId: member.id, role: undefined }
    return change(
      c,
      () => revokeRole(db, which, byOf(c)),
      () => left(c, member),
    )
  }

  const setTo =
    (isDisabled: boolean): PageHandler =>
    async (c) => {
      const member = await theirs(c)
      const answersFor = networksWith(c.get('user'), 'user.write')
      const which = { userId: member.id, isDisabled, networkId: c.get('network').id, answersFor }
      return change(
        c,
        () => setDisabled(db, which, byOf(c)),
        async () => c.redirect(inNetwork(await view(c), `${home}/${member.id}?said=saved`), 303),
      )
    }

  app.get(`${home}/:id`, may('user.write', memberOf(db)), (c) => page(c))
  app.post(`${home}/:id`, may('user.write', memberOf(db)), grant)
  app.post(`${home}/:id/roles/revoke`, may('user.write', memberOf(db)), revoke)
  app.get(`${home}/:id/remove`, may('user.write', memberOf(db)), confirmation('remove'))
  app.post(`${home}/:id/remove`, may('user.write', memberOf(db)), remove)
  app.get(`${home}/:id/disable`, may('user.write', memberOf(db)), confirmation('disable'))
  app.post(`${home}/:id/disable`, may('user.write', memberOf(db)), setTo(true))
  app.post(`${home}/:id/enable`, may('user.write', memberOf(db)), setTo(false))
}

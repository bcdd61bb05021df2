import { emailOf } from '../../../accounts/email-address.ts'
import { revokeInvitation, waitingInvitation, waitingInvitations } from '../../../accounts/invitations.ts'
import { listMembers } from '../../../accounts/members.ts'
import { can } from '../../../accounts/policy.ts'
import { areasOf, scopeOfRole } from '../../../accounts/role-scope.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { languages } from '../../../words.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import type { Problems } from '../../ui/form.tsx'
import { Confirmation } from '../../ui/notice.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { invitationDesk } from './invitation-desk.ts'
import { invitationOf } from './locate-member.ts'
import { memberRoutes } from './member-routes.tsx'
import { askedScope, emptyRole, scopeProblem, typedRole } from './role-form.tsx'
import { type HandOver, InvitePage, type Said, type TypedInvitation, UsersPage } from './users.tsx'

const home = '/console/settings/users'

/** Who may come into a network: its members, and those who are invited. */
export function usersRoutes(house: House): void {
  const {
    app,
    deps,
    view,
    guards: { may },
  } = house
  const { db, wall } = deps
  const desk = invitationDesk(deps)

  const page = async (c: PageContext, given: { said?: Said; handOver?: HandOver } = {}) => {
    const { id: networkId } = c.get('network')
    const cursor = parsed(optional(anId), c.req.query('cursor'))
    const shown = await view(c)
    const { t } = shown
    const done = c.req.query('said')
    const said =
      done === 'revoked'
        ? ({ text: t('users.takenBack'), tone: 'good' } as const)
        : done === 'gone'
          ? ({ text: t('users.gone'), tone: 'warning' } as const)
          : done === 'removed'
            ? ({ text: t('users.removed', { name: c.req.query('name')?.slice(0, 120) ?? '' }), tone: 'good' } as const)
            : undefined
    const { rows, next } = await listMembers(db, networkId, cursor)
    return sendPage(
      c,
      <UsersPage
        view={shown}
        rows={rows}
        next={next}
        cursor={cursor}
        waiting={await waitingInvitations(db, networkId)}
        mayWrite={can(c.get('user'), 'user.write', networkId)}
        wallNow={wall.now()}
        said={given.said ?? said}
        handOver={given.handOver}
      />,
    )
  }

  const invitePage = async (c: PageContext, typed: TypedInvitation, problems?: Problems) =>
    sendPage(
      c,
      <InvitePage
        view={await view(c)}
        typed={typed}
        areas={await areasOf(db, c.get('network').id)}
        problems={problems}
      />,
      problems ? 422 : 200,
    )

  const askWhom: PageHandler = async (c) =>
    invitePage(c, { email: '', name: '', language: c.get('network').language, role: emptyRole })

  const invite: PageHandler = async (c) => {
    const network = c.get('network')
    const shown = await view(c)
    const { t } = shown
    const body = await c.req.parseBody({ all: true })
    const text = (name: string) => (typeof body[name] === 'string' ? body[name] : '').replace(/\s+/g, ' ').trim()
    const typed = {
      email: text('email').slice(0, 300),
      name: text('name').slice(0, 120),
      language: text('language'),
      role: typedRole(body),
    }
    const email = emailOf(typed.email)
    const language = languages.find((known) => known === typed.language) ?? 'fr'
    const asked = askedScope(typed.role, await areasOf(db, network.id))
    const scope = asked && (await scopeOfRole(db, network.id, asked))
    const problems: Problems = {
      ...(email === undefined && { email: t('users.faults.email') }),
      ...(typed.name === '' && { name: t('users.faults.name') }),
      ...(!asked && { role: t('users.faults.role') }),
      ...(scope && 'fault' in scope && scopeProblem(shown, scope)),
    }
    if (email === undefined || !asked || !scope || 'fault' in scope || typed.name === '')
      return invitePage(c, typed, problems)
    if (await desk.hasRole(network.id, email, asked.role))
      return invitePage(c, typed, { role: t('users.faults.already') })
    const offer = { networkId: network.id, email, name: typed.name, role: asked.role, scope, language }
    return page(c, await desk.offer(shown, c.get('user'), offer))
  }

  const askToSendAgain: PageHandler = async (c) => {
    const shown = await view(c)
    const { t } = shown
    const invitation = await waitingInvitation(db, { networkId: c.get('network').id, id: idOf(c) })
    if (!invitation) return c.redirect(inNetwork(shown, `${home}?said=gone`), 303)
    const title = t('users.againTitle', { name: invitation.name })
    return sendPage(
      c,
      <ConsolePage view={shown} title={title} current="settings">
        <Confirmation
          view={shown}
          title={title}
          people={1}
          action={inNetwork(shown, `${home}/invitations/${invitation.id}/again`)}
          confirm={t('users.again')}
          back={inNetwork(shown, home)}
        >
          <p>{t('users.againText', { email: invitation.email })}</p>
        </Confirmation>
      </ConsolePage>,
    )
  }

  const again: PageHandler = async (c) => {
    const renewed = await desk.renew(await view(c), c.get('user'), { networkId: c.get('network').id, id: idOf(c) })
    if (!renewed) return c.redirect(inNetwork(await view(c), `${home}?said=gone`), 303)
    return page(c, renewed)
  }

  const revoke: PageHandler = async (c) => {
    const by = { actor: c.get('user').id, now: wall.now() }
    const isDone = await revokeInvitation(db, { networkId: c.get('network').id, id: idOf(c) }, by)
    return c.redirect(inNetwork(await view(c), `${home}?said=${isDone ? 'revoked' : 'gone'}`), 303)
  }

  app.get(home, may('user.read', networkOf(db)), (c) => page(c))
  app.get(`${home}/invite`, may('user.write', networkOf(db)), askWhom)
  app.post(`${home}/invite`, may('user.write', networkOf(db)), invite)
  app.get(`${home}/invitations/:id/again`, may('user.write', invitationOf(db)), askToSendAgain)
  app.post(`${home}/invitations/:id/again`, may('user.write', invitationOf(db)), again)
  app.post(`${home}/invitations/:id/revoke`, may('user.write', invitationOf(db)), revoke)
  memberRoutes(house)
}

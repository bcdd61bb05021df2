import { type AuditData, audit } from '../../accounts/audit.ts'
import type { AuditAction } from '../../accounts/audit-actions.ts'
import { can, networksOfUser } from '../../accounts/policy.ts'
import { endSessions } from '../../accounts/sessions.ts'
import type { Tx } from '../../db/index.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import { networksOf } from '../console/networks-of.ts'
import type { House } from '../house.ts'
import type { Entrance } from '../public/entrance.ts'
import { sendPage, type View } from '../view.ts'
import { AgainPage } from './ways-in.tsx'

/** A way in is changed only soon after signing in: an open session found on a desk is not enough. */
const freshMs = 30 * 60_000

/** What the pages of one's own account share. */
export function accountDesk({ deps, view }: House, door: Entrance) {
  const { db, wall } = deps

  /** The page's view, in the frame of the network one came from, else of the first one may see. */
  const ownView = async (c: PageContext): Promise<View> => {
    const user = c.get('user')
    const seen = networksOfUser(user).filter((id) => can(user, 'network.read', id))
    const choices = await networksOf(db, seen)
    const network = choices.find(({ name }) => name === c.req.query('network')) ?? choices[0]
    if (network) c.set('network', network)
    return view(c)
  }

  /** Lets a change of the ways in through only soon after signing in (OWASP ASVS 5.0, 7.5.1). */
  const fresh =
    (handler: PageHandler): PageHandler =>
    async (c, next) => {
      const { signedInAt } = c.get('user')
      if (wall.now().getTime() - signedInAt.getTime() < freshMs) return handler(c, next)
      const here = new URL(c.req.url).pathname
      return sendPage(c, <AgainPage view={await ownView(c)} here={here} />, 403)
    }

  const record = (tx: Tx, c: PageContext, action: AuditAction, data?: AuditData): Promise<void> => {
    const { id } = c.get('user')
    return audit(tx, { networkId: null, actor: id, action, subject: id, data, at: wall.now() })
  }

  /** After a change of the ways in: a new name for this session, and the end of all others (ASVS 7.4.3). */
  const renewSessions = async (c: PageContext): Promise<void> => {
    const user = c.get('user')
    const id = await door.rotate(c, user)
    await endSessions(db, user.id, id)
  }

  return { ownView, fresh, record, renewSessions }
}

export type AccountDesk = ReturnType<typeof accountDesk>

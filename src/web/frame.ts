import { and, count, eq, isNull } from 'drizzle-orm'
import { networksOfUser, scopeFor } from '../accounts/policy.ts'
import type { AppDeps } from '../app-deps.ts'
import { notifications } from '../db/schema.ts'
import type { PageContext } from '../http/page-env.ts'
import { countUnread } from '../inbox/list.ts'
import type { Assets } from './assets.ts'
import { networksOf } from './console/networks-of.ts'
import type { ClockMoves } from './console/time/clock-moves.ts'
import { type View, viewOf } from './view.ts'

/** A page's view with what its frame shows: the way to other networks, the sandbox clock, what waits to be read. */
export async function frameOf(
  c: PageContext,
  { assets, deps, moves }: { assets: Assets; deps: AppDeps; moves: ClockMoves },
): Promise<View> {
  const view = viewOf(c, assets, deps.wall.now())
  const { user, network } = view
  if (!user) return view
  const isSandbox = network?.mode === 'sandbox'
  const inboxScope = network && scopeFor(user, 'conversation.read', network.id)
  const [networks, unread, nextEventAt, inbox] = await Promise.all([
    networksOf(deps.db, networksOfUser(user)),
    deps.db
      .select({ count: count() })
      .from(notifications)
      .where(and(eq(notifications.userId, user.id), isNull(notifications.readAt))),
    isSandbox ? deps.actions.nextEventAt(network.id) : undefined,
    inboxScope ? countUnread(deps.db, network.id, inboxScope) : undefined,
  ])
  const state = isSandbox ? moves.state(network.id) : undefined
  // Without script too: whoever pressed the button sees the page come back by itself until the move is over.
  if (state?.is === 'moving' && c.req.query('moved') !== undefined) c.header('refresh', '2')
  return {
    ...view,
    networks,
    unread: unread[0]?.count ?? 0,
    inbox,
    clock: isSandbox ? { next: nextEventAt, state, moved: c.req.query('moved') } : undefined,
  }
}

import { eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { audit } from '../../../accounts/audit.ts'
import type { Advance } from '../../../app-deps.ts'
import { businessNow } from '../../../clock.ts'
import { networks } from '../../../db/schema.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { type House, parsed } from '../../house.ts'
import { networkOf } from '../locate.ts'
import { type Button, buttons } from './time-machine.tsx'

const second = 1_000
/** Carriers answer within seconds of each other: one press takes in a minute of them. */
const shortestMove = 60 * second

const moveForm = z.object({
  move: z.enum(buttons),
  offset: z.coerce.number().int(),
  back: z.string().max(2000).catch('/console'),
})

/** The page the button was on, never another site's, with how the press ended. */
function backTo(given: string, moved: string): string {
  const here = 'http://here'
  const back = URL.canParse(given, here) ? new URL(given, here) : new URL('/console', here)
  const own = back.origin === here ? back : new URL('/console', here)
  own.searchParams.set('moved', moved)
  return `${own.pathname.replace(/^\/+/, '/')}${own.search}#clock`
}

/** The time machine of a sandbox network. */
export function timeRoutes({ app, deps, moves, guards: { may } }: House): void {
  const { db, wall } = deps

  async function destination(networkId: string, move: Button, now: Date): Promise<Advance | undefined> {
    if (move === 'end') return { untilIdle: true }
    if (move === 'day') return { by: 'P1D' }
    const next = await deps.actions.nextEventAt(networkId)
    if (!next) return undefined
    return { by: `PT${Math.ceil(Math.max(next.getTime() - now.getTime(), shortestMove) / second)}S` }
  }

  /** Only from the clock the form showed: two presses are one move. */
  const moveClock: PageHandler = async (c) => {
    const network = c.get('network')
    if (network.mode !== 'sandbox') throw new HTTPException(403)
    const form = parsed(moveForm, await c.req.parseBody())
    let isStale = false
    const outcome = await moves.start(network.id, async () => {
      const [clock] = await db
        .select({ clockOffsetMs: networks.clockOffsetMs })
        .from(networks)
        .where(eq(networks.id, network.id))
      isStale = clock?.clockOffsetMs !== form.offset
      if (!clock || isStale) return undefined
      const to = await destination(network.id, form.move, businessNow(wall.now(), clock))
      if (to)
        await db.transaction((tx) =>
          audit(tx, {
            ...{ networkId: network.id, actor: c.get('user').id, subject: network.id, at: wall.now() },
            action: 'clock.advance',
            data: { move: form.move },
          }),
        )
      return to
    })
    return c.redirect(backTo(form.back, isStale ? 'already' : (outcome ?? 'idle')), 303)
  }

  app.post('/console/clock', may('clock.advance', networkOf(db)), moveClock)
}

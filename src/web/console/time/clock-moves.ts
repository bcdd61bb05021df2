import type { Advance, AppDeps } from '../../../app-deps.ts'
import { newId } from '../../../db/index.ts'

/** A page is answered after this long whatever the clock does; it then renews itself until the move is over. */
const defaultPatienceMs = 1_500

/** How a network's last move went: still going, broken off (with the reference in the log), or nothing to say. */
export type MoveState = { is: 'moving' } | { is: 'failed'; reference: string } | undefined

/**
 * One move of a clock at a time per network. Four months of a challenge take longer than a browser should wait, so
 * a move that takes long goes on by itself.
 */
export function clockMoves(deps: AppDeps) {
  const states = new Map<string, MoveState>()

  /** Starts a move unless one is going; resolves when it is over, or when patience is. */
  async function start(networkId: string, choose: () => Promise<Advance | undefined>): Promise<'busy' | 'idle' | 'ok'> {
    if (states.get(networkId)?.is === 'moving') return 'busy'
    states.set(networkId, { is: 'moving' })
    let to: Advance | undefined
    try {
      to = await choose()
    } finally {
      if (!to) states.delete(networkId)
    }
    if (!to) return 'idle'
    const work = deps.actions.advance(networkId, to).then(
      () => void states.delete(networkId),
      (error: Error) => {
        const reference = newId()
        states.set(networkId, { is: 'failed', reference })
        deps.onError?.(error, { reference, method: 'POST', path: '/console/clock' })
      },
    )
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deps.patienceMs ?? defaultPatienceMs)
    })
    await Promise.race([work, patience])
    clearTimeout(timer)
    return 'ok'
  }

  return { start, state: (networkId: string): MoveState => states.get(networkId) }
}

export type ClockMoves = ReturnType<typeof clockMoves>

import type { AppDeps } from '../../../app-deps.ts'
import { newId } from '../../../db/index.ts'
import type { Network } from '../../../http/page-env.ts'

/** A page is answered after this long, with the answer or without; it then renews itself until it is there. */
const defaultPatienceMs = 1_500
const planFreshMs = 5_000
/** What took a second is good for twenty: pages that renew themselves must not keep the server busy. */
const freshness = 20
const mostKept = 50

interface Kept<T> {
  answer: T
  /** Of the clock it was made under: a clock that was moved makes it anew. */
  clockOffsetMs: number
  freshUntil: number
}

/**
 * Work that walks through a whole audience is done once for all who look at about the same time. What came quickly is
 * kept no longer than `leastFreshMs`.
 */
export function keptWork<T>(deps: AppDeps, leastFreshMs = planFreshMs) {
  const kept = new Map<string, Kept<T>>()
  const working = new Map<string, Promise<T>>()

  function workOut(key: string, network: Network, work: () => Promise<T>): Promise<T> {
    const startedAt = deps.wall.now().getTime()
    const underWay = work()
      .then((answer) => {
        const endedAt = deps.wall.now().getTime()
        kept.delete(key)
        if (kept.size >= mostKept) kept.delete(kept.keys().next().value!)
        const freshUntil = endedAt + Math.max(leastFreshMs, freshness * (endedAt - startedAt))
        kept.set(key, { answer, clockOffsetMs: network.clockOffsetMs, freshUntil })
        return answer
      })
      .finally(() => working.delete(key))
    working.set(key, underWay)
    return underWay
  }

  /** The answer, or undefined when it takes longer than a page waits. Throws when it cannot be worked out. */
  return async function answerTo(network: Network, about: string, work: () => Promise<T>): Promise<T | undefined> {
    const key = `${network.id} ${about}`
    const known = kept.get(key)
    const isFresh =
      known?.clockOffsetMs === network.clockOffsetMs && deps.wall.now().getTime() < (known?.freshUntil ?? 0)
    if (known && isFresh) return known.answer
    const underWay = working.get(key) ?? workOut(key, network, work)
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), deps.patienceMs ?? defaultPatienceMs)
    })
    let isAnswered = false
    // Nobody waits for it any more: then its failure is for the log alone.
    underWay.catch((error: Error) => {
      if (isAnswered) deps.onError?.(error, { reference: newId(), method: 'GET', path: '/console/campaigns/:id' })
    })
    try {
      return await Promise.race([underWay, patience])
    } finally {
      isAnswered = true
      clearTimeout(timer)
    }
  }
}

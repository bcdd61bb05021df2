import type { AppDeps } from '../../../app-deps.ts'
import { newId } from '../../../db/index.ts'
import type { Network } from '../../../http/page-env.ts'
import type { PlanView } from './plan-view.ts'

/** A page is answered after this long, with the plan or without; it then renews itself until the plan is there. */
const defaultPatienceMs = 1_500
const leastFreshMs = 5_000
/** A plan that took a second is good for twenty: pages that renew themselves must not keep the server busy. */
const freshness = 20
const mostKept = 50

interface Kept {
  plan: PlanView
  /** Of the clock it was made under: a clock that was moved makes it anew. */
  clockOffsetMs: number
  freshUntil: number
}

/** A plan walks through a whole audience, so it is worked out once for all who look at about the same time. */
export function plans(deps: AppDeps) {
  const kept = new Map<string, Kept>()
  const working = new Map<string, Promise<PlanView>>()

  function workOut(key: string, network: Network, campaignId: string): Promise<PlanView> {
    const startedAt = deps.wall.now().getTime()
    const work = deps
      .plan(network.id, campaignId)
      .then((plan) => {
        const endedAt = deps.wall.now().getTime()
        kept.delete(key)
        if (kept.size >= mostKept) kept.delete(kept.keys().next().value!)
        const freshUntil = endedAt + Math.max(leastFreshMs, freshness * (endedAt - startedAt))
        kept.set(key, { plan, clockOffsetMs: network.clockOffsetMs, freshUntil })
        return plan
      })
      .finally(() => working.delete(key))
    working.set(key, work)
    return work
  }

  /** The plan, or undefined when it takes longer than a page waits. Throws when it cannot be worked out. */
  async function planOf(network: Network, campaignId: string): Promise<PlanView | undefined> {
    const key = `${network.id} ${campaignId}`
    const known = kept.get(key)
    const isFresh =
      known?.clockOffsetMs === network.clockOffsetMs && deps.wall.now().getTime() < (known?.freshUntil ?? 0)
    if (known && isFresh) return known.plan
    const work = working.get(key) ?? workOut(key, network, campaignId)
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), deps.patienceMs ?? defaultPatienceMs)
    })
    let isAnswered = false
    // Nobody waits for it any more: then its failure is for the log alone.
    work.catch((error: Error) => {
      if (isAnswered) deps.onError?.(error, { reference: newId(), method: 'GET', path: '/console/campaigns/:id' })
    })
    try {
      return await Promise.race([work, patience])
    } finally {
      isAnswered = true
      clearTimeout(timer)
    }
  }

  return { planOf }
}

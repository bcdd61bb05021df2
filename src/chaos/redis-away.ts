import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { hasRedis, placeForRedis } from './redis.ts'
import { needsRedis } from './redis-lost.ts'
import { openShared } from './shared.ts'
import { until } from './stand.ts'

const workers = 3

interface Readiness {
  status: string
  reasons: string[]
}

/**
 * F6: a web and three workers start although no Redis is there, say so and send; once it comes they take it up without
 * a restart.
 */
export async function redisAway(setting: Setting): Promise<Found | string> {
  if (!hasRedis()) return needsRedis
  const people = sized(600, setting, 90)
  const redis = await placeForRedis()
  const shared = await openShared(setting, people, redis.url)
  if (typeof shared === 'string') {
    await redis.close()
    return shared
  }
  const { stand } = shared
  try {
    const port = await shared.web()
    const readiness = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
      return { code: answer.status, ...((await answer.json()) as Readiness) }
    }
    const before = await readiness()
    const saysSo = before.code === 200 && before.status === 'degraded' && /Redis/.test(before.reasons.join())
    for (let worker = 0; worker < workers; worker++) shared.worker()
    await shared.taken(stand.between(1, Math.floor(people / 2), 'away'))
    await redis.start()
    await until(async () => (await readiness()).status === 'ready', 100)
    await shared.settled()
    const { lost, extra, note } = await shared.end()
    return {
      messages: people,
      kills: 0,
      lost: lost + (saysSo ? 0 : people),
      extra,
      notes: [`readyz before: ${before.status}, ${before.reasons.join(' ')}`, note],
    }
  } finally {
    await stand.close()
    await redis.close()
  }
}

import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { hasRedis, startRedis } from './redis.ts'
import { needsRedis } from './redis-lost.ts'
import { openShared } from './shared.ts'

const workers = 3
const badConfiguration = 3

/**
 * F5: beside a Redis that would drop what waits, no worker starts; beside one whose memory is full, which then takes
 * nothing more, everything leaves all the same.
 */
export async function redisFull(setting: Setting): Promise<Found | string> {
  if (!hasRedis()) return needsRedis
  const people = sized(400, setting, 60)
  const redis = await startRedis()
  const shared = await openShared(setting, people, redis.url)
  if (typeof shared === 'string') {
    await redis.close()
    return shared
  }
  const { stand } = shared
  try {
    await redis.set('maxmemory-policy', 'allkeys-lru')
    const refused = stand.start(['worker'])
    const { code } = await refused.ended
    const isRefused = code === badConfiguration && /maxmemory-policy is allkeys-lru/.test(refused.said().stderr)
    await redis.set('maxmemory-policy', 'noeviction')
    for (let worker = 0; worker < workers; worker++) shared.worker()
    await shared.taken(stand.between(1, Math.floor(people / 2), 'full'))
    await redis.set('maxmemory', '1')
    await shared.settled()
    const { lost, extra, note } = await shared.end()
    return {
      messages: people,
      kills: 0,
      lost: lost + (isRefused ? 0 : people),
      extra,
      notes: [`a Redis that drops keys: ${isRefused ? 'refused' : `taken, ended with ${code}`}`, note],
    }
  } finally {
    await stand.close()
    await redis.close()
  }
}

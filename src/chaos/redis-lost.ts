import { setTimeout as pause } from 'node:timers/promises'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { hasRedis, startRedis } from './redis.ts'
import { openShared } from './shared.ts'

const workers = 3
const awayMs = 1_500

export const needsRedis = 'needs redis-server, which is not installed'

/**
 * F4: two webs and three workers, whose Redis is killed without having kept anything, comes back empty, and is flushed
 * while they send. The database knows what is owed; Redis only said where.
 */
export async function redisLost(setting: Setting): Promise<Found | string> {
  if (!hasRedis()) return needsRedis
  const people = sized(1_000, setting, 120)
  const losses = sized(6, setting, 2)
  const redis = await startRedis()
  const shared = await openShared(setting, people, redis.url)
  if (typeof shared === 'string') {
    await redis.close()
    return shared
  }
  const { stand } = shared
  try {
    for (let worker = 0; worker < workers; worker++) shared.worker()
    await Promise.all([shared.web(), shared.web()])
    for (let loss = 0; loss < losses; loss++) {
      const most = Math.floor((people * 0.8) / losses)
      await shared.taken(stand.twilio.messages.length + stand.between(1, most, 'lost', loss))
      if (loss % 2 === 0) {
        await redis.kill()
        await pause(awayMs)
        await redis.start()
      } else await redis.flush()
    }
    await shared.settled()
    const { lost, extra, note } = await shared.end()
    return { messages: people, kills: losses, lost, extra, notes: [note] }
  } finally {
    await stand.close()
    await redis.close()
  }
}

import type { Queue } from '../queue/index.ts'
import type { PageMiddleware } from './page-env.ts'

const readers: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Calls the workers once a form or a call of the API has been carried out, so that what somebody asked for begins at
 * once. What providers tell comes in crowds, is applied before anything is claimed, and waits for the next look.
 */
export const callWorkers = (queue: Queue): PageMiddleware =>
  async function callWorkers(c, next) {
    await next()
    if (!readers.has(c.req.method) && c.res.status < 400 && !c.req.path.startsWith('/webhooks/')) queue.wake()
  }

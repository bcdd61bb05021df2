import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { ConfigProblems } from '../config.ts'
import type { Context } from '../context.ts'
import { metricsHandler } from './metrics.ts'
import type { PageEnv } from './page-env.ts'
import { readinessOf } from './readiness.ts'

export interface WorkerWatch {
  context: Context
  version: string
  /** As METRICS says: without it there is no `/metrics`. */
  metricsAccess: string | undefined
}

/** What a worker answers to whoever watches it: `/healthz`, `/readyz` and its own counters. It has no other page. */
export function workerWatch({ context, version, metricsAccess }: WorkerWatch): Hono<PageEnv> {
  const app = new Hono<PageEnv>()
  app.get('/healthz', (c) => c.json({ status: 'ok', version }))
  app.get('/readyz', async (c) => {
    const { code, body } = await readinessOf(context)
    return c.json(body, code)
  })
  app.get('/metrics', metricsHandler({ context, metricsAccess }))
  return app
}

/** Listens on WORKER_PORT. @throws ConfigProblems when the port is not to be had */
export function listen(app: Hono<PageEnv>, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port }, () => resolve(server)) as Server
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new ConfigProblems([
              `WORKER_PORT ${port} cannot be opened (${error.code}). Set it to a free one above 1023.`,
            ])
          : error,
      ),
    )
  })
}

import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Channel, WebhookNotConfigured, WebhookRejected } from '../channel.ts'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { receive } from './inbox.ts'

export interface WebhookDeps {
  db: Db
  wall: WallClock
  channels: readonly Channel[]
  publicUrl: string
  /** Told of calls that were refused, for a counter; the caller is told nothing. */
  onRefused?: (path: string, reason: string) => void
  /** Events of a provider, stored. */
  onHeard?: (provider: string, count: number) => void
}

const megabyte = 1024 * 1024

/**
 * What providers call, mounted at `/webhooks`. The signature is checked on the raw bytes, the events are stored,
 * and the answer is 204; they are applied later. 403 for a call that is not the provider's, 503 where it cannot be
 * verified or stored (providers try again), 405 for anything but POST, 413 above 1 MB.
 */
export function webhookRoutes(deps: WebhookDeps): Hono {
  const app = new Hono()
  app.post('/*', bodyLimit({ maxSize: megabyte, onError: (c) => c.body(null, 413) }), (c) => answer(c, deps))
  app.all('/*', (c) => c.body(null, 405, { allow: 'POST' }))
  return app
}

async function answer(
  c: Context,
  { db, wall, channels, publicUrl, onRefused, onHeard }: WebhookDeps,
): Promise<Response> {
  const called = new URL(c.req.url)
  const path = called.pathname.replace(/^.*?\/webhooks\//, '')
  const channel = channels.find((candidate) => candidate.webhook && candidate.webhookPaths?.includes(path))
  if (!channel?.webhook) return c.body(null, 404)
  const receivedAt = wall.now()
  // Read outside the attempt below: a body that turns out too large is for the limit to answer.
  const body = new Uint8Array(await c.req.arrayBuffer())
  try {
    const events = await channel.webhook({
      path,
      url: `${publicUrl}${called.pathname}${called.search}`,
      headers: c.req.header(),
      body,
      receivedAt,
    })
    await receive(db, channel.provider, events, receivedAt)
    onHeard?.(channel.provider, events.length)
    return c.body(null, 204)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    onRefused?.(path, reason)
    if (error instanceof WebhookRejected) return c.body(null, 403)
    if (error instanceof WebhookNotConfigured) return c.body(null, 503)
    return c.body(null, 503, { 'retry-after': '30' })
  }
}

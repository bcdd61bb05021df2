import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Channel, type InboundEvent, WebhookNotConfigured, WebhookRejected } from '../channel.ts'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import type { Carriers } from '../deliver/carriers.ts'
import { receive } from './inbox.ts'
import { ownAccount } from './own-account.ts'

export interface WebhookDeps {
  db: Db
  wall: WallClock
  channels: readonly Channel[]
  /** The accounts of networks, whose calls name their network in the address. */
  carriers?: Pick<Carriers, 'of'>
  publicUrl: string
  /** Told of calls that were refused, for a counter; the caller is told nothing. */
  onRefused?: (path: string, reason: string) => void
  /** Events of a provider, stored. */
  onHeard?: (provider: string, count: number) => void
}

const megabyte = 1024 * 1024

/**
 * What providers call, mounted at `/webhooks`: the installation's account at the path of the provider, a network's own
 * account at the same path with the network's id behind it, each verified with its own keys. The signature is checked on the raw bytes, the events are stored,
 * and the answer is 204; they are applied later. 403 for a call that is not the provider's, 503 where it cannot be
 * verified or stored (providers try again), 405 for anything but POST, 413 above 1 MB.
 */
export function webhookRoutes(deps: WebhookDeps): Hono {
  const app = new Hono()
  app.post('/*', bodyLimit({ maxSize: megabyte, onError: (c) => c.body(null, 413) }), (c) => answer(c, deps))
  app.all('/*', (c) => c.body(null, 405, { allow: 'POST' }))
  return app
}

async function answer(c: Context, deps: WebhookDeps): Promise<Response> {
  const called = new URL(c.req.url)
  const path = called.pathname.replace(/^.*?\/webhooks\//, '')
  const own = await ownAccount(deps, path)
  if (own) {
    const { channel, networkId } = own
    // Whoever holds this account's keys speaks for this network, whatever the body says of another.
    const ofNetwork = (event: InboundEvent): InboundEvent => ({
      ...event,
      networkId,
      dedupeKey: `${networkId}:${event.dedupeKey}`,
    })
    try {
      return channel === 'unreadable'
        ? refused(c, deps, own.path, new WebhookNotConfigured('The credentials that would verify it cannot be opened.'))
        : await hear(c, deps, { channel, path: own.path, called }, (events) =>
            events.filter((event) => event.networkId === undefined || event.networkId === networkId).map(ofNetwork),
          )
    } finally {
      await own.release()
    }
  }
  const channel = deps.channels.find((candidate) => candidate.webhook && candidate.webhookPaths?.includes(path))
  return channel ? hear(c, deps, { channel, path, called }, (events) => events) : c.body(null, 404)
}

async function hear(
  c: Context,
  deps: WebhookDeps,
  { channel, path, called }: { channel: Channel; path: string; called: URL },
  meant: (events: InboundEvent[]) => InboundEvent[],
): Promise<Response> {
  const { db, wall, publicUrl, onHeard } = deps
  if (!channel.webhook) return c.body(null, 404)
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
    await receive(db, channel.provider, meant(events), receivedAt)
    onHeard?.(channel.provider, events.length)
    return c.body(null, 204)
  } catch (error) {
    return refused(c, deps, path, error)
  }
}

function refused(c: Context, { onRefused }: WebhookDeps, path: string, error: unknown): Response {
  onRefused?.(path, error instanceof Error ? error.message : String(error))
  if (error instanceof WebhookRejected) return c.body(null, 403)
  if (error instanceof WebhookNotConfigured) return c.body(null, 503)
  return c.body(null, 503, { 'retry-after': '30' })
}

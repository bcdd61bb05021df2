import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import Database from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { sendgridEmail } from '../channels/email/sendgrid.ts'
import { businessNow } from '../src/clock.ts'
import { deliveries } from '../src/db/schema.ts'
import { deliverDue } from '../src/deliver/deliver-due.ts'
import { databasePath } from '../src/main.ts'
import { applyPending, receive } from '../src/tracking/inbox.ts'
import { compare, type Figure, type Side } from './measure.ts'
import { fannedOut, loaded } from './spine.ts'
import { benchNow, type Workspace } from './workspace.ts'

const eventsPerCall = 100

interface Call {
  body: Uint8Array
  signature: string
}

interface Told {
  space: Workspace
  calls: Call[]
}

const timestamp = String(benchNow.getTime() / 1_000)

/** A network whose e-mails have left, and SendGrid's word on each of them: delivered, a hundred to a call, signed. */
export async function told(contacts: number, privateKey: KeyObject): Promise<Told> {
  const made = await loaded(contacts)
  const { space } = made
  await fannedOut(made)
  const { context } = space.relais
  await deliverDue(context, space.network, businessNow(context.wall.now(), space.network))
  const left = await context.db
    .select({ networkId: deliveries.networkId, id: deliveries.id })
    .from(deliveries)
    .where(eq(deliveries.channel, 'email'))
  const calls: Call[] = []
  for (let start = 0; start < left.length; start += eventsPerCall) {
    const events = left.slice(start, start + eventsPerCall).map((delivery) => ({
      event: 'delivered',
      email: `${delivery.id}@example.com`,
      timestamp: Number(timestamp),
      sg_event_id: `event-${delivery.id}`,
      sg_message_id: `message-${delivery.id}.filter0001`,
      response: '250 2.0.0 OK',
      network_id: delivery.networkId,
      delivery_id: delivery.id,
      attempt: '1',
    }))
    const body = Buffer.from(`${JSON.stringify(events)}\r\n`)
    const signed = Buffer.concat([Buffer.from(timestamp), body])
    calls.push({ body, signature: sign('sha256', signed, privateKey).toString('base64') })
  }
  return { space, calls }
}

/** Takes in every call and applies what it says; answers with how many events were applied. */
export function tell({ space, calls }: Told, webhookPublicKey: string): () => Promise<number> {
  const { db, wall } = space.relais.context
  const channel = sendgridEmail({ apiKey: 'SG.bench', webhookPublicKey })
  return async () => {
    for (const { body, signature } of calls) {
      const headers = {
        'x-twilio-email-event-webhook-signature': signature,
        'x-twilio-email-event-webhook-timestamp': timestamp,
      }
      const request = { path: 'sendgrid', url: 'http://localhost/webhooks/sendgrid', headers, body }
      await receive(db, 'sendgrid', await channel.webhook!({ ...request, receivedAt: benchNow }), benchNow)
    }
    let applied = 0
    for (let some = -1; some !== 0; applied += some) some = await applyPending(db, wall)
    return applied
  }
}

/**
 * SendGrid's events from the signed body to the delivery's status, against the work nobody can do without: checking
 * the signature, reading the JSON, one insert that leaves out what is known, one update.
 */
export async function benchWebhooks(contacts: number, pairs: number): Promise<Figure> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const webhookPublicKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const spaces: Workspace[] = []
  const made = async () => {
    const prepared = await told(contacts, privateKey)
    spaces.push(prepared.space)
    return prepared
  }
  const product: Side = {
    prepare: async () => {
      return tell(await made(), webhookPublicKey)
    },
  }
  const ceiling: Side = {
    prepare: async () => {
      const { space, calls } = await made()
      return bare(databasePath(space.folder), calls, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })))
    },
  }
  const figure = await compare(
    {
      name: 'webhooks',
      unit: 'events',
      against: 'bare signature check + JSON.parse + deduplicating INSERT + UPDATE, a call a transaction',
      floor: 0.1,
      goal: 0.4,
    },
    product,
    ceiling,
    pairs,
  )
  for (const space of spaces) await space.close()
  return figure
}

function bare(path: string, calls: readonly Call[], key: KeyObject): () => Promise<number> {
  const file = new Database(path)
  file.pragma('synchronous = FULL')
  const insert = file.prepare(
    `insert or ignore into events (network_id, id, type, delivery_id, dedupe_key, data, occurred_at, recorded_at) values (?,?,'delivered',?,?,'{}',?,?)`,
  )
  const update = file.prepare(
    `update deliveries set status = 'delivered', delivered_at = ? where network_id = ? and id = ? and status in ('accepted', 'sent')`,
  )
  return async () => {
    const at = benchNow.getTime()
    let events = 0
    for (const { body, signature } of calls) {
      if (!verify('sha256', Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, 'base64')))
        throw new Error('The bench signs its own calls, and one does not verify.')
      file.exec('begin immediate')
      for (const event of JSON.parse(Buffer.from(body).toString()) as {
        network_id: string
        delivery_id: string
        sg_event_id: string
      }[]) {
        insert.run(event.network_id, event.sg_event_id, event.delivery_id, event.sg_event_id, at, at)
        update.run(at, event.network_id, event.delivery_id)
        events++
      }
      file.exec('commit')
    }
    file.close()
    return events
  }
}

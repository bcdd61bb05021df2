import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { Channel } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { type Db, oneOf } from '../db/index.ts'
import { attempts, deliveries } from '../db/schema.ts'
import type { JobWork } from '../job/job.ts'
import { addressIn, type RedactionPayload, type RedactionResult, type Ref } from './redact.ts'
import { ownDeliveryIds } from './subject.ts'

const page = 500
/** Calls between two lines of the job's book. */
const calls = 20

/**
 * Empties a person's messages at the providers that offer it, one call each and none in a transaction. What cannot be
 * done now is left for another run; one that was killed does its last few calls again, which changes nothing. Of
 * messages that went to several, such as a letter to the outlet, nothing is taken from the others. Who carried mail to
 * mailboxes of the person's own, and offers to erase what it holds of them, is asked to.
 */
export const work: JobWork = async function* (context, network, run) {
  const payload = run.payload as unknown as RedactionPayload
  const { held, release } = await adapters(context, network)
  try {
    const sums: RedactionResult = {
      ...{ redacted: 0, gone: 0, forgotten: 0, left: [], elsewhere: {} },
      ...payload.result,
    }
    const todo = payload.only ?? (await allOf(context.db, network.id, payload))
    let place = Number(run.cursor ?? 0)
    while (place < todo.length) {
      for (const one of todo.slice(place, place + calls))
        await redactOne(held, one, sums, context, network, payload.contactId)
      place = Math.min(todo.length, place + calls)
      await context.db.transaction((tx) =>
        run.checkpoint(tx, { cursor: String(place), done: place, total: todo.length, result: { ...sums } }),
      )
      yield
    }
    if (payload.recipients) await context.db.transaction((tx) => run.checkpoint(tx, { drop: ['recipients'] }))
    return { ...sums }
  } finally {
    await release()
  }
}

/** A network's adapters of the moment; those of the sandbox keep nothing anywhere else. */
async function adapters({ carriers, channels }: Context, network: Network) {
  const held = await carriers.of(network, channels)
  return { held: held.channels, release: held.release }
}

async function redactOne(
  held: readonly Channel[],
  one: Ref,
  sums: RedactionResult,
  { log, vault }: Context,
  network: Network,
  contactId: string,
): Promise<void> {
  const own = held.filter(({ provider }) => provider === one.provider)
  if (own.some(({ isLocal }) => isLocal)) return
  const forgetful = own.find(({ forget }) => forget !== undefined)
  try {
    const address = addressIn(one, vault, network.id, contactId)
    if (address !== undefined) {
      if (forgetful?.forget) {
        await forgetful.forget([address])
        sums.forgotten += 1
      } else sums.left.push(one)
      return
    }
  } catch (error) {
    log.warn({ network: network.name, provider: one.provider, err: error }, 'An address could not be erased now')
    sums.left.push(one)
    return
  }
  const able = own.find(({ redact }) => redact !== undefined)
  if (able?.redact) {
    try {
      sums[await able.redact(one.ref)] += 1
    } catch (error) {
      log.warn({ network: network.name, provider: one.provider, err: error }, 'A message could not be redacted now')
      sums.left.push(one)
    }
  } else if (own.length === 0 && redactable.includes(one.provider)) {
    // Its account is not here at the moment: it may be again.
    sums.left.push(one)
  } else {
    sums.elsewhere[one.provider] = (sums.elsewhere[one.provider] ?? 0) + 1
  }
}

/** Providers that keep the words of messages and offer to empty them. */
const redactable: readonly string[] = ['twilio']

/** Messages by what their providers call them, and the mailboxes of who carried any mail there. */
async function allOf(
  db: Db,
  networkId: string,
  { heard, recipients = [], contactId }: RedactionPayload,
): Promise<Ref[]> {
  const sent = await sentTo(db, networkId, contactId)
  return [...heard, ...sent, ...recipients.filter(({ provider }) => sent.some((one) => one.provider === provider))]
}

/** What was sent to the person alone, by what the providers call it: every try they took, not only the last. */
async function sentTo(db: Db, networkId: string, contactId: string): Promise<Ref[]> {
  const person = { networkId, contactId, ownValues: [] }
  const refs = new Map<string, Ref>()
  const add = ({ provider, ref }: { provider: string | null; ref: string | null }) => {
    if (provider && ref) refs.set(`${provider} ${ref}`, { provider, ref })
  }
  for (let after = ''; ; ) {
    const rows = await db
      .select({ id: deliveries.id, provider: deliveries.provider, ref: deliveries.providerRef })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.networkId, networkId),
          sql`${deliveries.id} in (${ownDeliveryIds(person)})`,
          gt(deliveries.id, after),
        ),
      )
      .orderBy(asc(deliveries.id))
      .limit(page)
    for (const one of rows) add(one)
    const tries = await db
      .select({ provider: attempts.provider, ref: attempts.providerRef })
      .from(attempts)
      .where(
        and(
          eq(attempts.networkId, networkId),
          oneOf(
            attempts.deliveryId,
            rows.map(({ id }) => id),
          ),
          isNotNull(attempts.providerRef),
        ),
      )
      .orderBy(asc(attempts.deliveryId), asc(attempts.number))
    for (const one of tries) add(one)
    if (rows.length < page) return [...refs.values()]
    after = rows.at(-1)!.id
  }
}

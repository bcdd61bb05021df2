import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { Channel } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import type { Db } from '../db/index.ts'
import { deliveries } from '../db/schema.ts'
import type { JobWork } from '../job/job.ts'
import type { RedactionPayload, RedactionResult, Ref } from './redact.ts'
import { ownDeliveryIds } from './subject.ts'

const page = 500
/** Calls between two lines of the job's book. */
const calls = 20

/**
 * Empties a person's messages at the providers that offer it, one call each and none in a transaction. What cannot be
 * done now is left for another run; one that was killed does its last few calls again, which changes nothing. Of
 * messages that went to several, such as a letter to the outlet, nothing is taken from the others.
 */
export const work: JobWork = async function* (context, network, run) {
  const payload = run.payload as unknown as RedactionPayload
  const { held, release } = await adapters(context, network)
  try {
    const sums: RedactionResult = payload.result ?? { redacted: 0, gone: 0, left: [], elsewhere: {} }
    const todo = payload.only ?? [...payload.heard, ...(await sentTo(context.db, network.id, payload.contactId))]
    let place = Number(run.cursor ?? 0)
    while (place < todo.length) {
      for (const one of todo.slice(place, place + calls)) await redactOne(held, one, sums, context, network)
      place = Math.min(todo.length, place + calls)
      await context.db.transaction((tx) =>
        run.checkpoint(tx, { cursor: String(place), done: place, total: todo.length, result: { ...sums } }),
      )
      yield
    }
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
  { log }: Context,
  network: Network,
): Promise<void> {
  const own = held.filter(({ provider }) => provider === one.provider)
  if (own.some(({ isLocal }) => isLocal)) return
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

/** What was sent to the person alone, by what the providers call it. */
async function sentTo(db: Db, networkId: string, contactId: string): Promise<Ref[]> {
  const person = { networkId, contactId, ownValues: [] }
  const refs: Ref[] = []
  for (let after = ''; ; ) {
    const rows = await db
      .select({ id: deliveries.id, provider: deliveries.provider, ref: deliveries.providerRef })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.networkId, networkId),
          sql`${deliveries.id} in (${ownDeliveryIds(person)})`,
          isNotNull(deliveries.provider),
          isNotNull(deliveries.providerRef),
          gt(deliveries.id, after),
        ),
      )
      .orderBy(asc(deliveries.id))
      .limit(page)
    refs.push(...rows.flatMap(({ provider, ref }) => (provider && ref ? [{ provider, ref }] : [])))
    if (rows.length < page) return refs
    after = rows.at(-1)!.id
  }
}

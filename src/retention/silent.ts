import { and, asc, eq, gt, gte, inArray, isNotNull, isNull, lt, ne, notExists, or, type SQL, sql } from 'drizzle-orm'
import type { Network } from '../context.ts'
import type { Db, Tx } from '../db/index.ts'
import { consents, contacts, events, silenceAsks, sites } from '../db/schema.ts'
import { byPeople } from '../results/measures.ts'
import { actionEvents } from '../words.ts'
import { endOf } from './terms.ts'

export interface SilentPerson {
  id: string
  firstName: string | null
  lastName: string | null
  siteName: string
  /** The day the file says they were last active; null where it says none. */
  lastActivityOn: string | null
  /** Since when Relais knows them. */
  createdAt: Date
  /** Null where they were never asked, nor withheld. */
  ask: Pick<typeof silenceAsks.$inferSelect, 'askedAt' | 'eraseAt' | 'outcome'> | null
}

const pageSize = 50

/** Acts by which a person speaks to us; refusals among them. */
const spoken = [...actionEvents, 'stop', 'unsubscribe'] as const

const one = { one: sql`1` }

/**
 * Who is silent: a prospect not heard of for the network’s term. Neither a day of activity in the file, nor an act, nor a
 * choice of theirs since; who has no such day counts from when they came. Said of `contacts`.
 */
export function isSilent(tx: Tx, { id: networkId, settings }: Pick<Network, 'id' | 'settings'>, now: Date): SQL {
  const since = endOf('silence', settings, now)
  const own = (table: typeof events | typeof consents) =>
    and(eq(table.networkId, contacts.networkId), eq(table.contactId, contacts.id), gte(table.occurredAt, since))
  return and(
    eq(contacts.networkId, networkId),
    eq(contacts.isActive, true),
    eq(contacts.hasContract, false),
    isNull(contacts.erasedAt),
    or(
      and(isNotNull(contacts.lastActivityOn), lt(contacts.lastActivityOn, since.toISOString().slice(0, 10))),
      and(isNull(contacts.lastActivityOn), lt(contacts.createdAt, since)),
    ),
    notExists(
      tx
        .select(one)
        .from(events)
        .where(and(own(events), inArray(events.type, [...spoken]), byPeople)),
    ),
    // What a file says of somebody is not said by them.
    notExists(
      tx
        .select(one)
        .from(consents)
        .where(and(own(consents), ne(consents.action, 'import'))),
    ),
  )!
}

/** Silent people and how each stands with being asked. A page in the order of their ids, and where the next begins. */
export async function silentPeople(
  db: Db,
  network: Pick<Network, 'id' | 'settings'>,
  now: Date,
  after = '',
): Promise<{ people: SilentPerson[]; next?: string }> {
  const people = await db
    .select({
      ...{ id: contacts.id, firstName: contacts.firstName, lastName: contacts.lastName, siteName: sites.name },
      ...{ lastActivityOn: contacts.lastActivityOn, createdAt: contacts.createdAt },
      ask: { askedAt: silenceAsks.askedAt, eraseAt: silenceAsks.eraseAt, outcome: silenceAsks.outcome },
    })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .leftJoin(silenceAsks, and(eq(silenceAsks.networkId, contacts.networkId), eq(silenceAsks.contactId, contacts.id)))
    .where(and(isSilent(db, network, now), gt(contacts.id, after)))
    .orderBy(asc(contacts.id))
    .limit(pageSize + 1)
  const page = people.slice(0, pageSize)
  return { people: page, next: people.length > pageSize ? page.at(-1)!.id : undefined }
}

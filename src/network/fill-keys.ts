import { and, asc, eq, gt } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { contacts, installation, networks, sites } from '../db/schema.ts'
import { areaOf } from './areas.ts'
import { fold } from './folding.ts'
import { cityKeyOf, nameKeysOf } from './search-keys.ts'

const pageSize = 500
const marker = 'search-keys'
const done = 'done'

/**
 * Gives the keys that lists are sorted and searched by, and sites their area, to what was imported before there
 * were any; run after the schema was brought up to date. Once through, it asks one row and returns. Killed on the
 * way, it goes on after the last page that was written. Returns how many rows it looked at.
 */
export async function fillSearchKeys(db: Db, now: Date): Promise<number> {
  const [known] = await db.select({ value: installation.value }).from(installation).where(eq(installation.key, marker))
  if (known?.value === done) return 0
  let looked = 0
  const all = await db
    .select({ id: networks.id, language: networks.language })
    .from(networks)
    .orderBy(asc(networks.number))
  const [reachedNetwork = '', reachedTable = 'sites', reachedId = ''] = known?.value.split(' ') ?? []
  const from = Math.max(
    0,
    all.findIndex((network) => network.id === reachedNetwork),
  )
  for (const network of all.slice(from)) {
    const isResumed = network.id === reachedNetwork
    for (const table of ['sites', 'contacts'] as const) {
      if (isResumed && table === 'sites' && reachedTable === 'contacts') continue
      let after = isResumed && table === reachedTable ? reachedId : ''
      for (;;) {
        const page = await (table === 'sites' ? fillSites : fillContacts)(db, network, after, (last) => ({
          key: marker,
          value: `${network.id} ${table} ${last}`,
          updatedAt: now,
        }))
        looked += page.count
        if (page.count < pageSize) break
        after = page.last
      }
    }
  }
  const end = { value: done, updatedAt: now }
  await db
    .insert(installation)
    .values({ key: marker, ...end })
    .onConflictDoUpdate({ target: installation.key, set: end })
  return looked
}

type Mark = (last: string) => typeof installation.$inferInsert
interface Page {
  count: number
  last: string
}

async function fillSites(db: Db, network: { id: string; language: string }, after: string, mark: Mark): Promise<Page> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(sites)
      .where(and(eq(sites.networkId, network.id), gt(sites.id, after)))
      .orderBy(asc(sites.id))
      .limit(pageSize)
    await tx.updateRows(
      sites,
      { set: ['nameKey', 'cityKey', 'area'], where: ['networkId', 'id'] },
      rows.map((row) => ({
        networkId: network.id,
        id: row.id,
        nameKey: fold(row.name),
        cityKey: cityKeyOf(row.city),
        area: row.area || areaOf(row, network.language),
      })),
    )
    return remember(tx, rows, mark)
  })
}

async function fillContacts(db: Db, network: { id: string }, after: string, mark: Mark): Promise<Page> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .select({ id: contacts.id, firstName: contacts.firstName, lastName: contacts.lastName })
      .from(contacts)
      .where(and(eq(contacts.networkId, network.id), gt(contacts.id, after)))
      .orderBy(asc(contacts.id))
      .limit(pageSize)
    await tx.updateRows(
      contacts,
      { set: ['nameKey', 'givenKey'], where: ['networkId', 'id'] },
      rows.map((row) => ({ networkId: network.id, id: row.id, ...nameKeysOf(row) })),
    )
    return remember(tx, rows, mark)
  })
}

async function remember(tx: Pick<Db, 'insert'>, rows: { id: string }[], mark: Mark): Promise<Page> {
  const last = rows.at(-1)?.id ?? ''
  if (rows.length > 0) {
    const row = mark(last)
    const { value, updatedAt } = row
    await tx
      .insert(installation)
      .values(row)
      .onConflictDoUpdate({ target: installation.key, set: { value, updatedAt } })
  }
  return { count: rows.length, last }
}

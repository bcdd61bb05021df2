import { and, asc, eq, gt, isNull, or } from 'drizzle-orm'
import type { Db } from '../../db/index.ts'
import { contacts, sites } from '../../db/schema.ts'
import { heardOf } from './contacts.ts'
import type { SeenTable } from './seen.ts'

const pageSize = 500

/**
 * Switches off the active contacts and sites of a network that a complete file no longer names, page by page.
 * Returns how many contacts; a dry run only counts.
 */
export async function deactivateAbsent(
  db: Db,
  networkId: string,
  seen: { contacts: SeenTable; sites: SeenTable },
  run: { isDry: boolean; now: Date; isResumed?: boolean },
): Promise<number> {
  let absent = 0
  for (let after = ''; ; ) {
    const page = await db
      .select({ id: contacts.id, key: contacts.identityKey })
      .from(contacts)
      .where(
        and(
          eq(contacts.networkId, networkId),
          // Those whom the same import had switched off before it was interrupted are counted with the rest.
          run.isResumed
            ? or(eq(contacts.isActive, true), eq(contacts.updatedAt, run.now))
            : eq(contacts.isActive, true),
          isNull(contacts.erasedAt),
          gt(contacts.id, after),
        ),
      )
      .orderBy(asc(contacts.id))
      .limit(pageSize)
    const gone = page.filter(({ key }) => !seen.contacts.has(key) && !seen.contacts.has(heardOf(key)))
    absent += gone.length
    if (!run.isDry && gone.length > 0)
      await db.updateRows(
        contacts,
        { set: ['isActive', 'updatedAt'], where: ['networkId', 'id'] },
        gone.map(({ id }) => ({ networkId, id, isActive: false, updatedAt: run.now })),
      )
    if (page.length < pageSize) break
    after = page.at(-1)!.id
  }
  if (!run.isDry) await deactivateSites(db, networkId, seen.sites, run.now)
  return absent
}

async function deactivateSites(db: Db, networkId: string, seen: SeenTable, now: Date): Promise<void> {
  for (let after = ''; ; ) {
    const page = await db
      .select({ id: sites.id, code: sites.externalId })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), eq(sites.isActive, true), gt(sites.id, after)))
      .orderBy(asc(sites.id))
      .limit(pageSize)
    const gone = page.filter((site) => !seen.has(site.code))
    if (gone.length > 0)
      await db.updateRows(
        sites,
        { set: ['isActive', 'updatedAt'], where: ['networkId', 'id'] },
        gone.map(({ id }) => ({ networkId, id, isActive: false, updatedAt: now })),
      )
    if (page.length < pageSize) return
    after = page.at(-1)!.id
  }
}

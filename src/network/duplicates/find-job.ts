import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import { contacts, duplicates } from '../../db/schema.ts'
import type { JobWork } from '../../job/job.ts'
import { notify } from '../../notification/notify.ts'
import { findPairs } from './find-pairs.ts'
import { savePairs } from './save-pairs.ts'

const pageSize = 500

/** Looks through a network's contacts, a page at a time in the order of their ids, for pairs that may be one person. */
export const work: JobWork = async function* (context, network, run) {
  const { db, wall } = context
  const total = await db.$count(contacts, and(eq(contacts.networkId, network.id), isNull(contacts.erasedAt)))
  let { done } = run
  let found = 0
  for (let after = run.cursor ?? ''; ; ) {
    const page = await db
      .select({
        id: contacts.id,
        siteId: contacts.siteId,
        nameKey: contacts.nameKey,
        givenKey: contacts.givenKey,
        isActive: contacts.isActive,
      })
      .from(contacts)
      .where(and(eq(contacts.networkId, network.id), gt(contacts.id, after), isNull(contacts.erasedAt)))
      .orderBy(asc(contacts.id))
      .limit(pageSize)
    if (page.length === 0) break
    const pairs = await findPairs(db, network.id, page)
    after = page.at(-1)!.id
    done += page.length
    const cursor = after
    found += await db.transaction(async (tx) => {
      const fresh = await savePairs(tx, network.id, page, pairs, wall.now())
      await run.checkpoint(tx, { cursor, done, total: Math.max(total, done) })
      return fresh
    })
    yield
    if (page.length < pageSize) break
  }
  const open = await db.$count(duplicates, and(eq(duplicates.networkId, network.id), eq(duplicates.status, 'open')))
  if (found > 0)
    await notify(db, {
      networkId: network.id,
      userId: null,
      kind: 'duplicates_found',
      params: { count: open },
      href: `/console/duplicates?network=${encodeURIComponent(network.name)}`,
      dedupeKey: `duplicates ${wall.now().toISOString().slice(0, 10)} ${open}`,
      at: wall.now(),
    })
  return { found, open, looked: done }
}

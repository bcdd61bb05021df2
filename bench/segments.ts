import { asc, eq } from 'drizzle-orm'
import { contacts } from '../src/db/schema.ts'
import { checkSoon } from '../src/segment/check.ts'
import { refreshDue } from '../src/segment/refresh.ts'
import { saveSegments } from '../src/segment/save.ts'
import { compare, type Figure, type Side } from './measure.ts'
import { loaded } from './spine.ts'
import { benchNow } from './workspace.ts'

/** Events heard at once: some hundred people a second is a busy day. */
const heard = 200
const both = (title: string) => ({ fr: title, en: title })

/** What hearing of people costs their segments in a network of this size, windows and the people of a site included. */
async function segmentUpdates(people: number): Promise<{ side: Side; close(): Promise<void> }> {
  const { space } = await loaded(people)
  const { db } = space.relais.context
  const { id } = space.network
  await db.transaction((tx) =>
    saveSegments(
      tx,
      id,
      {
        'opened-lately': { title: both('o'), rule: { event: { type: 'open', within: 'P30D' } } },
        'silent-shop': { title: both('s'), rule: { siteWhere: { none: { event: { type: 'open', within: 'P60D' } } } } },
      },
      benchNow,
    ),
  )
  const some = await db
    .select({ id: contacts.id })
    .from(contacts)
    .where(eq(contacts.networkId, id))
    .orderBy(asc(contacts.id))
    .limit(heard)
  const ids = some.map((row) => row.id)
  return {
    side: {
      prepare: async () => async () => {
        for (let turn = 0; turn < 10; turn++) {
          await db.transaction((tx) => checkSoon(tx, id, ids))
          while ((await refreshDue(db, { id }, benchNow)) > 0);
        }
        return 10 * ids.length
      },
    },
    close: () => space.close(),
  }
}

/** Segment updates per event in a large network, against the same in one of a tenth of its size: O(1) is a ratio of 1. */
export async function benchSegments(people: number, pairs: number): Promise<Figure> {
  const small = await segmentUpdates(Math.max(400, Math.round(people / 10)))
  const large = await segmentUpdates(people)
  const figure = await compare(
    {
      name: 'segments',
      unit: 'events',
      against: 'the same in a network of a tenth of the size',
      floor: 0.6,
      goal: 1,
    },
    large.side,
    small.side,
    pairs,
  )
  await small.close()
  await large.close()
  return figure
}

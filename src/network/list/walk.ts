/** Where a row stands in a list: what the list is sorted by, ending with an id, so that no two rows share one. */
export type Key = readonly string[]

export interface Placed<Row> {
  key: Key
  row: Row
}

/** Rows in an order that an index holds. */
export interface Stream<Row> {
  /** At most about `limit` rows after a key, and the key up to which everything was read. */
  read(after: Key | undefined, limit: number): Promise<{ rows: Placed<Row>[]; reached?: Key; isEnd: boolean }>
}

export interface Walked<Row> {
  rows: Row[]
  /** Where the next page goes on; undefined at the end. */
  next?: string
  /** The page is short because few rows match, and the list goes on: looking was stopped after so many rows. */
  stoppedAfter?: number
}

/** A cursor that this list did not make. */
export class CursorProblem extends Error {
  override name = 'CursorProblem'
}

const encode = (stream: number, key: Key | undefined): string =>
  Buffer.from(JSON.stringify([stream, ...(key ?? [])])).toString('base64url')

function decode(cursor: string, streams: number): { stream: number; after: Key | undefined } {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw new CursorProblem('This is no place in a list: open the list from its beginning.')
  }
  const [stream, ...key] = Array.isArray(parts) ? parts : []
  if (!Number.isInteger(stream) || stream < 0 || stream >= streams || !key.every((part) => typeof part === 'string'))
    throw new CursorProblem('This is no place in this list: open the list from its beginning.')
  return { stream, after: key.length > 0 ? key : undefined }
}

const widest = 500

/**
 * One page of the streams one after the other, keeping what `keep` keeps. A page costs the same however long the
 * list: no more than `budget` rows are looked at for it. Rows keep their place, so paging on yields each row
 * once, whatever is added meanwhile. Throws CursorProblem for a cursor made elsewhere.
 */
export async function walk<Row>(
  streams: readonly Stream<Row>[],
  { cursor, pageSize, budget }: { cursor: string | undefined; pageSize: number; budget: number },
  keep: (rows: Row[]) => Promise<ReadonlySet<Row>>,
): Promise<Walked<Row>> {
  let { stream, after } = cursor ? decode(cursor, streams.length) : { stream: 0, after: undefined }
  const kept: { row: Row; place: string }[] = []
  let looked = 0
  let width = pageSize + 1
  while (stream < streams.length) {
    const { rows, reached, isEnd } = await streams[stream]!.read(after, Math.min(width, budget - looked))
    looked += Math.max(rows.length, 1)
    const wanted = await keep(rows.map(({ row }) => row))
    for (const { key, row } of rows) if (wanted.has(row)) kept.push({ row, place: encode(stream, key) })
    if (kept.length > pageSize) break
    if (isEnd) {
      stream++
      after = undefined
    } else after = reached ?? rows.at(-1)?.key ?? after
    if (looked >= budget && stream < streams.length)
      return { rows: kept.map(({ row }) => row), next: encode(stream, after), stoppedAfter: looked }
    width = Math.min(width * 2, widest)
  }
  const page = kept.slice(0, pageSize)
  return {
    rows: page.map(({ row }) => row),
    next: kept.length > pageSize ? page.at(-1)!.place : undefined,
  }
}

export type Direction = 'up' | 'down'

const compareKeys = (a: Key, b: Key): number => {
  for (const [at, part] of a.entries()) {
    const other = b[at] ?? ''
    if (part !== other) return part < other ? -1 : 1
  }
  return 0
}

/** Few rows, read whole, as a stream. */
export function streamOf<Row>(rows: readonly Row[], keyOf: (row: Row) => Key, direction: Direction): Stream<Row> {
  const sign = direction === 'up' ? 1 : -1
  const placed = rows.map((row) => ({ key: keyOf(row), row })).sort((a, b) => sign * compareKeys(a.key, b.key))
  return {
    read: async (after, limit) => {
      const rest = after ? placed.filter(({ key }) => sign * compareKeys(key, after) > 0) : placed
      return { rows: rest.slice(0, limit), isEnd: rest.length <= limit }
    },
  }
}

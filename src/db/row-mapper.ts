import { Column, getTableName, is, SQL } from 'drizzle-orm'

/** A selected field as drizzle lists them: where its value goes, and what it is read from. */
export interface SelectedField {
  path: string[]
  field: unknown
}

/** Which joined tables are there in every row, by name; drizzle fills it in after a query is prepared. */
type NotNullable = Record<string, boolean> | undefined

interface Decoder {
  mapFromDriverValue(value: unknown): unknown
}

interface Cell {
  key: string
  /** The nested object it belongs to; -1 for the row itself. */
  group: number
  opensGroup: boolean
  /** Undefined where the driver's value is the value. */
  decoder: Decoder | undefined
}

interface Group {
  key: string
  /** The first of its columns decides whether an outer join found nothing; -1 where none can. */
  first: number
  table: string
}

const asItIs = Column.prototype.mapFromDriverValue

/**
 * Rows as the driver gives them, as the objects drizzle makes of them: alike in every value, but what does not
 * depend on the row is worked out once and not once a cell. Undefined for fields nested deeper than a table.
 */
export function rowMapper(
  fields: readonly SelectedField[],
  notNullable: () => NotNullable,
): ((rows: unknown[][]) => Record<string, unknown>[]) | undefined {
  if (fields.some(({ path }) => path.length > 2)) return undefined
  const groups: Group[] = []
  const cells = fields.map(({ path, field }, index): Cell => {
    const decoder = decoderOf(field)
    if (path.length === 1) return { key: path[0]!, group: -1, opensGroup: false, decoder }
    const met = groups.length
    const group = groupOf(groups, path[0]!, field, index)
    return { key: path[1]!, group, opensGroup: group === met, decoder }
  })
  return (rows) => {
    const never = notNullable()
    const outer = groups.map(({ first, table }) => (never && first >= 0 && !never[table] ? first : -1))
    return rows.map((row) => toObject(row, cells, groups, outer))
  }
}

function toObject(row: unknown[], cells: Cell[], groups: Group[], outer: number[]): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  const nested: Record<string, unknown>[] = []
  for (let index = 0; index < cells.length; index++) {
    const { key, group, opensGroup, decoder } = cells[index]!
    if (opensGroup) {
      nested[group] = {}
      made[groups[group]!.key] = nested[group]
    }
    const raw = row[index]
    const target = group < 0 ? made : nested[group]!
    target[key] = raw === null || decoder === undefined ? raw : decoder.mapFromDriverValue(raw)
  }
  for (let index = 0; index < outer.length; index++)
    if (outer[index]! >= 0 && row[outer[index]!] === null) made[groups[index]!.key] = null
  return made
}

function groupOf(groups: Group[], key: string, field: unknown, index: number): number {
  const table = is(field, Column) ? getTableName(field.table) : undefined
  const known = groups.findIndex((group) => group.key === key)
  if (known < 0) return groups.push({ key, first: table === undefined ? -1 : index, table: table ?? '' }) - 1
  const group = groups[known]!
  if (table === undefined) return known
  if (group.table === '') Object.assign(group, { first: index, table })
  // Columns of two tables under one name: an outer join that finds nothing does not empty the whole.
  else if (group.table !== table) group.first = -1
  return known
}

function decoderOf(field: unknown): Decoder | undefined {
  const source = is(field, Column) ? field : is(field, SQL) ? field : sqlOf(field)
  const decoder = (is(source, SQL) ? (source as unknown as { decoder: Decoder }).decoder : source) as Decoder
  return decoder.mapFromDriverValue === asItIs ? undefined : decoder
}

/** Of an aliased expression or a subquery. */
function sqlOf(field: unknown): unknown {
  const { sql, _ } = field as { sql?: unknown; _?: { sql?: unknown } }
  return sql ?? _?.sql
}

interface Preparing {
  prepareQuery(query: unknown, fields: SelectedField[] | undefined, ...rest: unknown[]): Prepared
}

interface Prepared {
  joinsNotNullableMap?: NotNullable
  customResultMapper?: unknown
}

/** Has every query of a drizzle database read its rows by `rowMapper`. */
export function mapRowsOf<T extends object>(database: T): T {
  const { session } = database as unknown as { session: Preparing }
  const prepare = session.prepareQuery.bind(session)
  session.prepareQuery = (query, fields, ...rest) => {
    const prepared = prepare(query, fields, ...rest)
    if (fields && prepared.customResultMapper === undefined)
      prepared.customResultMapper = rowMapper(fields, () => prepared.joinsNotNullableMap)
    return prepared
  }
  return database
}

import { and } from 'drizzle-orm'
import { rowToJson } from '../backup/row-text.ts'
import type { Content } from '../channel.ts'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { keptContent } from '../deliver/kept-content.ts'
import { timelineOf } from '../network/timeline.ts'
import { explain } from '../routing/explain.ts'
import { inNetwork, keyIn, personPage, personSubject, type RowKey, rowsAfter, storedTable } from './rows.ts'
import { type PersonTable, type PersonTableName, personTableNames, personTables } from './tables.ts'

type Row = Record<string, unknown>

export interface StoryLine {
  /** ISO 8601. */
  at: string
  what: 'decision' | 'delivery' | 'event'
  campaign: string
  step: string
  channel: string
  outcome: string
  /** Why the router decided so, as a sentence in the network's language. */
  because: string
}

export interface PersonExport {
  format: 'relais.person.1'
  network: string
  contactId: string
  /** Every row about the person, by table, as it is stored. */
  tables: Record<PersonTableName, Row[]>
  /** What was sent and is still kept, readable, by delivery. */
  contents: Record<string, Content>
  /** What was decided, sent and answered, in time order, with the reasons. */
  story: StoryLine[]
}

/** Codes and keys that would help nobody but a forger. */
const secretColumns = new Set(['dedupeKey', 'tokenKeyId', 'claimedBy', 'leaseUntil', 'requestHash'])

/**
 * All that is known of a person, for the person (GDPR art. 15 and 20): every row, the messages as they were sent, and
 * the reasons the router used. Read page by page; nothing is changed.
 */
export async function exportPerson(tx: Tx, network: Network, contactId: string): Promise<PersonExport> {
  const person = await personSubject(tx, network.id, contactId)
  const tables: Partial<Record<PersonTableName, Row[]>> = {}
  for (const name of personTableNames) {
    const { about }: PersonTable = personTables[name]
    const table = storedTable(name)
    const where = and(inNetwork(table, network.id), about(person))
    const found: Row[] = []
    for (let after: RowKey | undefined; ; ) {
      const page = await rowsAfter(tx, table, where, after)
      found.push(...page.map((row) => withoutSecrets(rowToJson(table.columns, row))))
      if (page.length < personPage) break
      after = keyIn(table, page.at(-1)!)
    }
    tables[name] = found
  }
  const contents: Record<string, Content> = {}
  for (const row of tables.rendered_contents ?? []) {
    const content = await readable(tx, network.id, String(row.deliveryId))
    if (content) contents[String(row.deliveryId)] = content
  }
  return {
    format: 'relais.person.1',
    network: network.name,
    contactId,
    tables: tables as Record<PersonTableName, Row[]>,
    contents,
    story: await storyOf(tx, network, contactId),
  }
}

/** What cannot be read any more is in the export as it is stored. */
const readable = (tx: Tx, networkId: string, deliveryId: string): Promise<Content | undefined> =>
  keptContent(tx, networkId, deliveryId).catch(() => undefined)

const withoutSecrets = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !secretColumns.has(name)))

async function storyOf(tx: Tx, network: Network, contactId: string): Promise<StoryLine[]> {
  const entries = await timelineOf(tx, network.id, contactId)
  return entries.map((entry) => {
    const line = { at: entry.at.toISOString(), what: entry.kind, campaign: '', step: '', because: '' }
    if (entry.kind === 'event') return { ...line, channel: entry.channel ?? '', outcome: entry.type }
    const { campaign, step } = entry
    if (entry.kind === 'delivery') return { ...line, campaign, step, channel: entry.channel, outcome: entry.status }
    const because = explain(entry.because, network.language)
    return { ...line, campaign, step, channel: entry.channel ?? '', outcome: entry.outcome, because }
  })
}

import { and, eq } from 'drizzle-orm'
import { oneOf, type Tx } from '../../db/index.ts'
import { contacts, sites } from '../../db/schema.ts'
import type { Subject } from '../participants.ts'
import type { CsvRow } from './table.ts'

/** Finds the people or outlets lines speak of, by the identifiers of the partner file. Pass at most a page of lines. */
export async function subjectsIn(
  tx: Tx,
  networkId: string,
  rows: readonly CsvRow[],
): Promise<(row: CsvRow) => { subject: Subject; timezone: string } | undefined> {
  const people = rows.map((row) => row.cell('person')).filter((id) => id !== '')
  const outlets = rows.map((row) => row.cell('site')).filter((id) => id !== '')
  const foundPeople = await tx
    .select({ externalId: contacts.externalId, id: contacts.id, timezone: sites.timezone })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(contacts.networkId, networkId), oneOf(contacts.externalId, people), eq(contacts.isActive, true)))
  const foundSites = await tx
    .select({ externalId: sites.externalId, id: sites.id, timezone: sites.timezone })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), oneOf(sites.externalId, outlets)))
  const byPerson = new Map(foundPeople.map((row) => [row.externalId, row]))
  const bySite = new Map(foundSites.map((row) => [row.externalId, row]))
  return (row) => {
    const person = row.cell('person')
    if (person !== '') {
      const found = byPerson.get(person)
      return found && { subject: { contactId: found.id }, timezone: found.timezone }
    }
    const found = bySite.get(row.cell('site'))
    return found && { subject: { siteId: found.id }, timezone: found.timezone }
  }
}

/** What a line calls whom it speaks of. */
export const calledIn = (row: CsvRow): string => row.cell('person') || row.cell('site')

export const pageOfLines = 100

export function* pagesOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += pageOfLines) yield rows.slice(at, at + pageOfLines)
}

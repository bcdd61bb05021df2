import type { Db } from '../../../src/db/index.ts'
import type { SmallNetwork } from '../small-network.ts'
import type { RouteEntry } from './types.ts'

/** Where `:id` says nothing more, whose it is follows from the room. */
const ofRoom = (path: string, demo: SmallNetwork): string => {
  if (path.includes('/campaigns/')) return demo.campaignId
  if (path.includes('/contacts/')) return demo.contactId
  return demo.shown.email
}

/** The address of a route in one network. */
export async function pathIn(route: string, entry: RouteEntry, demo: SmallNetwork, db: Db): Promise<string> {
  if (entry.path) return entry.path(demo, db)
  const path = route.slice(route.indexOf(' ') + 1)
  return path.replace(':id', ofRoom(path, demo))
}

/** Whether the address names an object; a list is the network's, and what is in it is narrowed by its own query. */
export const namesAnObject = (route: string): boolean => route.includes('/:')

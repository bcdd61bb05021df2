import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RouteEntry, RouteTable } from './types.ts'

const notRooms = ['index.ts', 'types.ts', 'paths.ts', 'people.ts']

/** Every route of every room: each room's file is found by being in this folder. */
async function readTables(): Promise<Map<string, RouteEntry>> {
  const table = new Map<string, RouteEntry>()
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !notRooms.includes(name))
  for (const file of files) {
    const { routes }: { routes: RouteTable } = await import(
      /* @vite-ignore */ pathToFileURL(join(import.meta.dirname, file)).href
    )
    for (const [route, entry] of Object.entries(routes)) {
      if (table.has(route)) throw new Error(`${route} is in two files of the route table, one of them ${file}.`)
      table.set(route, entry)
    }
  }
  return table
}

export const routeTable = await readTables()

import { eq } from 'drizzle-orm'
import { networks } from '../../../src/db/schema.ts'
import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console': { access: 'signed in' },
  'GET /console/network/delete': {
    access: 'network.delete',
    path: async ({ networkId }, db) => {
      await db.update(networks).set({ isDemo: true }).where(eq(networks.id, networkId))
      return '/console/network/delete'
    },
  },
  'POST /console/network/delete': { access: 'network.delete' },
}

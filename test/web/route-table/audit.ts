import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/settings/audit': { access: 'audit.read' },
}

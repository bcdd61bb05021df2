import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/campaigns/:id': { access: 'campaign.read' },
}

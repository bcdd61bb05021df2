import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/campaigns/:id/timeline': { access: 'campaign.read' },
  'POST /console/campaigns/:id/timeline/move': { access: 'campaign.control', form: { seen: '1' } },
  'POST /console/campaigns/:id/timeline/release': { access: 'campaign.control' },
  'POST /console/campaigns/:id/timeline/posted': { access: 'campaign.control' },
}

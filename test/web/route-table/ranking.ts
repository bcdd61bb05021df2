import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/campaigns/:id/ranking': { access: 'campaign.read' },
  'GET /console/campaigns/:id/winners': { access: 'campaign.read' },
  'POST /console/campaigns/:id/winners/provisional': { access: 'campaign.control' },
  'POST /console/campaigns/:id/winners/approve': { access: 'campaign.approve' },
  'POST /console/campaigns/:id/winners/claim': { access: 'campaign.control' },
  'POST /console/campaigns/:id/winners/image': { access: 'campaign.control' },
  'GET /console/campaigns/:id/rewards': { access: 'campaign.read' },
  'POST /console/campaigns/:id/rewards/budget': { access: 'campaign.control' },
  'POST /console/campaigns/:id/rewards/prize': { access: 'campaign.control' },
  'POST /console/campaigns/:id/rewards/give': { access: 'campaign.control' },
  'POST /console/campaigns/:id/rewards/state': { access: 'campaign.control' },
  'GET /console/rewards': { access: 'contact.read' },
  'POST /console/rewards/standing': { access: 'contact.write' },
  'POST /console/rewards/export': { access: 'result.export', form: { file: 'csv' } },
  'GET /console/campaigns/:id/simulation': { access: 'campaign.read' },
  'POST /console/campaigns/:id/simulation': { access: 'campaign.write' },
  'POST /console/campaigns/:id/simulation/confirm': { access: 'campaign.approve' },
  'GET /console/campaigns/:id/report': { access: 'result.read' },
  'POST /console/campaigns/:id/report/export': { access: 'result.export', form: { file: 'csv' } },
}

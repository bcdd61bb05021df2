import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/halt': { access: 'campaign.control' },
  'POST /console/halt': { access: 'campaign.control', form: { reason: '' } },
  'POST /console/halt/resume': { access: 'campaign.control' },
}

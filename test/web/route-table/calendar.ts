import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/calendar': { access: 'campaign.read' },
  'GET /console/calendar.ics': { access: 'campaign.read' },
  'GET /console/calendar/feeds': { access: 'campaign.read' },
  'POST /console/calendar/feeds': { access: 'campaign.write' },
  'POST /console/calendar/feeds/revoke': { access: 'campaign.write' },
  'GET /calendar/:token/relais.ics': { access: 'token' },
}

import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/results': { access: 'result.read' },
  'GET /console/campaigns/:id/results': { access: 'result.read' },
  'POST /console/campaigns/:id/results/export': { access: 'result.export', form: { file: 'page' } },
}

import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/search': { access: 'network.read', path: () => '/console/search?q=moreau' },
}

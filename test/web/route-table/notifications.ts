import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/notifications': { access: 'signed in' },
  'POST /console/notifications/read': { access: 'signed in' },
  'POST /console/notifications/:id': { access: 'signed in' },
}

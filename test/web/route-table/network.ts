import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/contacts/:id': { access: 'contact.read' },
}

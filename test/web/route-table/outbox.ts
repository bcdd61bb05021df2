import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/outbox': { access: 'delivery.read' },
  'GET /console/outbox/:id': { access: 'delivery.read' },
  'GET /console/outbox/:id/content': { access: 'delivery.read' },
  'GET /console/outbox/:id/letter.pdf': {
    access: 'delivery.read',
    path: (demo) => `/console/outbox/${demo.shown.print}/letter.pdf`,
  },
}

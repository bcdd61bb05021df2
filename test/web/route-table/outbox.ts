import { eq } from 'drizzle-orm'
import { deliveries } from '../../../src/db/schema.ts'
import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/outbox': { access: 'delivery.read' },
  'GET /console/outbox/review': { access: 'delivery.review' },
  'GET /console/outbox/review/decide': {
    access: 'delivery.review',
    path: async ({ campaignId, shown }, db) => {
      await db
        .update(deliveries)
        .set({ status: 'needs_review', reason: 'nobody_can_tell' })
        .where(eq(deliveries.id, shown.email))
      return `/console/outbox/review/decide?verdict=left&campaign=${campaignId}`
    },
  },
  'POST /console/outbox/review/decide': {
    access: 'delivery.review',
    form: { verdict: 'left', campaign: 'none' },
  },
  'POST /console/outbox/:id/review': { access: 'delivery.review', form: { verdict: 'left' } },
  'GET /console/outbox/:id': { access: 'delivery.read' },
  'GET /console/outbox/:id/content': { access: 'delivery.read' },
  'GET /console/outbox/:id/letter.pdf': {
    access: 'delivery.read',
    path: (demo) => `/console/outbox/${demo.shown.print}/letter.pdf`,
  },
}

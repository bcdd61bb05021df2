import { eq } from 'drizzle-orm'
import { sites } from '../../../src/db/schema.ts'
import { aConversation } from './inbox.ts'
import type { RouteTable } from './types.ts'

const room = '/api/v1/conversations'

export const routes: RouteTable = {
  'GET /api/openapi.json': { access: 'open' },
  'GET /api/docs': { access: 'open' },
  'GET /api/v1/contacts': { access: 'contact.read' },
  'GET /api/v1/contacts/:id': { access: 'contact.read' },
  'GET /api/v1/sites': { access: 'site.read' },
  'GET /api/v1/sites/:id': {
    access: 'site.read',
    path: async (demo, db) => {
      const [site] = await db.select({ id: sites.id }).from(sites).where(eq(sites.networkId, demo.networkId)).limit(1)
      return `/api/v1/sites/${site?.id}`
    },
  },
  'GET /api/v1/segments': { access: 'campaign.read' },
  'GET /api/v1/campaigns': { access: 'campaign.read' },
  'GET /api/v1/campaigns/:id': { access: 'campaign.read' },
  'GET /api/v1/campaigns/:id/results': { access: 'result.read' },
  'POST /api/v1/campaigns': { access: 'campaign.write' },
  'POST /api/v1/events': { access: 'event.write' },
  'GET /api/v1/deliveries': { access: 'delivery.read' },
  'GET /api/v1/deliveries/:id': { access: 'delivery.read' },
  'POST /api/v1/deliveries/:id/review': { access: 'delivery.review' },
  'GET /api/v1/conversations': { access: 'conversation.read' },
  'GET /api/v1/conversations/:id': { access: 'conversation.read', path: aConversation('', room) },
  'POST /api/v1/conversations/:id/answers': { access: 'conversation.answer', path: aConversation('/answers', room) },
  'POST /api/v1/conversations/:id/assignment': {
    access: 'conversation.answer',
    path: aConversation('/assignment', room),
  },
  'POST /api/v1/conversations/:id/status': { access: 'conversation.answer', path: aConversation('/status', room) },
}

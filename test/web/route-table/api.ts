import { eq } from 'drizzle-orm'
import { newId } from '../../../src/db/index.ts'
import { proofs, sites } from '../../../src/db/schema.ts'
import { wallNow } from '../small-network.ts'
import { draftIn } from './campaigns.ts'
import { aConversation } from './inbox.ts'
import type { RouteTable } from './types.ts'

const room = '/api/v1/conversations'

const aDraft =
  (rest: string): NonNullable<RouteTable[`GET /${string}`]['path']> =>
  async (demo, db) =>
    (await draftIn(rest)(demo, db)).replace('/console/', '/api/v1/')

const proved: NonNullable<RouteTable[`GET /${string}`]['path']> = async (demo, db) => {
  const there = await aDraft('/proof')(demo, db)
  const campaignId = there.split('/').at(-2) as string
  const row = { networkId: demo.networkId, id: newId(), campaignId, hash: 'x', samples: [], createdBy: 'test' }
  await db.insert(proofs).values({ ...row, createdAt: wallNow })
  return there
}

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
  'GET /api/v1/print-lead-times': { access: 'settings.read' },
  'POST /api/v1/print-lead-times': { access: 'settings.write' },
  'GET /api/v1/campaigns': { access: 'campaign.read' },
  'GET /api/v1/campaigns/:id': { access: 'campaign.read' },
  'GET /api/v1/campaigns/:id/results': { access: 'result.read' },
  'POST /api/v1/campaigns': { access: 'campaign.write' },
  'POST /api/v1/campaigns/:id/proof': { access: 'campaign.write' },
  'GET /api/v1/campaigns/:id/proof': { access: 'campaign.read', path: proved },
  'POST /api/v1/campaigns/:id/approval': { access: 'campaign.write' },
  'GET /api/v1/campaigns/:id/approval': { access: 'campaign.read', path: aDraft('/approval') },
  'POST /api/v1/campaigns/:id/votes': { access: 'campaign.approve' },
  'GET /api/v1/campaigns/:id/checklist': { access: 'campaign.read', path: aDraft('/checklist') },
  'POST /api/v1/campaigns/:id/launch': { access: 'campaign.launch' },
  'POST /api/v1/campaigns/:id/undo': { access: 'campaign.launch' },
  'POST /api/v1/campaigns/:id/pause': { access: 'campaign.control' },
  'POST /api/v1/campaigns/:id/resume': { access: 'campaign.control' },
  'POST /api/v1/campaigns/:id/close': { access: 'campaign.control' },
  'POST /api/v1/campaigns/:id/cancel': { access: 'campaign.control' },
  'POST /api/v1/campaigns/:id/steps/:step/cancel': { access: 'campaign.control', path: aDraft('/steps/x/cancel') },
  'POST /api/v1/campaigns/:id/discard': { access: 'campaign.write' },
  'GET /api/v1/campaigns/:id/versions': { access: 'campaign.read' },
  'POST /api/v1/campaigns/:id/changes': { access: 'campaign.write' },
  'POST /api/v1/campaigns/:id/changes/:change/apply': {
    access: 'campaign.launch',
    path: aDraft('/changes/none/apply'),
  },
  'POST /api/v1/campaigns/:id/changes/:change/discard': {
    access: 'campaign.write',
    path: aDraft('/changes/none/discard'),
  },
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

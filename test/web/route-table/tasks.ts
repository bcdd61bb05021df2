import { and, eq } from 'drizzle-orm'
import type { Db } from '../../../src/db/index.ts'
import { contacts, messages, proposals, tasks } from '../../../src/db/schema.ts'
import type { SmallNetwork } from '../small-network.ts'
import type { RouteTable } from './types.ts'

const at = new Date('2027-01-11T08:00:00Z')

const messageOf = async ({ networkId }: SmallNetwork, db: Db) => {
  const [message] = await db.select().from(messages).where(eq(messages.networkId, networkId)).limit(1)
  return message!
}

async function task(demo: SmallNetwork, db: Db): Promise<string> {
  const { networkId } = demo
  const message = await messageOf(demo, db)
  const [contact] = await db
    .select()
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(contacts.isActive, true)))
    .limit(1)
  const id = `task-${networkId}`
  await db.insertRows(
    tasks,
    [
      {
        ...{ networkId, id, campaignId: message.campaignId, messageId: message.id, contactId: contact!.id },
        ...{ siteId: contact!.siteId, occurrence: 'shown', kind: 'call', status: 'open', dueAt: at, createdAt: at },
      },
    ],
    'ignore',
  )
  return `/console/tasks/${id}`
}

async function proposal(demo: SmallNetwork, db: Db): Promise<string> {
  const { networkId } = demo
  const message = await messageOf(demo, db)
  const id = `proposal-${networkId}`
  await db.insertRows(
    proposals,
    [
      {
        ...{ networkId, id, campaignId: message.campaignId, messageId: message.id, occurrence: 'shown', state: 'open' },
        ...{ cause: { code: 'due' }, figures: {}, proposedAt: at, expiresAt: at, createdAt: at },
      },
    ],
    'ignore',
  )
  return `/console/proposals/${id}`
}

export const routes: RouteTable = {
  'GET /console/tasks': { access: 'conversation.read' },
  'GET /console/tasks/export.csv': { access: 'conversation.read' },
  'POST /console/tasks/:id/done': {
    access: 'conversation.answer',
    path: async (demo, db) => `${await task(demo, db)}/done`,
    form: { outcome: 'reached' },
  },
  'GET /console/proposals': { access: 'campaign.read' },
  'GET /console/proposals/:id': { access: 'campaign.read', path: proposal },
  'POST /console/proposals/:id/approve': {
    access: 'campaign.launch',
    path: async (demo, db) => `${await proposal(demo, db)}/approve`,
  },
  'POST /console/proposals/:id/dismiss': {
    access: 'campaign.launch',
    path: async (demo, db) => `${await proposal(demo, db)}/dismiss`,
  },
}

import { newId } from '../../../src/db/index.ts'
import { apiKeys } from '../../../src/db/schema.ts'
import type { Db } from '../../../src/db/types.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

async function someKey({ networkId }: SmallNetwork, db: Db): Promise<string> {
  const id = newId()
  await db
    .insert(apiKeys)
    .values({ networkId, id, name: 'Extranet', hash: id, scopes: ['site.read'], perMinute: 100, createdAt: wallNow })
  return `/console/settings/keys/${id}/revoke`
}

export const routes: RouteTable = {
  'GET /console/settings/keys': { access: 'key.read' },
  'GET /console/settings/keys/new': { access: 'key.write' },
  'POST /console/settings/keys': { access: 'key.write' },
  'GET /console/settings/keys/:id/revoke': { access: 'key.write', path: someKey },
  'POST /console/settings/keys/:id/revoke': { access: 'key.write', path: someKey },
}

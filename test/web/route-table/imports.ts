import type { Db } from '../../../src/db/index.ts'
import { newId } from '../../../src/db/index.ts'
import { imports } from '../../../src/db/schema.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

/** An upload in the network, its file long gone. */
const anImport =
  (end = '') =>
  async (demo: SmallNetwork, db: Db) => {
    const id = newId()
    await db.insert(imports).values({
      ...{ networkId: demo.networkId, id, fileName: 'a.csv', fileHash: '', status: 'preview' as const, mapping: {} },
      startedAt: wallNow,
    })
    return `/console/imports/${id}${end}`
  }

export const routes: RouteTable = {
  'GET /console/imports': { access: 'contact.import' },
  'GET /console/imports/new': { access: 'contact.import' },
  'POST /console/imports/new': { access: 'contact.import' },
  'GET /console/imports/:id': { access: 'contact.import', path: anImport() },
  'POST /console/imports/:id/mapping': { access: 'contact.import', path: anImport('/mapping') },
  'GET /console/imports/:id/start': { access: 'contact.import', path: anImport('/start') },
  'POST /console/imports/:id/start': { access: 'contact.import', path: anImport('/start') },
  'GET /console/imports/:id/discard': { access: 'contact.import', path: anImport('/discard') },
  'POST /console/imports/:id/discard': { access: 'contact.import', path: anImport('/discard') },
  'POST /console/imports/:id/cancel': { access: 'contact.import', path: anImport('/cancel') },
  'POST /console/imports/:id/retry': { access: 'contact.import', path: anImport('/retry') },
  'POST /console/imports/:id/rejects': { access: 'contact.import', path: anImport('/rejects') },
}

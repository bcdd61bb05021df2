import type { Db } from '../../../src/db/index.ts'
import { newId } from '../../../src/db/index.ts'
import { imports, jobs } from '../../../src/db/schema.ts'
import type { Figures } from '../../../src/network/import/preview.ts'
import { lookJobId } from '../../../src/web/console/imports/queries.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

const figures: Figures = {
  ...{ read: 1, blank: 0, created: 1, updated: 0, unchanged: 0, rejected: 0, warnings: 0, previouslyOptedOut: 0 },
  ...{ deactivated: 0, remarks: [], sites: { created: 1, updated: 0, unchanged: 0 } },
  ...{ warningsByCode: {}, rejections: {} },
}

/** An upload in the network that was counted, its file long gone. */
const anImport =
  (end = '') =>
  async (demo: SmallNetwork, db: Db) => {
    const id = newId()
    await db.insert(imports).values({
      ...{ networkId: demo.networkId, id, fileName: 'a.csv', fileHash: '', status: 'preview' as const, mapping: {} },
      ...{ basis: 'unstated', startedAt: wallNow },
    })
    await db.insert(jobs).values({
      ...{ networkId: demo.networkId, id: lookJobId(id), kind: 'import.look', status: 'done' as const },
      payload: { importId: id, result: { figures } },
      ...{ createdAt: wallNow, updatedAt: wallNow },
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

import { aPicture, aPictureFile, aSite } from '../../library/in-library.ts'
import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console/library': { access: 'library.read' },
  'POST /console/library': { access: 'library.write' },
  'GET /console/library/:id': {
    access: 'library.read',
    path: async (demo, db) => `/console/library/${await aPicture(db, demo.networkId)}`,
  },
  'GET /console/library/:id/picture': {
    access: 'library.read',
    path: async (demo, db) => `/console/library/${await aPicture(db, demo.networkId)}/picture`,
  },
  'POST /console/library/:id/alt': {
    access: 'library.write',
    path: async (demo, db) => `/console/library/${await aPicture(db, demo.networkId)}/alt`,
  },
  'GET /console/library/:id/delete': {
    access: 'library.write',
    path: async (demo, db) => `/console/library/${await aPicture(db, demo.networkId)}/delete`,
  },
  'POST /console/library/:id/delete': {
    access: 'library.write',
    path: async (demo, db) => `/console/library/${await aPicture(db, demo.networkId)}/delete`,
  },
  'GET /console/library/brand': { access: 'library.read' },
  'POST /console/library/brand': { access: 'library.write' },
  'GET /console/library/brand/publish': { access: 'library.write' },
  'POST /console/library/brand/publish': { access: 'library.write' },
  'POST /console/library/brand/discard': { access: 'library.write' },
  'GET /console/library/brand/letter.pdf': { access: 'library.read' },
  'GET /console/library/brand/preview': {
    access: 'library.read',
    path: () => '/console/library/brand/preview?surface=email',
  },
  'GET /console/library/partners': { access: 'library.read' },
  'GET /console/library/partners/:id': {
    access: 'library.write',
    path: async (demo, db) => `/console/library/partners/${await aSite(db, demo.networkId)}`,
  },
  'POST /console/library/partners/:id': {
    access: 'library.write',
    path: async (demo, db) => `/console/library/partners/${await aSite(db, demo.networkId)}`,
  },
  'GET /console/library/partners/:id/remove': {
    access: 'library.write',
    path: async (demo, db) => `/console/library/partners/${await aSite(db, demo.networkId)}/remove`,
  },
  'POST /console/library/partners/:id/remove': {
    access: 'library.write',
    path: async (demo, db) => `/console/library/partners/${await aSite(db, demo.networkId)}/remove`,
  },
  'GET /journey/:file': { access: 'open' },
  'GET /i/:file': {
    access: 'open',
    path: async (demo, db) => `/i/${await aPictureFile(db, demo.networkId)}`,
  },
}

import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /o/:file': { access: 'token' },
  'GET /c/:token': { access: 'token' },
  'GET /q/:code': { access: 'code' },
  'GET /u/:token': { access: 'token' },
  'POST /u/:token': { access: 'token' },
  'GET /a/:token': { access: 'token' },
  'POST /a/:token': { access: 'token' },
  'GET /prefs/:token': { access: 'token' },
  'POST /prefs/:token': { access: 'token' },
  'POST /webhooks/*': { access: 'signature' },
  'POST /webhooks/sendgrid/inbound': { access: 'signature' },
  'POST /webhooks/sendgrid/inbound/:token': { access: 'signature' },
}

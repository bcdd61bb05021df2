import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /': { access: 'open' },
  'POST /': { access: 'open' },
  'GET /sign-in/code': { access: 'open' },
  'POST /sign-in/code': { access: 'open' },
  'GET /sign-in/link': { access: 'open' },
  'POST /sign-in/link': { access: 'open' },
  'GET /sign-in/link/sent': { access: 'open' },
  'GET /sign-in/passkey': { access: 'open' },
  'POST /sign-in/passkey': { access: 'open' },
  'POST /sign-in/passkey/options': { access: 'open' },
  'POST /sign-in/office': { access: 'open' },
  'GET /sign-in/callback/oidc': { access: 'open' },
  'GET /invitation/:token': { access: 'open' },
  'POST /invitation/:token': { access: 'open' },
  'POST /invitation/:token/sign-in': { access: 'open' },
  'GET /sign-in/:token': { access: 'open' },
  'POST /sign-in/:token': { access: 'open' },
  'POST /sign-out': { access: 'signed in' },
}

import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /': { access: 'open' },
  'GET /sign-in/:token': { access: 'open' },
  'POST /sign-in/:token': { access: 'open' },
  'POST /sign-out': { access: 'signed in' },
}

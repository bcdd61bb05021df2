import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /console': { access: 'signed in' },
}

import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /assets/:version/:name': { access: 'open', path: () => '/assets/any/relais.css' },
  'GET /healthz': { access: 'open' },
  'GET /readyz': { access: 'open' },
}

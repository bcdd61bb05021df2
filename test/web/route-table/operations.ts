import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'GET /assets/:version/:name': { access: 'open', path: () => '/assets/any/relais.css' },
  'GET /healthz': { access: 'open' },
  // Served only where METRICS says so; then to whoever it says.
  'GET /metrics': { access: 'open' },
  'GET /readyz': { access: 'open' },
}

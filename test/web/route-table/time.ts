import type { RouteTable } from './types.ts'

export const routes: RouteTable = {
  'POST /console/clock': { access: 'clock.advance', form: { move: 'day', offset: '0' } },
}

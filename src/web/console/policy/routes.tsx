import type { House } from '../../house.ts'
import { caseRoutes } from './case-routes.tsx'
import { ruleRoutes } from './rule-routes.tsx'
import { versionRoutes } from './version-routes.tsx'

/** The routing policy: its rules, the cases it is tried by, and every version there was. */
export function policyRoutes(house: House): void {
  ruleRoutes(house)
  versionRoutes(house)
  caseRoutes(house)
}

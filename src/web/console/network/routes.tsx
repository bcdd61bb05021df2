import type { House } from '../../house.ts'
import { contactRoutes } from './contact-routes.tsx'
import { hygieneRoutes } from './hygiene-routes.tsx'
import { siteRoutes } from './site-routes.tsx'

/** Sites and the people who work there. */
export function networkRoutes(house: House): void {
  contactRoutes(house)
  siteRoutes(house)
  hygieneRoutes(house)
}

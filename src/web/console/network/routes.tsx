import type { House } from '../../house.ts'
import { contactRoutes } from './contact-routes.tsx'
import { hygieneRoutes } from './hygiene-routes.tsx'
import { rightsRoutes } from './rights-routes.tsx'
import { siteRoutes } from './site-routes.tsx'

/** Sites and the people who work there. */
export function networkRoutes(house: House): void {
  contactRoutes(house)
  rightsRoutes(house)
  siteRoutes(house)
  hygieneRoutes(house)
}

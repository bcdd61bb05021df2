import type { House } from '../../house.ts'
import { brandRoutes } from './brand-routes.tsx'
import { partnerRoutes } from './partner-routes.tsx'
import { pictureRoutes } from './picture-routes.tsx'

/** Pictures, the network's brand, and the partners beside it. */
export function libraryRoutes(house: House): void {
  // Before the pictures, whose ids would match these names.
  brandRoutes(house)
  partnerRoutes(house)
  pictureRoutes(house)
}

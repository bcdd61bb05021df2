import type { House } from '../../house.ts'
import { accountRoutes } from './account-routes.tsx'
import { capsRoutes } from './caps-routes.tsx'
import { costsRoutes } from './costs-routes.tsx'
import { generalRoutes } from './general-routes.tsx'
import { hoursRoutes } from './hours-routes.tsx'
import { launchingRoutes } from './launching-routes.tsx'
import { leadTimesRoutes } from './lead-times-routes.tsx'
import { retentionRoutes } from './retention-routes.tsx'
import { rewardSettingsRoutes } from './rewards-routes.tsx'
import { safeguardRoutes } from './safeguards-routes.tsx'
import { senderRoutes } from './sender-routes.tsx'
import { silentRoutes } from './silent-routes.tsx'
import { trackingRoutes } from './tracking-routes.tsx'

/** What a network may set for itself. Everything takes effect at once; nothing asks for a restart. */
export function settingsRoutes(house: House): void {
  generalRoutes(house)
  senderRoutes(house)
  accountRoutes(house)
  hoursRoutes(house)
  capsRoutes(house)
  safeguardRoutes(house)
  silentRoutes(house)
  retentionRoutes(house)
  launchingRoutes(house)
  leadTimesRoutes(house)
  costsRoutes(house)
  rewardSettingsRoutes(house)
  trackingRoutes(house)
}

import { draftIn } from './campaigns.ts'
import type { RouteTable } from './types.ts'

const form = { step: 'x', channel: 'email', seen: 'x', preview: 'fr', 'fr.subject': 'Essai', 'fr.text': 'Bonjour.' }

export const routes: RouteTable = {
  'GET /console/campaigns/:id/write': { access: 'campaign.write', path: draftIn('/write') },
  'POST /console/campaigns/:id/write': { access: 'campaign.write', path: draftIn('/write'), form },
  'POST /console/campaigns/:id/write/frame': { access: 'campaign.write', path: draftIn('/write/frame'), form },
}

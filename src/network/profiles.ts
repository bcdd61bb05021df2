import type { Profile } from '../words.ts'
import { fold } from './folding.ts'

const names: Record<string, Profile> = {
  terrain: 'field',
  field: 'field',
  chantier: 'field',
  artisan: 'field',
  comptoir: 'counter',
  counter: 'counter',
  guichet: 'counter',
  agence: 'counter',
  itinerant: 'sales',
  sales: 'sales',
  commercial: 'sales',
  vrp: 'sales',
  dirigeant: 'owner',
  owner: 'owner',
  direction: 'owner',
  bureau: 'office',
  office: 'office',
  administratif: 'office',
  sedentaire: 'office',
}

/** The first pattern found in a function decides, so the more telling words come first. */
const functions: [pattern: RegExp, profile: Profile][] = [
  [/\b(?:assistante?|secretaire|comptable)\b/, 'office'],
  [
    /\b(?:comptoir|guichet|caisse|caissiere?|magasiniere?|accueil|counter|cashier|conseillere? (?:de )?voyages?)\b/,
    'counter',
  ],
  [
    /\b(?:dirigeante?|gerante?|pdg|dg|presidente?|patron(?:ne)?|proprietaire|associee?|fondat\w+|owner|ceo|managing director)\b/,
    'owner',
  ],
  [/\b(?:avant vente|presales|adv|correspondante?)\b/, 'office'],
  [/\b(?:commercial\w*|technico|vrp|itinerante?|attachee?|vendeu(?:r|se)|sales\w*|representante?)\b/, 'sales'],
  [/\b(?:direct(?:eur|rice)|director|manager)\b/, 'owner'],
  [
    /\b(?:poseu(?:r|se)|ouvri(?:er|ere)|chef d equipe|chef de chantier|conduct\w+|monteu(?:r|se)|installat\w+|technicien(?:ne)?|artisan|macon|plombi\w+|electricien(?:ne)?|couvreu\w+|menuisi\w+|chauffagiste|chauffeur|apprentie?|compagnon|fitter|installer|worker|foreman|driver)\b/,
    'field',
  ],
]

/** A profile named in a file (Terrain, Comptoir, Itinérant, Dirigeant, Bureau, or the English word). */
export const readProfile = (cell: string): Profile | undefined => names[fold(cell)]

const derived = new Map<string, Profile>()

/** The profile a function suggests; office when it says nothing, since a desk is where nothing is urgent. */
export function profileFromFunction(title: string): Profile {
  const known = derived.get(title)
  if (known) return known
  const folded = fold(title)
  const profile = functions.find(([pattern]) => pattern.test(folded))?.[1] ?? 'office'
  if (derived.size > 2_000) derived.clear()
  derived.set(title, profile)
  return profile
}

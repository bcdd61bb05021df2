import { lawOf } from './countries.ts'
import { readFrenchPostcode } from './postcodes.ts'

/**
 * The administrative regions of France with their departments, 18 and 101, and the three overseas collectivities
 * that have postcodes of their own. Source: Insee, Code officiel géographique au 1er janvier 2025, tables
 * “Régions” and “Départements”; unchanged since the law of 16 January 2015 came into force in 2016.
 */
export const frenchRegions: { source: string; checkedOn: string; departments: Readonly<Record<string, string>> } = {
  source: 'https://www.insee.fr/fr/information/8377162',
  checkedOn: '2026-11-22',
  departments: {
    'Auvergne-Rhône-Alpes': '01 03 07 15 26 38 42 43 63 69 73 74',
    'Bourgogne-Franche-Comté': '21 25 39 58 70 71 89 90',
    Bretagne: '22 29 35 56',
    'Centre-Val de Loire': '18 28 36 37 41 45',
    Corse: '2A 2B',
    'Grand Est': '08 10 51 52 54 55 57 67 68 88',
    Guadeloupe: '971',
    Guyane: '973',
    'Hauts-de-France': '02 59 60 62 80',
    'Île-de-France': '75 77 78 91 92 93 94 95',
    'La Réunion': '974',
    Martinique: '972',
    Mayotte: '976',
    Normandie: '14 27 50 61 76',
    'Nouvelle-Aquitaine': '16 17 19 23 24 33 40 47 64 79 86 87',
    Occitanie: '09 11 12 30 31 32 34 46 48 65 66 81 82',
    'Pays de la Loire': '44 49 53 72 85',
    'Provence-Alpes-Côte d’Azur': '04 05 06 13 83 84',
  },
}

const regionOf = new Map(
  Object.entries(frenchRegions.departments).flatMap(([region, departments]) =>
    departments.split(' ').map((department) => [department, region] as const),
  ),
)
/** By the key of their holidays, see `postcodes.ts`; also where a site says its country and no postcode. */
const farAway: Record<string, string> = {
  GP: 'Guadeloupe',
  MQ: 'Martinique',
  GF: 'Guyane',
  RE: 'La Réunion',
  YT: 'Mayotte',
  PM: 'Saint-Pierre-et-Miquelon',
  BL: 'Saint-Barthélemy',
  MF: 'Saint-Martin',
}

const names = new Map<string, Intl.DisplayNames>()
function countryName(code: string, language: string): string {
  let known = names.get(language)
  if (!known) {
    known = new Intl.DisplayNames([language], { type: 'region', fallback: 'code' })
    names.set(language, known)
  }
  return known.of(code) ?? code
}

export interface PlacedSite {
  postcode: string | null
  /** ISO 3166-1 alpha-2, FR also overseas. */
  country: string
  /** Holiday region. */
  region: string
  attributes: Readonly<Record<string, string | number | boolean>>
}

/** Under these names older imports kept the columns that now give the area. */
const formerAttributes = ['secteur', 'region', 'zone', 'area', 'secteur_commercial', 'region_commerciale']

/**
 * The area of a site for which no file and nobody has said one: what its attributes call so, else in France the
 * administrative region of its postcode, elsewhere its country in the network's language. Empty in France without
 * a postcode that exists.
 */
export function areaOf(site: PlacedSite, language: string): string {
  for (const name of formerAttributes) {
    const value = site.attributes[name]
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
  }
  if (lawOf(site.country) !== 'FR') return countryName(site.country, language)
  const place = site.postcode ? readFrenchPostcode(site.postcode) : undefined
  return farAway[place?.region ?? site.region] ?? (place && regionOf.get(place.department)) ?? ''
}

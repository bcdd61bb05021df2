import { fold } from './folding.ts'

const byName = new Map<string, string>()

/** French and English names as the platform's own data has them (Unicode CLDR), and the codes themselves. */
function learnNames(): void {
  const letters = Array.from({ length: 26 }, (_, n) => String.fromCharCode(65 + n))
  for (const language of ['fr', 'en']) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
    for (const first of letters)
      for (const second of letters) {
        const name = names.of(first + second)
        // Withdrawn codes (FX, DD …) bear the name of what took their place.
        const isCurrent = Intl.getCanonicalLocales(`und-${first}${second}`)[0] === `und-${first}${second}`
        if (name && isCurrent) {
          byName.set(fold(name), first + second)
          byName.set(fold(first + second), first + second)
        }
      }
  }
  for (const [name, code] of Object.entries({
    'la reunion': 'RE',
    uk: 'GB',
    angleterre: 'GB',
    england: 'GB',
    fra: 'FR',
  }))
    byName.set(name, code)
}

const overseas: Record<string, string> = {
  GP: 'America/Guadeloupe',
  MQ: 'America/Martinique',
  GF: 'America/Cayenne',
  RE: 'Indian/Reunion',
  YT: 'Indian/Mayotte',
}
const zones: Record<string, string> = {
  ...overseas,
  FR: 'Europe/Paris',
  BE: 'Europe/Brussels',
  CH: 'Europe/Zurich',
  LU: 'Europe/Luxembourg',
  DE: 'Europe/Berlin',
  ES: 'Europe/Madrid',
  IT: 'Europe/Rome',
  NL: 'Europe/Amsterdam',
  PT: 'Europe/Lisbon',
  AT: 'Europe/Vienna',
  IE: 'Europe/Dublin',
  GB: 'Europe/London',
  MC: 'Europe/Monaco',
}

/** ISO 3166-1 alpha-2 from a code or a French or English name ("Belgique", "Germany"); undefined when unknown. */
export function readCountry(cell: string): string | undefined {
  if (byName.size === 0) learnNames()
  return byName.get(fold(cell))
}

/** The law of an overseas department is French; its holidays and its clock are its own. */
export const lawOf = (country: string): string => (country in overseas ? 'FR' : country)

/** The IANA zone of a country that lies in one zone (or nearly); undefined for the others. */
export const zoneOf = (country: string): string | undefined => zones[country]

import { z } from 'zod'
import type { NetworkSettings } from '../db/schema/network.ts'
import type { Override } from './routing-settings.ts'

/** Written and rung like the mainland, listed by themselves: another price, another numbering plan (Arcep). */
const departments = ['GP', 'MQ', 'GF', 'RE', 'YT']

const stored = z.object({
  value: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .min(1)
    .max(250),
  source: z.string().min(1).max(500),
  reason: z.string().max(500).optional(),
  checkedOn: z.iso.date(),
  setBy: z.string(),
})

/** The countries a network has opened itself (`settings.defaults.smsCountries`). @throws when what is stored is no list of them. */
export function ownSmsCountries(settings: NetworkSettings): Override<string[]> | undefined {
  if (settings.defaults?.smsCountries === undefined) return undefined
  const parsed = stored.safeParse(settings.defaults.smsCountries)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(
    `The network’s setting defaults.smsCountries.${issue!.path.join('.')} cannot be used: ${issue!.message}`,
  )
}

/** The countries texts may go to where a network has not said: its own, and from France the overseas departments. */
export const defaultSmsCountries = (country: string): readonly string[] =>
  country === 'FR' || departments.includes(country) ? ['FR', ...departments] : [country]

/** The countries a network's texts may go to, by the country of the number (ISO 3166-1 alpha-2). */
export const smsCountriesOf = ({ country, settings }: { country: string; settings: NetworkSettings }) =>
  ownSmsCountries(settings)?.value ?? defaultSmsCountries(country)

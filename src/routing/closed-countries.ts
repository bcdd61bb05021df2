import type { ConsentBasis } from '../words.ts'
import { defaultBases } from './bases.ts'
import { defaultPolicy } from './default-policy.ts'

/** Countries named in the shipped tables whose marketing SMS asks for an agreement that a basis does not stand for. */
export function closedSmsCountries(basis: ConsentBasis): string[] {
  return Object.entries(defaultPolicy.values.basis.value)
    .filter(([country, needs]) => country !== '*' && needs.sms === 'opt_in')
    .map(([country]) => country)
    .filter((country) => !(defaultBases.value[country]?.sms ?? ['consent']).includes(basis))
}

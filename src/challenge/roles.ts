import type { Profile } from '../words.ts'
import type { Criterion } from './criterion.ts'
import type { ChallengeRole, ChallengeRules } from './definition.ts'

/** Lower case without accents, so that a function written “Avant-Vente” or “Chargée d’avant-vente” is found. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/**
 * The role somebody plays: the first whose words stand in their function, then the first that names their profile,
 * then one for everybody. Undefined where the challenge is not for them.
 */
export function roleOfPerson(
  rules: ChallengeRules,
  { profile, function: own }: { profile: Profile; function: string | null },
): ChallengeRole | undefined {
  if (!rules.participants.people) return undefined
  const roles = rules.roles.filter(({ who }) => who === 'people')
  const text = folded(own ?? '')
  return (
    roles.find(({ functions = [] }) => functions.some((word) => text.includes(folded(word)))) ??
    roles.find(({ profiles }) => profiles?.includes(profile)) ??
    roles.find(({ profiles, functions }) => profiles === undefined && functions === undefined)
  )
}

/** The role of outlets. Where no criteria were written for them, they score by their people alone. */
export const roleOfCompanies = ({ participants, roles }: ChallengeRules): ChallengeRole | undefined =>
  participants.companies ? roles.find(({ who }) => who === 'companies') : undefined

/** The name a company is registered under where it scores by its people alone. */
export const companyRole = 'company'

/** What counts for a role; nothing for a company that scores by its people alone. */
export const criteriaOf = (rules: ChallengeRules, role: string): readonly Criterion[] =>
  rules.roles.find(({ name }) => name === role)?.criteria ?? []

export const criterionOf = (rules: ChallengeRules, role: string, name: string): Criterion | undefined =>
  criteriaOf(rules, role).find((one) => one.name === name)

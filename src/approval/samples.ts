import type { Person } from '../audience/people.ts'
import type { ProofSample } from '../db/schema/approval.ts'
import { languages, profiles } from '../words.ts'

/** A proof shows a message by so many people at most: who looks at more looks at none. */
export const mostSamples = 8

const nameOf = ({ contact }: Person) => [contact.firstName, contact.lastName].filter(Boolean).join(' ')
const lengthOf = (person: Person) => nameOf(person).length + person.site.name.length
const missing = ({ contact }: Person) =>
  [contact.firstName, contact.lastName, contact.salutation, contact.function].filter((value) => !value).length

/**
 * The people of an audience whom a message is most likely to fail: the longest and the shortest name, most fields
 * missing, one of each profile and of each language. Each once, always the same of the same people.
 */
export function chooseSamples(people: readonly Person[]): ProofSample[] {
  const ordered = [...people].sort((a, b) => (a.contact.id < b.contact.id ? -1 : 1))
  const chosen = new Map<string, ProofSample>()
  const take = (person: Person | undefined, because: ProofSample['because']) => {
    if (person && !chosen.has(person.contact.id) && chosen.size < mostSamples)
      chosen.set(person.contact.id, { contactId: person.contact.id, because })
  }
  const most = (measure: (person: Person) => number) =>
    ordered.reduce<Person | undefined>(
      (best, person) => (best === undefined || measure(person) > measure(best) ? person : best),
      undefined,
    )
  take(most(lengthOf), 'longest')
  const incomplete = most(missing)
  if (incomplete && missing(incomplete) > 0) take(incomplete, 'incomplete')
  for (const language of languages)
    take(
      ordered.find((person) => person.contact.language === language),
      'language',
    )
  for (const profile of profiles) {
    const has = (person: Person) => person.contact.profile === profile
    if (!ordered.some((person) => has(person) && chosen.has(person.contact.id))) take(ordered.find(has), 'profile')
  }
  take(
    most((person) => -lengthOf(person)),
    'shortest',
  )
  take(ordered[0], 'first')
  return [...chosen.values()]
}

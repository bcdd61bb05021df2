import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { leavesOffersAfter } from '../src/example/amadeus-4000.ts'
import { identityKey } from '../src/network/identity.ts'
import { packageRoot } from '../src/root.ts'

/** The calendar of its README, counted from the file of its people: nothing of the engine. */
export function whatMustCome(percent: number, seed: string) {
  const text = readFileSync(join(packageRoot, 'examples/amadeus-4000/network.csv'), 'utf8')
  const all = text
    .slice(1)
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(';'))
  const sites = [...new Set(all.map(([code]) => code))]
  const kept = new Set(sites.slice(0, (sites.length * percent) / 100))
  const people = all
    .filter(([code]) => kept.has(code))
    .map((row) => ({ site: row[0]!, tier: row[3]!, id: row[8]!, profile: row[12]!, readsEmail: row[15] === 'oui' }))
  const agents = people.filter(({ profile }) => profile !== 'Dirigeant')
  const directors = people.filter(({ profile }) => profile === 'Dirigeant')
  const readers = agents.filter(({ readsEmail }) => readsEmail)
  const leavers = (step: string) =>
    readers.filter(({ id }) => leavesOffersAfter(seed, identityKey({ siteCode: '', externalId: id, row: '' })) === step)
      .length
  const offers = { 3: readers.length, 6: readers.length - leavers('printemps') } as Record<number, number>
  offers[10] = offers[6]! - leavers('ete')
  const of = (whom: typeof people, tier: string) => whom.filter((person) => person.tier === tier).length
  const letters = [
    of(directors, 'Gold'),
    of(agents, 'Gold'),
    of(agents, 'Silver'),
    of(agents, 'Bronze'),
    of(directors, 'Silver'),
    of(agents, 'Gold'),
    of(directors, 'Gold'),
    of(directors, 'Silver'),
    of(agents, 'Silver'),
    of(directors, 'Bronze'),
    of(agents, 'Bronze'),
    // The directors of Gold agencies had the magazine three weeks before: one letter in thirty days.
    of(agents, 'Gold'),
  ]
  const counters = agents.filter(({ profile }) => profile === 'Comptoir').length
  return letters.map((count, index) => {
    const month = index + 1
    const magazine = [2, 4, 6, 9, 11].includes(month) ? directors.length : 0
    return {
      month: `2027-${String(month).padStart(2, '0')}`,
      sms: 0,
      email: readers.length + (offers[month] ?? 0),
      print: magazine + count,
      // The newsletter stays readable on the intranet, also for who refused it by e-mail.
      intranet: agents.length,
      screen: counters,
    }
  })
}

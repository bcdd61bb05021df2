import type { Network } from '../../src/context.ts'
import { type Db, newId } from '../../src/db/index.ts'
import { addresses, contactAddresses, contacts, segmentMembers, segments, sites } from '../../src/db/schema.ts'
import { fold } from '../../src/network/folding.ts'
import { createNetwork } from '../../src/network/networks.ts'
import { cityKeyOf, nameKeysOf } from '../../src/network/search-keys.ts'
import { addressHash } from '../../src/network/suppression.ts'
import { draw } from '../../src/random.ts'
import { profiles } from '../../src/words.ts'

export const crowdNow = new Date('2027-01-11T09:00:00Z')

export interface Crowd {
  network: Network
  sites: (typeof sites.$inferSelect)[]
  contacts: (typeof contacts.$inferSelect)[]
  /** Ids of contacts by segment: `many` holds most, `few` some. */
  members: Record<'many' | 'few', Set<string>>
  mailboxOf: Map<string, string>
}

const firstNames = ['Sophie', 'Jean-Marc', 'Élodie', 'Karim', 'Odile', 'Martin']
const lastNames = ['Martin', 'Le Goff', 'Dupont', 'Benali', 'Œuvrard', 'Lefèvre', 'Martinez']
const towns = ['Saint-Étienne', 'Lyon', 'Le Tampon', 'Ajaccio']

/** A network large enough that lists have many pages, many namesakes, and filters of every density. */
export async function seedCrowd(db: Db, size: { sites: number; contacts: number }): Promise<Crowd> {
  const network = await db.transaction((tx) =>
    createNetwork(
      tx,
      { name: 'foule', title: 'Foule', mode: 'sandbox', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      crowdNow,
    ),
  )
  const networkId = network.id
  const stamp = { createdAt: crowdNow, updatedAt: crowdNow }
  const siteRows = Array.from({ length: size.sites }, (_, n): typeof sites.$inferSelect => {
    const name = `Maison ${lastNames[n % lastNames.length]}`
    const city = towns[n % towns.length]!
    return {
      networkId,
      id: newId(),
      externalId: `AG${String(n).padStart(4, '0')}`,
      name,
      nameKey: fold(name),
      area: n % 20 === 0 ? 'Corse' : n % 4 === 0 ? 'Bretagne' : 'Occitanie',
      typology: null,
      tier: null,
      addressLine1: null,
      addressLine2: null,
      postcode: null,
      city,
      cityKey: cityKeyOf(city),
      country: 'FR',
      region: 'FR',
      timezone: 'Europe/Paris',
      mailboxAddressId: null,
      postalAddressId: null,
      openingHours: null,
      attributes: {},
      isActive: n % 30 !== 7,
      ...stamp,
    }
  })
  const contactRows = Array.from({ length: size.contacts }, (_, n): typeof contacts.$inferSelect => {
    const isErased = n % 97 === 0
    const named = {
      firstName: isErased ? null : firstNames[Math.floor(draw('first', n) * firstNames.length)]!,
      lastName: isErased ? null : lastNames[Math.floor(draw('last', n) * lastNames.length)]!,
    }
    return {
      networkId,
      id: newId(),
      siteId: siteRows[Math.floor(draw('site', n) * siteRows.length)]!.id,
      externalId: null,
      identityKey: `crowd:${n}`,
      salutation: null,
      ...named,
      ...nameKeysOf(named),
      function: null,
      profile: profiles[n % profiles.length]!,
      isProfileDerived: false,
      language: 'fr',
      preferredChannel: null,
      preferredHours: null,
      isCorrespondent: false,
      hasContract: false,
      lastActivityOn: null,
      attributes: {},
      isActive: !isErased && n % 11 !== 3,
      erasedAt: isErased ? crowdNow : null,
      ...stamp,
    }
  })
  await db.insertRows(sites, siteRows)
  await db.insertRows(contacts, contactRows)
  const mailboxOf = await seedAddresses(db, contactRows)
  const members = await seedSegments(db, contactRows)
  return { network, sites: siteRows, contacts: contactRows, members, mailboxOf }
}

async function seedAddresses(db: Db, rows: readonly (typeof contacts.$inferSelect)[]): Promise<Map<string, string>> {
  const mailboxOf = new Map<string, string>()
  const made: (typeof addresses.$inferInsert)[] = []
  const links: (typeof contactAddresses.$inferInsert)[] = []
  for (const [n, { networkId, id: contactId, erasedAt }] of rows.entries()) {
    if (erasedAt || n % 3 === 2) continue
    const mailbox = `p${n}@maison.example.com`
    mailboxOf.set(contactId, mailbox)
    for (const [kind, normalised] of [
      ['email', mailbox],
      ['mobile', `+3363998${String(n).padStart(4, '0')}`],
    ] as const) {
      const id = newId()
      const hash = addressHash(kind, normalised)
      made.push({ networkId, id, kind, normalised, hash, createdAt: crowdNow, updatedAt: crowdNow })
      links.push({ networkId, contactId, addressId: id, kind })
    }
  }
  await db.insertRows(addresses, made)
  await db.insertRows(contactAddresses, links)
  return mailboxOf
}

async function seedSegments(db: Db, rows: readonly (typeof contacts.$inferSelect)[]): Promise<Crowd['members']> {
  const members = { many: new Set<string>(), few: new Set<string>() }
  for (const name of ['many', 'few'] as const) {
    const { networkId } = rows[0]!
    const segmentId = newId()
    await db
      .insert(segments)
      .values({ networkId, id: segmentId, name, title: { fr: name }, rule: { profile: 'field' }, updatedAt: crowdNow })
    const those = rows.filter((_, n) => (name === 'many' ? n % 10 !== 0 : n % 40 === 1))
    for (const { id } of those) members[name].add(id)
    await db.insertRows(
      segmentMembers,
      those.map(({ id }) => ({ networkId, segmentId, contactId: id, since: crowdNow })),
    )
  }
  return members
}

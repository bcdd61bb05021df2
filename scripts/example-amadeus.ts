import { csv, nameOf, plain, samplePlaces } from './example-people.ts'

const header =
  'Code site;Raison sociale;Typologie;Niveau;Adresse 1;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Fonction;Profil;E-mail;Langue;Accord e-mail'

/** The same in every block, so that a tenth of the network is a tenth of everything. */
const block = 400
const readersPerBlock = 270
const refusingPerBlock = 6
const countersPerBlock = 40
const tiers = ['Gold', 'Silver', 'Bronze', 'Bronze']

/**
 * 4,000 travel agencies, each with its director; 2,700 agents who read the newsletter and 60 who refused e-mail; 400
 * agents at a counter with a screen.
 */
export function amadeusNetwork(): string {
  // A line of an address holds 38 characters (NF Z10-011): a letter to a longer place name could not be set.
  const known = samplePlaces().filter(({ postcode, town }) => `${postcode} ${town}`.length <= 38)
  const rows = [header.split(';')]
  for (let index = 0; index < 4_000; index++) {
    const place = known[index % known.length]!
    const code = `AG${String(index + 1).padStart(4, '0')}`
    const company = `${place.company} Voyages`
    // 7 and 400 have no common divisor: every rank of a block comes once, and not in order.
    const rank = (index * 7) % block
    const tier = tiers[index % tiers.length]!
    const site = [code, company, 'Agence', tier, place.street, place.postcode, place.town, 'France']
    const director = nameOf('amadeus director', index)
    rows.push([
      ...site,
      `${code}-D`,
      director.first,
      director.last,
      'Directrice ou directeur d’agence',
      'Dirigeant',
      '',
      'fr',
      '',
    ])
    if (rank >= readersPerBlock + refusingPerBlock) continue
    const agent = nameOf('amadeus agent', index)
    const mailbox = `${plain(agent.first)}.${plain(agent.last)}@${code.toLowerCase()}.${place.domain}`
    const isCounter = rank < countersPerBlock
    rows.push([
      ...site,
      `${code}-A`,
      agent.first,
      agent.last,
      isCounter ? 'Agent de comptoir' : 'Conseil voyages',
      isCounter ? 'Comptoir' : 'Bureau',
      mailbox,
      'fr',
      rank < readersPerBlock ? 'oui' : 'non',
    ])
  }
  return csv(rows)
}

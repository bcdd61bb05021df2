import { draw } from '../src/random.ts'
import { csv, nameOf, plain, samplePlaces } from './example-people.ts'

const header =
  'Code site;Raison sociale;Typologie;Niveau;Secteur;Adresse 1;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Fonction;Profil;E-mail;Langue;Accord e-mail;CA N-1'

const companies = 43
const sellersEach = 8
/** So many companies have one seller more: with the directors, 400 people. */
const withOneMore = 13

/** 43 distributors of the north and the south, each with its director and eight or nine sellers: 400 people. */
export function siemensNetwork(): string {
  const places = samplePlaces()
  const rows = [header.split(';')]
  for (let index = 0; index < companies; index++) {
    const place = places[index * 29]!
    const code = `D${String(index + 1).padStart(2, '0')}`
    const sector = index % 2 === 0 ? 'Nord' : 'Sud'
    const tier = ['Gold', 'Silver', 'Bronze'][index % 3]!
    const company = `${place.company} Énergies`
    const site = [code, company, 'Distributeur', tier, sector, place.street, place.postcode, place.town, 'France']
    const turnover = String(400_000 + Math.floor(draw('turnover', index) * 50) * 50_000)
    const sellers = sellersEach + (index < withOneMore ? 1 : 0)
    for (let rank = 0; rank <= sellers; rank++) {
      const { first, last } = nameOf('siemens', index, rank)
      const isDirector = rank === 0
      rows.push([
        ...site,
        `${code}-${String(rank).padStart(2, '0')}`,
        ...[first, last, isDirector ? 'Dirigeant' : 'Technico-commercial', isDirector ? 'Dirigeant' : 'Itinérant'],
        `${plain(first)}.${plain(last)}.${rank}@${code.toLowerCase()}.${place.domain}`,
        ...['fr', 'oui', turnover],
      ])
    }
  }
  return csv(rows)
}

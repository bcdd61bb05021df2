import { csv, nameOf, plain, samplePlaces } from './example-people.ts'

const header =
  'Code site;Raison sociale;Typologie;Adresse 1;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Fonction;Profil;E-mail;Langue;Accord e-mail;Accord suivi des ouvertures;Arrivé le'

const members = 70
const later = 3

const rowsOf = (from: number, count: number, joined: string): string[][] => {
  const places = samplePlaces()
  return Array.from({ length: count }, (_, at) => {
    const index = from + at
    const place = places[2_000 + index * 5]!
    const { first, last } = nameOf('dantz', index)
    const code = `R${String(index + 1).padStart(2, '0')}`
    return [
      ...[code, place.company, 'Revendeur', place.street, place.postcode, place.town, 'France'],
      ...[`${code}-1`, first, last, 'Responsable technique', 'Bureau'],
      ...[`${plain(first)}.${plain(last)}@${code.toLowerCase()}.${place.domain}`, 'fr', 'oui', 'oui', joined],
    ]
  })
}

/** 70 resellers of a back-up program, one reader each. */
export const dantzNetwork = (): string => csv([header.split(';'), ...rowsOf(0, members, '')])

/** Three more, who join in June. */
export const dantzNewcomers = (): string => csv([header.split(';'), ...rowsOf(members, later, '2027-06-10')])

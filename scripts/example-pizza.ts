import { csv, mobileOf, nameOf, plain, samplePlaces } from './example-people.ts'

const header =
  'Code site;Raison sociale;Typologie;Adresse 1;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Fonction;Profil;E-mail;Mobile;Langue;Accord e-mail'

const shops = 120

/** 120 pizza shops, each with the person who runs it. */
export function pizzaNetwork(): string {
  const places = samplePlaces()
  const rows = [header.split(';')]
  for (let index = 0; index < shops; index++) {
    const place = places[1_000 + index * 3]!
    const { first, last } = nameOf('pizza', index)
    const code = `PZ${String(index + 1).padStart(3, '0')}`
    rows.push([
      ...[code, `La Pâte Levée ${place.town}`, 'Franchisé', place.street, place.postcode, place.town, 'France'],
      ...[`${code}-F`, first, last, 'Franchisé', 'Dirigeant'],
      ...[
        `${plain(first)}.${plain(last)}@${code.toLowerCase()}.pate-levee.example.com`,
        mobileOf(6_000 + index),
        'fr',
        'oui',
      ],
    ])
  }
  return csv(rows)
}

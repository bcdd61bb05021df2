import { csv, mobileOf, nameOf, plain, samplePlaces } from './example-people.ts'

const header =
  'Code site;Raison sociale;Typologie;Secteur;Adresse 1;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Fonction;Profil;E-mail;Mobile;Langue;Accord e-mail'

/** A week of appointments of three sellers, then twenty leads for each of three funnels. */
const appointments = 150
const leads = 60

/** 210 prospects of a training firm, one for each small company. */
export function kestioNetwork(): string {
  const places = samplePlaces()
  const rows = [header.split(';')]
  for (let index = 0; index < appointments + leads; index++) {
    const place = places[500 + index]!
    const { first, last } = nameOf('kestio', index)
    const isLead = index >= appointments
    const code = isLead
      ? `L${String(index - appointments + 1).padStart(3, '0')}`
      : `P${String(index + 1).padStart(3, '0')}`
    rows.push([
      ...[`S-${code}`, place.company, isLead ? 'Piste' : 'Prospect', `Vendeur ${(index % 3) + 1}`],
      ...[place.street, place.postcode, place.town, 'France', code, first, last, 'Directrice ou directeur commercial'],
      ...[
        'Dirigeant',
        `${plain(first)}.${plain(last)}@${code.toLowerCase()}.${place.domain}`,
        mobileOf(5_000 + index),
        'fr',
        'oui',
      ],
    ])
  }
  return csv(rows)
}

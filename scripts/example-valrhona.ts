import { csv, nameOf, plain } from './example-people.ts'

const header =
  'Code site;Raison sociale;Typologie;Niveau;Adresse 1;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Fonction;Profil;E-mail;Langue;Accord e-mail'

const towns = [
  ...[
    ['26600', 'Tain-l’Hermitage', 'France', 'fr'],
    ['69002', 'Lyon', 'France', 'fr'],
    ['97400', 'Saint-Denis', 'France', 'fr'],
  ],
  ...[
    ['1000', 'Bruxelles', 'Belgique', 'fr'],
    ['4000', 'Liège', 'Belgique', 'fr'],
  ],
  ...[
    ['1201', 'Genève', 'Suisse', 'fr'],
    ['SW1A 1AA', 'London', 'Royaume-Uni', 'en'],
    ['EH1 1YZ', 'Edinburgh', 'Royaume-Uni', 'en'],
  ],
] as const
const trades = ['Pâtisserie', 'Restaurant', 'Chocolaterie']
const tiers = ['Bronze', 'Silver', 'Gold', 'Bronze', 'Silver']
const houses = 48

/** 48 houses of four countries, in three trades and three tiers, each with its chef. */
export function valrhonaNetwork(): string {
  const rows = [header.split(';')]
  for (let index = 0; index < houses; index++) {
    const [postcode, town, country, language] = towns[index % towns.length]!
    const { first, last } = nameOf('valrhona', index)
    const code = `M${String(index + 1).padStart(2, '0')}`
    const trade = trades[index % trades.length]!
    rows.push([
      ...[
        code,
        `${trade} ${last}`,
        trade,
        tiers[index % tiers.length]!,
        `${index + 1} rue du Cacao`,
        postcode,
        town,
        country,
      ],
      ...[
        `${code}-C`,
        first,
        last,
        'Chef',
        'Dirigeant',
        `${plain(first)}.${plain(last)}@${code.toLowerCase()}.maison.example.com`,
      ],
      ...[language, 'oui'],
    ])
  }
  return csv(rows)
}

import { closeSync, openSync, writeSync } from 'node:fs'

const header =
  'Code site;Raison sociale;Typologie;Niveau;Adresse 1;Code postal;Ville;Pays;E-mail site;Prénom;Nom;Fonction;Profil;E-mail;Mobile;Langue;Accord e-mail;Accord SMS;Accord suivi des ouvertures'
const profiles = ['Terrain', 'Comptoir', 'Itinérant', 'Dirigeant', 'Bureau']
const spellings = [
  (n: string) => `06 39 98 ${n.slice(0, 2)} ${n.slice(2)}`,
  (n: string) => `063998${n}`,
  (n: string) => `+3363998${n}`.replace('+3363998', '+33639 98'),
  (n: string) => `63998${n}`,
]

/** All over mainland France. */
const department = (site: number) => String((site % 95) + 1).padStart(2, '0')

/** Writes a partner file of `contacts` rows, two to a site, with the usual dirt of spelling; constant memory. */
export function writePartnerFile(path: string, contacts: number): void {
  const file = openSync(path, 'w')
  let chunk = `\uFEFF${header}\r\n`
  for (let index = 0; index < contacts; index++) {
    const site = Math.floor(index / 2)
    const mobile = spellings[index % spellings.length]!(String(index % 10_000).padStart(4, '0'))
    chunk += `S${site};Maison ${site};Distributeur;Gold;${(site % 200) + 1} rue des Essais;${department(site)}300;Ville${site % 300};France;contact@maison-${site}.example.com;Prénom${index};Nom${index};Vendeur;${profiles[index % 5]};p${index}@maison-${site}.example.com;${mobile};fr;oui;${index % 2 ? 'oui' : 'non'};${index % 4 ? '' : 'oui'}\r\n`
    if (chunk.length > 1 << 20) {
      writeSync(file, chunk)
      chunk = ''
    }
  }
  writeSync(file, chunk)
  closeSync(file)
}

/** A partner file of so many craftsmen, each at an outlet of their own, who agreed to texts. */
export function crowd(size: number): string {
  const header =
    'Code site;Raison sociale;Typologie;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Profil;Mobile;Langue;Accord SMS'
  const rows = Array.from({ length: size }, (_, n) => {
    const digits = String(n).padStart(4, '0')
    return `S${n};Maison ${n};Artisan;69002;Lyon;France;P${n};Jean;N${n};Terrain;06 39 98 ${digits.slice(0, 2)} ${digits.slice(2)};fr;oui`
  })
  return [header, ...rows].join('\n')
}

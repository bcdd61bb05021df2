/** A partner file of so many craftsmen, each at an outlet of their own, with a mobile and a mailbox each. */
export function peopleFile(size: number): string {
  const header =
    'Code site;Raison sociale;Typologie;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Profil;E-mail;Mobile;Langue;Accord e-mail;Accord SMS'
  const rows = Array.from({ length: size }, (_, n) => {
    const digits = String(n % 10_000).padStart(4, '0')
    // 06 39 98 is kept for fiction (ARCEP); a larger crowd goes on from there, to a stand-in all the same.
    const block = 39 + Math.floor(n / 10_000)
    return [
      `S${n};Maison ${n};Artisan;69002;Lyon;France;P${n};Jean;N${n};Terrain;p${n}@example.com`,
      `06 ${block} 98 ${digits.slice(0, 2)} ${digits.slice(2)};fr;oui;oui`,
    ].join(';')
  })
  return [header, ...rows].join('\n')
}

/** A notice to everybody, at any hour, on each of these channels and no other. */
export const notice = (channels: readonly ('sms' | 'email')[]): string =>
  [
    'name: fermeture',
    'title: { fr: Fermeture, en: Closed }',
    'class: transactional',
    'audience: { segment: tous }',
    'anchor: { launch: now }',
    'link: https://www.example.com/fermeture',
    'values: { headline: { fr: Fermeture exceptionnelle, en: Closed }, details: { fr: Fermé demain., en: Closed tomorrow. } }',
    'steps:',
    ...channels.map(
      (channel) =>
        `  - { name: avis-${channel}, at: launch, intent: notice, channels: [${channel}], template: notice/urgent }`,
    ),
  ].join('\n')

/** An invitation by text, which whoever said STOP must not get. */
export const invitation = [
  'name: defi',
  'title: { fr: Défi, en: Challenge }',
  'class: marketing',
  'audience: { segment: tous }',
  'anchor: { launch: now, timezone: Europe/Paris }',
  'link: https://www.example.com/defi',
  'steps: [{ name: seule, at: launch, intent: follow-up, channels: [sms], template: challenge/launch }]',
].join('\n')

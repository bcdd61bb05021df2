export const home = {
  home: {
    title: 'Campagnes',
    lead: 'Ce qui est dit au réseau, quand, et ce qu’il en est.',
    none: 'Aucune campagne pour l’instant.',
    noneHow: 'Lancez-en une depuis un fichier :',
    noNetwork: 'Votre compte ne donne accès à aucun réseau.',
    deliveries_one: '{{count, number}} envoi',
    deliveries_other: '{{count, number}} envois',
    next: 'Prochaine étape',
    contacts_one: '{{count, number}} contact',
    contacts_other: '{{count, number}} contacts',
    sites_one: '{{count, number}} site',
    sites_other: '{{count, number}} sites',
  },
}

export const home = {
  home: {
    title: 'Campaigns',
    lead: 'What the network is told, when, and how it goes.',
    none: 'No campaign yet.',
    noneHow: 'Launch one from a file:',
    noNetwork: 'Your account opens no network.',
    deliveries_one: '{{count, number}} delivery',
    deliveries_other: '{{count, number}} deliveries',
    next: 'Next step',
    contacts_one: '{{count, number}} contact',
    contacts_other: '{{count, number}} contacts',
    sites_one: '{{count, number}} site',
    sites_other: '{{count, number}} sites',
  },
}

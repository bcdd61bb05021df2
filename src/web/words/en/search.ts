export const search = {
  search: {
    title: 'Search',
    results: 'Search: {{text}}',
    label: 'Search the network',
    hint: 'A name either way round, an e-mail, a phone number, a town, the code of a site, a campaign.',
    contacts: 'Contacts',
    sites: 'Sites',
    campaigns: 'Campaigns',
    templates: 'Templates',
    all: 'See all',
    none: 'Nothing begins with “{{text}}”.',
    lookedIn: 'Looked in {{places}}.',
    places: {
      contacts: 'contacts (name, first name, e-mail, phone)',
      sites: 'sites (name, town, code)',
      campaigns: 'campaigns (title, name)',
      templates: 'templates of the library',
    },
    empty: 'Type what you are looking for.',
    short: 'Two characters at least.',
  },
}

export const search = {
  search: {
    title: 'Recherche',
    results: 'Recherche : {{text}}',
    label: 'Rechercher dans le réseau',
    hint: 'Un nom dans un sens ou dans l’autre, un e-mail, un téléphone, une ville, un code de site, une campagne.',
    contacts: 'Contacts',
    sites: 'Sites',
    campaigns: 'Campagnes',
    templates: 'Modèles',
    all: 'Tout voir',
    none: 'Rien ne commence par « {{text}} ».',
    lookedIn: 'Cherché dans : {{places}}.',
    places: {
      contacts: 'les contacts (nom, prénom, e-mail, téléphone)',
      sites: 'les sites (nom, ville, code)',
      campaigns: 'les campagnes (titre, nom)',
      templates: 'les modèles de la bibliothèque',
    },
    empty: 'Écrivez ce que vous cherchez.',
    short: 'Deux caractères au moins.',
  },
}

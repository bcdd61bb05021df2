export const frame = {
  name: 'Français',
  product: 'Relais',
  skip: 'Aller au contenu',
  inOtherLanguage: 'English',
  colon: ' :',
  nav: {
    label: 'Navigation principale',
    campaigns: 'Campagnes',
    inbox: 'Réception',
    outbox: 'Boîte d’envoi',
    network: 'Réseau',
    signOut: 'Se déconnecter',
    breadcrumb: 'Fil d’Ariane',
    home: 'Accueil',
    library: 'Bibliothèque',
    settings: 'Réglages',
    search: 'Rechercher',
    searchWhat: 'Contact, site, campagne…',
    unread_one: '{{count, number}} non lue',
    unread_other: '{{count, number}} non lues',
    accountMenu: 'Mon compte et la langue',
    notifications: 'Notifications',
    account: 'Mon compte',
    chooseNetwork: 'Choisir un réseau',
  },
  sandbox: {
    banner: 'Bac à sable : rien ne part réellement',
    virtualDate: 'Date virtuelle',
    chip: 'Bac à sable',
    live: 'Réel',
  },
  problem: {
    '400': {
      title: 'Demande mal formée',
      text: 'Le serveur n’a pas compris cette demande.',
    },
    '403': {
      title: 'Action refusée',
      text: 'Vos droits ne permettent pas cette action, ou la page qui l’a demandée n’est pas la nôtre.',
    },
    '404': {
      title: 'Page introuvable',
      text: 'Elle n’existe pas, ou vous n’y avez pas accès.',
    },
    '405': {
      title: 'Méthode refusée',
      text: 'Cette adresse existe, mais pas pour cette action.',
    },
    '413': {
      title: 'Envoi trop volumineux',
      text: 'Le contenu envoyé dépasse la limite.',
    },
    '415': {
      title: 'Format refusé',
      text: 'Cette adresse attend un formulaire.',
    },
    '500': {
      title: 'Quelque chose s’est cassé',
      text: 'L’erreur est notée avec la référence ci-dessous. Rien de ce que vous avez demandé n’a été fait à moitié.',
    },
    '503': {
      title: 'Indisponible pour l’instant',
      text: 'Réessayez dans un moment.',
    },
    reference: 'Référence',
    back: 'Revenir à l’accueil',
  },
}

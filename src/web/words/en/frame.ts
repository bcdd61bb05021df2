export const frame = {
  name: 'English',
  product: 'Relais',
  skip: 'Skip to content',
  inOtherLanguage: 'Français',
  colon: ':',
  nav: {
    label: 'Main navigation',
    campaigns: 'Campaigns',
    inbox: 'Inbox',
    outbox: 'Outbox',
    network: 'Network',
    signOut: 'Sign out',
    breadcrumb: 'Breadcrumb',
    home: 'Home',
    library: 'Library',
    settings: 'Settings',
    search: 'Search',
    searchWhat: 'Contact, site, campaign…',
    unread_one: '{{count, number}} unread',
    unread_other: '{{count, number}} unread',
    accountMenu: 'My account and language',
    notifications: 'Notifications',
    account: 'My account',
    chooseNetwork: 'Choose a network',
  },
  sandbox: {
    banner: 'Sandbox: nothing really leaves',
    virtualDate: 'Virtual date',
    chip: 'Sandbox',
    live: 'Live',
  },
  problem: {
    '400': {
      title: 'Malformed request',
      text: 'The server did not understand this request.',
    },
    '403': {
      title: 'Refused',
      text: 'Your rights do not allow this, or the page that asked for it is not ours.',
    },
    '404': {
      title: 'Page not found',
      text: 'It does not exist, or you have no access to it.',
    },
    '405': {
      title: 'Method not allowed',
      text: 'This address exists, but not for this action.',
    },
    '413': {
      title: 'Too large',
      text: 'What was sent is over the limit.',
    },
    '415': {
      title: 'Format refused',
      text: 'This address expects a form.',
    },
    '500': {
      title: 'Something broke',
      text: 'The error is logged under the reference below. Nothing you asked for was half done.',
    },
    '503': {
      title: 'Unavailable for now',
      text: 'Try again in a moment.',
    },
    reference: 'Reference',
    back: 'Back to the start',
  },
}

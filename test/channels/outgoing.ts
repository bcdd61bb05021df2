import type { AddressBook, ChannelName, Content, Outgoing } from '../../src/channel.ts'

/** Small, complete content for each channel, as rendering would hand it over. */
export const contents: { [C in ChannelName]: Extract<Content, { channel: C }> } = {
  sms: { channel: 'sms', text: 'Le challenge commence demain : https://rl.example/q/Ab3dE6gH', parts: 1 },
  email: {
    channel: 'email',
    subject: 'Le challenge commence demain',
    preheader: 'Trois mois, trois lots.',
    html: '<p>Bonjour Éloïse, <a href="https://relais.example/c/token">je participe</a></p>',
    text: 'Bonjour Éloïse, je participe : https://relais.example/c/token',
    headers: {
      'List-Unsubscribe': '<https://relais.example/u/token>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  },
  print: {
    channel: 'print',
    title: 'Le challenge commence demain',
    addressLines: ['Quincaillerie du Port', 'Mme Éloïse Œuvrard', "12 rue de l'Église", '59000 Lille'],
    postcode: '59000',
    country: 'FR',
    senderLines: ['Réseau Horizon', '75008 Paris'],
    dateLine: 'Paris, le 14 septembre 2026',
    blocks: [{ type: 'paragraph', runs: [{ text: 'Chère Madame, le challenge commence demain.' }] }],
    qr: { url: 'https://rl.example/q/Ab3dE6gH', label: 'Scannez pour vous inscrire' },
  },
  intranet: { channel: 'intranet', title: 'Le challenge commence', html: '<p>Demain.</p>', accessLevel: 'member' },
  screen: { channel: 'screen', title: 'Rappel produit', text: 'Retirez la référence 4711.', asksAcknowledgement: true },
}

/** A contact who has everything. */
export const book: Required<AddressBook> = {
  contactId: 'contact-1',
  siteId: 'site-1',
  email: { id: 'address-1', kind: 'email', value: 'eloise@example.com', isShared: false },
  mobile: { id: 'address-2', kind: 'mobile', value: '+33639980001', isShared: false },
  postal: { id: 'address-3', kind: 'postal', value: "12 rue de l'Église\n59000 Lille", isShared: true },
  station: { id: 'station-1', kind: 'station', value: 'site-1', isShared: true },
}

const addressOf = (channel: ChannelName): Outgoing['to'] => {
  if (channel === 'intranet') return { id: 'contact-1', kind: 'post', value: 'contact-1', isShared: false }
  return { sms: book.mobile, email: book.email, print: book.postal, screen: book.station }[channel]
}

/** A delivery on its way out, by default the first attempt of the first. */
export const outgoingOf = (channel: ChannelName, overrides: Partial<Outgoing> = {}): Outgoing => ({
  networkId: 'network-1',
  mode: 'live',
  deliveryId: 'delivery-1',
  attempt: 1,
  messageId: 'message-1',
  recipientKey: 'contact:contact-1',
  siteId: 'site-1',
  language: 'fr',
  to: addressOf(channel),
  content: contents[channel],
  trackingMode: 'individual',
  now: new Date('2026-09-14T08:00:00Z'),
  seed: 'network-1|challenge|teaser|contact-1',
  ...overrides,
})

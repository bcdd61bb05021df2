import type { MergeValues, RenderUrls } from '../../src/render/render.ts'

/** A craftsman's values, whole; tests change what they are about. */
export function sampleValues(change: Partial<MergeValues> = {}): MergeValues {
  return {
    contact: {
      firstName: 'Anatole',
      lastName: 'Royer',
      salutation: 'M.',
      function: 'Poseur',
      language: 'fr',
      profile: 'field',
      isShared: false,
    },
    site: {
      name: 'Vidal & Fils',
      externalId: 'S00001',
      addressLine1: '55 place Lambert',
      postcode: '25640',
      city: 'Germondans',
      country: 'FR',
    },
    network: { title: 'Réseau Manor' },
    campaign: {
      name: 'grand-nord',
      title: 'Challenge Grand Nord',
      class: 'marketing',
      link: 'https://www.example.com/challenge',
      dates: { launch: '2027-01-11T08:30' },
      values: { prize: 'un week-end en Laponie' },
    },
    step: { name: 'teaser' },
    sender: { name: 'Réseau Manor', lines: ['Réseau Manor', '75002 PARIS'], stopText: 'STOP au 36180' },
    date: '2026-12-10',
    ...change,
  }
}

export function sampleUrls(change: Partial<RenderUrls> = {}): RenderUrls {
  return {
    click: {},
    action: 'https://rl.fr/a1B2c3',
    open: 'https://rl.fr/o/abc.gif',
    unsubscribe: 'https://rl.fr/u/abc',
    preferences: 'https://rl.fr/prefs/abc',
    site: 'https://rl.fr',
    ...change,
  }
}

/** Nothing agreed, nothing measured. */
export const plainUrls: RenderUrls = { click: {}, site: 'https://rl.fr', unsubscribe: 'https://rl.fr/u/abc' }

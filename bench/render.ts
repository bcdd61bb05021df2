import { Liquid } from 'liquidjs'
import { loadTemplates } from '../src/campaign/templates.ts'
import { compile } from '../src/render/render.ts'
import type { MergeValues } from '../src/render/values.ts'
import { compare, type Figure, type Side } from './measure.ts'

const values: MergeValues = {
  contact: {
    firstName: 'Odile',
    lastName: 'Martin',
    salutation: 'Mme',
    language: 'fr',
    profile: 'office',
    isShared: false,
  },
  site: { name: 'Bâti Pro', city: 'Lyon', postcode: '69003', country: 'FR' },
  network: { title: 'Réseau Boréal' },
  campaign: {
    name: 'bench',
    title: 'Challenge Grand Nord',
    class: 'relational',
    link: 'https://www.example.com/',
    values: { prize: 'un week-end' },
  },
  step: { name: 'annonce' },
  sender: { name: 'Réseau Boréal' },
  date: '2027-01-11',
}
const urls = {
  click: {},
  action: 'https://www.example.com/c/abc',
  unsubscribe: 'https://www.example.com/u/abc',
  preferences: 'https://www.example.com/prefs/abc',
  site: 'https://www.example.com',
}

/** A whole e-mail (subject, preheader, HTML, text), against LiquidJS rendering an HTML of the same length once. */
export async function benchRender(mails: number, pairs: number): Promise<Figure> {
  const templates = loadTemplates()
  const { source } = templates.find('challenge/launch', 'email', 'fr')!
  const template = await compile(source, 'email', 'fr', templates.layouts)
  const rendered = template.render(values, urls)
  if (rendered.channel !== 'email') throw new Error('The launch template is no e-mail.')
  const names = ['contact.firstName', 'site.name', 'network.title', 'campaign.title', 'campaign.prize', 'urls.action']
  const html = rendered.html.replaceAll(/[{}]/g, '')
  const slice = Math.floor(html.length / names.length)
  const liquidSource = names
    .map((name, index) => `${html.slice(index * slice, (index + 1) * slice)}{{ ${name} }}`)
    .join('')
  const liquid = new Liquid({ outputEscape: 'escape' })
  const parsed = liquid.parse(liquidSource)
  const product: Side = {
    prepare: async () => async () => {
      for (let count = 0; count < mails; count++) template.render(values, urls)
      return mails
    },
  }
  const ceiling: Side = {
    prepare: async () => async () => {
      for (let count = 0; count < mails; count++) liquid.renderSync(parsed, { ...values, urls })
      return mails
    },
  }
  return compare(
    {
      name: 'render',
      unit: 'e-mails',
      against: 'liquidjs renderSync of the HTML alone, parsed once',
      floor: 0.6,
      goal: 0.8,
    },
    product,
    ceiling,
    pairs,
  )
}

/** A message nobody gets, in the brand as it stands: what a preview shows. */
import type { TemplateCatalog } from '../../../campaign/templates.ts'
import type { Content } from '../../../channel.ts'
import type { Network } from '../../../context.ts'
import type { Brand } from '../../../library/brand.ts'
import { lookOf } from '../../../library/dress.ts'
import type { PictureRow } from '../../../library/pictures.ts'
import { withDress } from '../../../render/dress.ts'
import { compile } from '../../../render/render.ts'
import type { MergeValues } from '../../../render/values.ts'
import type { ChannelName, Language } from '../../../words.ts'

const template = 'challenge/launch'

export interface Sample {
  templates: TemplateCatalog
  network: Network
  brand: Brand
  logo: PictureRow | undefined
  language: Language
  /** What the campaign is called, in that language. */
  title: string
  publicUrl: string
}

const reader = {
  fr: { site: 'Bâti Pro Lyon', street: '4 avenue de Lyon', postcode: '69003', city: 'Lyon' },
  en: { site: 'Bâti Pro Lyon', street: '4 avenue de Lyon', postcode: '69003', city: 'Lyon' },
}

function valuesOf({ network, brand, language, title }: Sample, channel: ChannelName): MergeValues {
  const { site, street, postcode, city } = reader[language]
  return {
    contact: { firstName: 'Odile', lastName: 'Martin', language, profile: 'office', isShared: channel === 'print' },
    site: { name: site, addressLine1: street, postcode, city, country: 'FR' },
    network: { title: network.title },
    campaign: { name: 'apercu', title, class: 'relational', link: 'https://example.com/', dates: {}, values: {} },
    step: { name: 'apercu' },
    sender: { name: (channel === 'email' ? brand.senders.email : undefined) ?? network.title, lines: [network.title] },
    date: '2027-01-11',
  }
}

/** The shipped words of a launch in this brand; undefined where they are not written for the channel. */
export async function sampleContent(sample: Sample, channel: ChannelName): Promise<Content | undefined> {
  const { templates, network, brand, logo, language, publicUrl } = sample
  const words = templates.find(template, channel, language)
  if (!words) return undefined
  const source = withDress(words.source, channel, { look: lookOf(brand, network.number, logo), pictures: {} })
  const compiled = await compile(source, channel, language, templates.layouts)
  return compiled.render(valuesOf(sample, channel), {
    click: {},
    action: 'https://example.com/',
    unsubscribe: `${publicUrl}/u/…`,
    preferences: `${publicUrl}/prefs/…`,
    site: publicUrl,
  })
}

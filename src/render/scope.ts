import type { Language } from '../words.ts'
import { hrefsFor } from './links.ts'
import { type BrandScope, partnerScope } from './look.ts'
import { sharedJourney } from './shared-journey.ts'
import type { RenderUrls } from './urls.ts'
import type { ContactValues, MergeValues } from './values.ts'

const titles: Record<Language, Record<string, string>> = {
  fr: {
    m: 'Monsieur',
    mr: 'Monsieur',
    monsieur: 'Monsieur',
    mme: 'Madame',
    mlle: 'Madame',
    madame: 'Madame',
    ms: 'Madame',
    mrs: 'Madame',
  },
  en: { m: 'Mr', mr: 'Mr', monsieur: 'Mr', mme: 'Ms', mlle: 'Ms', madame: 'Ms', ms: 'Ms', mrs: 'Mrs', miss: 'Ms' },
}

/** "Bonjour Anatole,", "Bonjour Madame Fernandez," or, when no name is known or several people read, "Bonjour,". */
export function greetingOf(contact: ContactValues, language: Language): string {
  const hello = language === 'fr' ? 'Bonjour' : 'Hello'
  const first = contact.firstName?.trim()
  const last = contact.lastName?.trim()
  if (contact.isShared) return `${hello},`
  if (first) return `${hello} ${first},`
  const title = titles[language][(contact.salutation ?? '').toLowerCase().replace(/\.$/, '').trim()]
  return title && last ? `${hello} ${title} ${last},` : `${hello},`
}

/**
 * What a template sees. A mailbox or a letter several people read gets nothing personal, whatever the template
 * names: the greeting falls back, and so must everything else.
 */
export function scopeOf(
  values: MergeValues,
  urls: RenderUrls,
  language: Language,
  destinations: readonly string[],
  brand: BrandScope,
) {
  const { contact, campaign } = values
  const personal = contact.isShared
    ? { language: contact.language, isShared: true, attributes: {} }
    : { ...contact, fullName: [contact.firstName, contact.lastName].filter(Boolean).join(' ') || undefined }
  return {
    language,
    greeting: greetingOf(contact, language),
    link: urls.action ?? campaign.link,
    date: values.date,
    contact: personal,
    site: values.site,
    network: values.network,
    campaign: { ...campaign.values, ...campaign },
    challenge: contact.isShared ? sharedJourney(values.challenge) : (values.challenge ?? {}),
    event: contact.isShared ? {} : (values.event ?? {}),
    step: values.step,
    sender: values.sender,
    brand,
    partner: partnerScope(values.partner, urls.site, language),
    urls: { ...urls, tracking: urls.tracking ?? urls.preferences },
    hrefs: hrefsFor(destinations, urls),
  }
}

export type Scope = ReturnType<typeof scopeOf>

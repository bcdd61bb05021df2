import type { PolicyCase } from './policy-case.ts'

const tuesday = '2026-11-24'
const saturday = '2026-11-28'
const sunday = '2026-11-29'
const christmas = '2026-12-25'

type Message = PolicyCase['message']
type Contact = PolicyCase['contact']

const message = (over: Partial<Message>): Message => ({
  class: 'marketing',
  urgency: 'normal',
  intent: 'follow-up',
  onQuiet: 'defer',
  asksReply: false,
  ...over,
})

/** Reachable by everything in France, and said yes to texts. */
const someone = (over: Partial<Contact> = {}): Contact => ({
  profile: 'office',
  language: 'fr',
  country: 'FR',
  timezone: 'Europe/Paris',
  reachableBy: ['email', 'mobile', 'postal', 'screen'],
  consents: { sms: 'granted' },
  ...over,
})

const notice = message({ class: 'urgent_service', urgency: 'immediate', intent: 'notice', onQuiet: 'switch_channel' })
const service = message({ class: 'urgent_service', urgency: 'high', intent: 'notice', onQuiet: 'switch_channel' })
const contract = message({ class: 'contractual', intent: 'reference' })

const inBelgium = { country: 'BE', timezone: 'Europe/Brussels' }

/**
 * The cases every network is tried by until it has its own: the rules of the shipped table, the hours and the law
 * each at least once. French hours after the AF2M charter, consent after CPCE L.34-5; see `default-policy.ts`.
 */
export const defaultCases: readonly PolicyCase[] = [
  {
    name: { fr: 'Avis immédiat, en journée : SMS', en: 'Immediate notice by day: SMS' },
    message: notice,
    contact: someone({ profile: 'counter' }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'sms', rule: 'immediate', reason: 'urgent_order' },
  },
  {
    name: { fr: 'Avis immédiat, la nuit : SMS tout de suite', en: 'Immediate notice at night: SMS at once' },
    message: notice,
    contact: someone(),
    at: `${tuesday}T03:00`,
    expected: { outcome: 'send', channel: 'sms', reason: 'exempt_from_hours' },
  },
  {
    name: { fr: 'Avis immédiat, dimanche : SMS tout de suite', en: 'Immediate notice on a Sunday: SMS at once' },
    message: notice,
    contact: someone({ profile: 'field' }),
    at: `${sunday}T11:00`,
    expected: { outcome: 'send', channel: 'sms', rule: 'immediate' },
  },
  {
    name: { fr: 'Avis immédiat, sans mobile : e-mail', en: 'Immediate notice, no mobile: e-mail' },
    message: notice,
    contact: someone({ reachableBy: ['email', 'screen'] }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'email', reason: 'no_address' },
  },
  {
    name: {
      fr: 'Avis immédiat, refus des SMS commerciaux : SMS',
      en: 'Immediate notice, marketing texts refused: SMS',
    },
    message: notice,
    contact: someone({ consents: { sms: 'denied' } }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'sms' },
  },
  {
    name: { fr: 'Service urgent non critique, la nuit : e-mail', en: 'Urgent service, not critical, at night: e-mail' },
    message: service,
    contact: someone(),
    at: `${tuesday}T03:00`,
    expected: { outcome: 'send', channel: 'email', rule: 'urgent-service', reason: 'closed_now' },
  },
  {
    name: { fr: 'Service urgent, en journée : SMS', en: 'Urgent service by day: SMS' },
    message: service,
    contact: someone({ profile: 'owner' }),
    at: `${tuesday}T14:00`,
    expected: { outcome: 'send', channel: 'sms', rule: 'urgent-service' },
  },
  {
    name: { fr: 'Relation : courrier', en: 'Relationship: letter' },
    message: message({ intent: 'relationship', class: 'relational' }),
    contact: someone({ profile: 'owner' }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'print', rule: 'relationship' },
  },
  {
    name: { fr: 'Relation, sans adresse postale : e-mail', en: 'Relationship, no postal address: e-mail' },
    message: message({ intent: 'relationship', class: 'relational' }),
    contact: someone({ profile: 'owner', reachableBy: ['email', 'mobile'] }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'email', rule: 'relationship' },
  },
  {
    name: {
      fr: 'Relation, boîte partagée seulement : jamais dans une boîte commune',
      en: 'Relationship, shared mailbox only: never into it',
    },
    message: message({ intent: 'relationship', class: 'relational' }),
    contact: someone({ reachableBy: ['shared_email'] }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'intranet', reason: 'shared_mailbox' },
  },
  {
    name: { fr: 'Affichage au comptoir : écran', en: 'For the counter: screen' },
    message: message({ intent: 'counter' }),
    contact: someone({ profile: 'counter' }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'screen', rule: 'counter-display' },
  },
  {
    name: { fr: 'Affichage au comptoir, sans écran : e-mail', en: 'For the counter, no screen: e-mail' },
    message: message({ intent: 'counter' }),
    contact: someone({ profile: 'counter', reachableBy: ['email', 'mobile'] }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'email', rule: 'counter-display' },
  },
  {
    name: { fr: 'Urgence haute, comptoir : écran', en: 'High urgency, counter: screen' },
    message: message({ class: 'contractual', urgency: 'high', intent: 'notice' }),
    contact: someone({ profile: 'counter' }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'screen', rule: 'high-counter' },
  },
  {
    name: { fr: 'Relance, terrain : SMS', en: 'Follow-up, field: SMS' },
    message: message({}),
    contact: someone({ profile: 'field' }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'sms', rule: 'field' },
  },
  {
    name: {
      fr: 'Relance, terrain, SMS jamais accepté : e-mail',
      en: 'Follow-up, field, never agreed to texts: e-mail',
    },
    message: message({}),
    contact: someone({ profile: 'field', consents: {} }),
    at: `${tuesday}T19:00`,
    expected: { outcome: 'send', channel: 'email', reason: 'consent_missing' },
  },
  {
    name: {
      fr: 'Relance, terrain, accord sans base déclarée : e-mail',
      en: 'Follow-up, field, consent without a stated basis: e-mail',
    },
    message: message({}),
    contact: someone({ profile: 'field', consents: { sms: 'unstated' } }),
    at: `${tuesday}T19:00`,
    expected: { outcome: 'send', channel: 'email', reason: 'consent_unstated' },
  },
  {
    name: { fr: 'Relance, terrain, la nuit : SMS reporté', en: 'Follow-up, field, at night: SMS deferred' },
    message: message({}),
    contact: someone({ profile: 'field' }),
    at: `${tuesday}T23:00`,
    expected: { outcome: 'defer', channel: 'sms', reason: 'deferred' },
  },
  {
    name: { fr: 'Relance, terrain, samedi 9 h : SMS reporté', en: 'Follow-up, field, Saturday 9 am: SMS deferred' },
    message: message({}),
    contact: someone({ profile: 'field' }),
    at: `${saturday}T09:00`,
    expected: { outcome: 'defer', channel: 'sms' },
  },
  {
    name: { fr: 'Relance, terrain, dimanche : SMS reporté', en: 'Follow-up, field, Sunday: SMS deferred' },
    message: message({}),
    contact: someone({ profile: 'field' }),
    at: `${sunday}T11:00`,
    expected: { outcome: 'defer', channel: 'sms' },
  },
  {
    name: { fr: 'Relance, terrain, jour de Noël : SMS reporté', en: 'Follow-up, field, Christmas Day: SMS deferred' },
    message: message({}),
    contact: someone({ profile: 'field' }),
    at: `${christmas}T11:00`,
    expected: { outcome: 'defer', channel: 'sms' },
  },
  {
    name: { fr: 'Relance qui ne peut attendre, la nuit : rien', en: 'Follow-up that must not wait, at night: nothing' },
    message: message({ onQuiet: 'drop' }),
    contact: someone({ profile: 'field' }),
    at: `${tuesday}T23:00`,
    expected: { outcome: 'none', reason: 'dropped_for_hours' },
  },
  {
    name: { fr: 'Relance, bureau : e-mail', en: 'Follow-up, office: e-mail' },
    message: message({}),
    contact: someone(),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'email', rule: 'desk' },
  },
  {
    name: { fr: 'Relance, bureau, le soir : e-mail reporté', en: 'Follow-up, office, in the evening: e-mail deferred' },
    message: message({}),
    contact: someone(),
    at: `${tuesday}T21:00`,
    expected: { outcome: 'defer', channel: 'email' },
  },
  {
    name: { fr: 'Relance, bureau, préfère les SMS : SMS', en: 'Follow-up, office, prefers texts: SMS' },
    message: message({}),
    contact: someone({ preferredChannel: 'sms' }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'sms', reason: 'contact_preference' },
  },
  {
    name: { fr: 'Relance, bureau, e-mail refusé : SMS', en: 'Follow-up, office, e-mail refused: SMS' },
    message: message({}),
    contact: someone({ consents: { sms: 'granted', email: 'denied' } }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'sms', reason: 'consent_denied' },
  },
  {
    name: { fr: 'Relance, personne sans adresse : intranet', en: 'Follow-up, no address at all: intranet' },
    message: message({}),
    contact: someone({ reachableBy: [], consents: {} }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'intranet', reason: 'last_resort' },
  },
  {
    name: { fr: 'Relance, Belgique, rien d’accepté : intranet', en: 'Follow-up, Belgium, nothing agreed to: intranet' },
    message: message({}),
    contact: someone({ ...inBelgium, consents: {} }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'intranet', reason: 'consent_missing' },
  },
  {
    name: {
      fr: 'Changement de tarif, Belgique : e-mail sans accord',
      en: 'Price change, Belgium: e-mail without consent',
    },
    message: contract,
    contact: someone({ ...inBelgium, consents: {} }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'email', rule: 'reference' },
  },
  {
    name: { fr: 'Procédure de référence, itinérant : e-mail', en: 'Reference procedure, sales: e-mail' },
    message: contract,
    contact: someone({ profile: 'sales' }),
    at: `${tuesday}T10:00`,
    expected: { outcome: 'send', channel: 'email', rule: 'reference' },
  },
  {
    name: {
      fr: 'Réponse à une inscription, la nuit : tout de suite',
      en: 'Answer to a registration, at night: at once',
    },
    message: message({ class: 'transactional', urgency: 'high' }),
    contact: someone(),
    at: `${tuesday}T23:00`,
    expected: { outcome: 'send', channel: 'email', reason: 'exempt_from_hours' },
  },
  {
    name: { fr: 'Relance, La Réunion, 9 h là-bas : SMS', en: 'Follow-up, Réunion, 9 am there: SMS' },
    message: message({}),
    contact: someone({ profile: 'field', country: 'RE', timezone: 'Indian/Reunion' }),
    at: `${tuesday}T09:00`,
    expected: { outcome: 'send', channel: 'sms', rule: 'field' },
  },
]

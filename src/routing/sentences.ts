import type { ChannelName, Language, MessageClass, PreferredHours, Profile } from '../words.ts'
import type { CodeParams, ReasonCode } from './codes.ts'
import { clock, instant, money } from './figures.ts'

type Sentence = (params: CodeParams) => string
type Vocabulary = {
  channels: Record<ChannelName, string>
  profiles: Record<Profile, string>
  classes: Record<MessageClass, string>
  statuses: Record<string, string>
  hours: Record<PreferredHours, string>
  sentences: Record<ReasonCode, Sentence>
}

const count = (params: CodeParams, name: string): number => Number(params[name] ?? 0)
const decimal = (value: number, language: Language): string =>
  language === 'fr' ? String(value).replace('.', ',') : String(value)
const text = (params: CodeParams, name: string): string => String(params[name] ?? '')

/** A known word in the reader's language, otherwise the code itself. */
const word = (words: Partial<Record<string, string>>, code: string): string => words[code] ?? code

const fr: Vocabulary = {
  hours: { morning: 'matin', midday: 'midi', afternoon: 'après-midi', evening: 'soir' },
  channels: { sms: 'SMS', email: 'e-mail', print: 'courrier', intranet: 'intranet', screen: 'écran' },
  profiles: { field: 'Terrain', counter: 'Comptoir', sales: 'Itinérant', owner: 'Dirigeant', office: 'Bureau' },
  classes: {
    urgent_service: 'urgence de service',
    contractual: 'information contractuelle',
    transactional: 'réponse à son propre geste',
    relational: 'relationnel',
    marketing: 'commercial',
  },
  statuses: { invalid: 'non valable', bounced: 'en rejet', dead: 'morte', quarantined: 'en quarantaine' },
  sentences: {
    chosen: (p) => word(fr.channels, text(p, 'channel')),
    unreachable: () => 'injoignable',
    expired: () => 'rien envoyé : l’échéance est passée',
    held_out: (p) =>
      `rien envoyé : fait partie du groupe témoin${p.percent ? ` (${decimal(count(p, 'percent'), 'fr')} % des points de vente, tirés au sort)` : ''}`,
    dropped_for_hours: (p) => `rien envoyé : ${word(fr.channels, text(p, 'channel'))} hors plage horaire, sans report`,
    no_rule: () => 'rien envoyé : aucune règle de la politique ne convient',
    urgent_order: () => 'urgent, premier canal ouvert',
    author_order: () => 'canal fixé par l’auteur',
    rule_order: () => 'premier canal ouvert de la règle',
    contact_preference: () => 'canal préféré du contact',
    learned: (p) =>
      `${counted(count(p, 'actions'), 'réponse')} sur ${counted(count(p, 'exposures'), 'envoi récent', 'envois récents')} (${count(p, 'percent')} %)`,
    profile_habit: (p) =>
      p.percent === null || p.percent === undefined
        ? `canal habituel du profil ${word(fr.profiles, text(p, 'profile'))}`
        : `canal habituel du profil ${word(fr.profiles, text(p, 'profile'))} (${count(p, 'percent')} % de réponses attendues)`,
    switched: (p) => `mieux suivi que ${word(fr.channels, text(p, 'from'))}`,
    not_worth_default: (p) => `${word(fr.channels, text(p, 'from'))} coûterait plus que ce qu’il rapporte`,
    explored: (p) => `essai au hasard à la place de ${word(fr.channels, text(p, 'from'))}, pour apprendre`,
    learning_refused: (p) =>
      `règle du profil ${word(fr.profiles, text(p, 'profile'))}, car la personne refuse un choix selon ses réponses`,
    only_channel: () => 'seul canal possible',
    last_resort: () => 'à défaut d’un autre canal',
    shared_for_site: () => 'un seul envoi à la boîte partagée du site',
    preferred_hours: (p) => `aux heures que la personne a choisies (${word(fr.hours, text(p, 'hours'))})`,
    within_window: (p) => `dans la plage ${clock(count(p, 'from'), 'fr')}–${clock(count(p, 'to'), 'fr')}`,
    exempt_from_hours: (p) => `à toute heure (${word(fr.classes, text(p, 'class'))})`,
    deferred: (p) => `reporté au ${instant(text(p, 'at'), text(p, 'timezone'), 'fr')}, prochaine ouverture`,
    deadline_window: () => 'hors des heures habituelles mais dans les heures légales, car l’échéance presse',
    reach_of_two: (p) =>
      `avec la relance par ${word(fr.channels, text(p, 'second'))}, ${count(p, 'percent')} % de réponses attendues au moins`,
    cost: (p) => money(count(p, 'millis'), text(p, 'currency'), 'fr'),
    already_used: () => 'déjà utilisé pour ce message',
    no_address: (p) => (p.channel === 'screen' ? 'pas d’écran sur le site' : 'pas d’adresse'),
    address_unusable: (p) => `adresse ${word(fr.statuses, text(p, 'status'))}`,
    shared_mailbox: () => 'boîte partagée',
    country_closed: (p) =>
      p.country === null
        ? 'le pays du numéro est inconnu, et n’est donc pas ouvert aux SMS'
        : `le réseau n’envoie pas de SMS vers ce pays (${text(p, 'country')})`,
    consent_denied: () => 'refusé par le contact',
    consent_missing: () => 'accord jamais demandé',
    consent_unstated: () => 'accord sans base déclarée',
    consent_basis: ({ country }) => `accord dont la base ne suffit pas ici (${country})`,
    no_sender: () => 'aucun expéditeur configuré',
    sender_country: (p) => `aucun expéditeur pour le pays ${text(p, 'country')}`,
    sender_one_way: () => 'aucun expéditeur qui reçoive les réponses',
    suppressed_address: () => 'adresse fermée',
    suppressed_sender: () => 'STOP à cet expéditeur',
    suppressed_topic: () => 'désinscrit de ce sujet',
    suppressed_marketing: () => 'désinscrit des messages commerciaux',
    budget_spent: () => 'budget épuisé',
    timezone_unknown: (p) => `fuseau horaire inconnu (${text(p, 'timezone')})`,
    never_open: () => 'aucune plage horaire ouverte',
    expires_before_window: (p) =>
      `échéance avant la prochaine ouverture (${instant(text(p, 'at'), text(p, 'timezone'), 'fr')})`,
    station_closed: () => 'comptoir fermé à cette heure',
    closed_now: () => 'hors plage horaire',
    cap_reached: (p) =>
      `déjà ${counted(count(p, 'max'), 'message')} en ${counted(count(p, 'days'), 'jour')}${p.subject === 'site' ? ' pour le site' : ''}`,
    no_content: () => 'pas de texte pour ce canal',
    content_problem: (p) => `texte impossible à envoyer (${text(p, 'problem')})`,
    weaker: (p) => `moins suivi (${count(p, 'percent')} %)`,
  },
}

const en: Vocabulary = {
  hours: { morning: 'morning', midday: 'midday', afternoon: 'afternoon', evening: 'evening' },
  channels: { sms: 'SMS', email: 'e-mail', print: 'letter', intranet: 'intranet', screen: 'screen' },
  profiles: { field: 'field', counter: 'counter', sales: 'sales', owner: 'owner', office: 'office' },
  classes: {
    urgent_service: 'urgent service',
    contractual: 'contractual',
    transactional: 'answers their own act',
    relational: 'relational',
    marketing: 'marketing',
  },
  statuses: { invalid: 'invalid', bounced: 'bouncing', dead: 'dead', quarantined: 'in quarantine' },
  sentences: {
    chosen: (p) => word(en.channels, text(p, 'channel')),
    unreachable: () => 'unreachable',
    expired: () => 'nothing sent: the deadline has passed',
    held_out: (p) =>
      `nothing sent: part of the control group${p.percent ? ` (${decimal(count(p, 'percent'), 'en')}% of outlets, drawn by lot)` : ''}`,
    dropped_for_hours: (p) =>
      `nothing sent: ${word(en.channels, text(p, 'channel'))} is outside its hours and must not wait`,
    no_rule: () => 'nothing sent: no rule of the policy fits',
    urgent_order: () => 'urgent, first open channel',
    author_order: () => 'channel fixed by the author',
    rule_order: () => 'first open channel of the rule',
    contact_preference: () => 'the contact’s preferred channel',
    learned: (p) =>
      `${counted(count(p, 'actions'), 'answer')} to ${counted(count(p, 'exposures'), 'recent message')} (${count(p, 'percent')}%)`,
    profile_habit: (p) =>
      p.percent === null || p.percent === undefined
        ? `usual channel of the ${word(en.profiles, text(p, 'profile'))} profile`
        : `usual channel of the ${word(en.profiles, text(p, 'profile'))} profile (${count(p, 'percent')}% answers expected)`,
    switched: (p) => `better answered than ${word(en.channels, text(p, 'from'))}`,
    not_worth_default: (p) => `${word(en.channels, text(p, 'from'))} would cost more than it brings`,
    explored: (p) => `random trial instead of ${word(en.channels, text(p, 'from'))}, to learn`,
    learning_refused: (p) =>
      `rule of the ${word(en.profiles, text(p, 'profile'))} profile, since the person refuses a choice by their answers`,
    only_channel: () => 'only possible channel',
    last_resort: () => 'for want of another channel',
    shared_for_site: () => 'sent once to the mailbox the site shares',
    preferred_hours: (p) => `at the hours the person chose (${word(en.hours, text(p, 'hours'))})`,
    within_window: (p) => `within ${clock(count(p, 'from'), 'en')}–${clock(count(p, 'to'), 'en')}`,
    exempt_from_hours: (p) => `at any hour (${word(en.classes, text(p, 'class'))})`,
    deferred: (p) => `deferred to ${instant(text(p, 'at'), text(p, 'timezone'), 'en')}, the next opening`,
    deadline_window: () => 'outside usual hours but within the legal ones, since the deadline presses',
    reach_of_two: (p) =>
      `with the follow-up by ${word(en.channels, text(p, 'second'))}, at least ${count(p, 'percent')}% answers expected`,
    cost: (p) => money(count(p, 'millis'), text(p, 'currency'), 'en'),
    already_used: () => 'already used for this message',
    no_address: (p) => (p.channel === 'screen' ? 'no screen at the site' : 'no address'),
    address_unusable: (p) => `address ${word(en.statuses, text(p, 'status'))}`,
    shared_mailbox: () => 'shared mailbox',
    country_closed: (p) =>
      p.country === null
        ? 'the country of the number is unknown, and so not open to SMS'
        : `the network sends no SMS to this country (${text(p, 'country')})`,
    consent_denied: () => 'refused by the contact',
    consent_missing: () => 'consent never asked',
    consent_unstated: () => 'consent without a stated basis',
    consent_basis: ({ country }) => `consent on a basis that does not suffice here (${country})`,
    no_sender: () => 'no sender configured',
    sender_country: (p) => `no sender for country ${text(p, 'country')}`,
    sender_one_way: () => 'no sender that receives replies',
    suppressed_address: () => 'address closed',
    suppressed_sender: () => 'STOP to this sender',
    suppressed_topic: () => 'unsubscribed from this topic',
    suppressed_marketing: () => 'unsubscribed from commercial messages',
    budget_spent: () => 'budget spent',
    timezone_unknown: (p) => `unknown time zone (${text(p, 'timezone')})`,
    never_open: () => 'no open hours',
    expires_before_window: (p) =>
      `deadline before the next opening (${instant(text(p, 'at'), text(p, 'timezone'), 'en')})`,
    station_closed: () => 'counter closed at this hour',
    closed_now: () => 'outside its hours',
    cap_reached: (p) =>
      `already ${counted(count(p, 'max'), 'message')} in ${counted(count(p, 'days'), 'day')}${p.subject === 'site' ? ' for the site' : ''}`,
    no_content: () => 'no words for this channel',
    content_problem: (p) => `words that cannot be sent (${text(p, 'problem')})`,
    weaker: (p) => `less answered (${count(p, 'percent')}%)`,
  },
}

function counted(quantity: number, one: string, many = `${one}s`): string {
  return `${quantity} ${quantity > 1 ? many : one}`
}

/** Every code in both languages; a code without a sentence does not compile. */
export const vocabularies: Record<Language, Vocabulary> = { fr, en }

import type { ChannelName, EngagementState, EventType, Language, Profile } from '../words.ts'
import { durationMs } from './duration.ts'
import type { CampaignState } from './rule.ts'

/** The words that explain a rule, in one language. */
export interface Words {
  not: string
  all: string
  any: string
  nothing: string
  profile: string
  typology: string
  tier: string
  region: string
  language: string
  site(attribute: string): string
  contact(attribute: string): string
  engagement: string
  engagementOn(channel: string): string
  segment(name: string): string
  is(subject: string, wanted: string, actual: string): string
  above(subject: string, bound: number, actual: string): string
  below(subject: string, bound: number, actual: string): string
  exists(subject: string, wanted: boolean, actual: string): string
  reachable(channel: string): string
  times(min: number, max: number | undefined): string
  duration(iso: string): string
  event(what: string, times: string, details: { where: string; within?: string; found: number }): string
  states: Record<CampaignState, string>
  profiles: Record<Profile, string>
  engagements: Record<EngagementState, string>
  channels: Record<ChannelName, string>
  events: Record<EventType, string>
}

/** A duration in the largest unit that says it well. */
function measured(iso: string): { count: number; unit: 'days' | 'hours' | 'minutes' } {
  const hours = (durationMs(iso) ?? 0) / 3_600_000
  if (hours >= 48 && hours % 24 === 0) return { count: hours / 24, unit: 'days' }
  if (hours >= 1) return { count: Math.round(hours * 10) / 10, unit: 'hours' }
  return { count: Math.round(hours * 60), unit: 'minutes' }
}

const lastUnits = { days: 'derniers jours', hours: 'dernières heures', minutes: 'dernières minutes' }
const lastUnit = { days: 'le dernier jour', hours: 'la dernière heure', minutes: 'la dernière minute' }

const fr: Words = {
  not: 'Aucune de ces conditions :',
  all: 'Toutes ces conditions :',
  any: 'Au moins une de ces conditions :',
  nothing: 'rien',
  profile: 'Profil',
  typology: 'Typologie du site',
  tier: 'Niveau du site',
  region: 'Région du site',
  language: 'Langue',
  site: (attribute) => `Site, « ${attribute} »`,
  contact: (attribute) => `Contact, « ${attribute} »`,
  engagement: 'Engagement',
  engagementOn: (channel) => `Engagement ${channel}`,
  segment: (name) => `Appartient au segment « ${name} »`,
  is: (subject, wanted, actual) => `${subject} : ${wanted} (ici : ${actual})`,
  above: (subject, bound, actual) => `${subject} supérieur à ${bound} (ici : ${actual})`,
  below: (subject, bound, actual) => `${subject} inférieur à ${bound} (ici : ${actual})`,
  exists: (subject, wanted, actual) => `${subject} ${wanted ? 'renseigné' : 'non renseigné'} (ici : ${actual})`,
  reachable: (channel) => `Joignable par ${channel}`,
  times: (min, max) => {
    if (max === undefined) return min === 1 ? 'au moins une fois' : `au moins ${min} fois`
    if (min === max) return `exactement ${min} fois`
    return min === 0 ? `au plus ${max} fois` : `de ${min} à ${max} fois`
  },
  duration: (iso) => {
    const { count, unit } = measured(iso)
    return count === 1 ? `sur ${lastUnit[unit]}` : `sur les ${String(count).replace('.', ',')} ${lastUnits[unit]}`
  },
  event: (what, times, { where, within, found }) =>
    `${[what, times, where && `pour ${where}`, within].filter(Boolean).join(', ')} (ici : ${found} fois)`,
  states: {
    registered: 'S’est inscrit dans cette campagne',
    opened: 'A ouvert un message de cette campagne',
    acted: 'A réagi à un message de cette campagne',
    acknowledged: 'A accusé réception dans cette campagne',
    started: 'Inscrit, puis actif dans cette campagne',
  },
  profiles: { field: 'Terrain', counter: 'Comptoir', sales: 'Itinérant', owner: 'Dirigeant', office: 'Bureau' },
  engagements: { new: 'nouveau', hot: 'actif', warm: 'tiède', cold: 'froid', dormant: 'dormant' },
  channels: { sms: 'SMS', email: 'e-mail', print: 'courrier', intranet: 'intranet', screen: 'écran' },
  events: {
    accepted: 'Message pris en charge',
    sent: 'Message parti',
    delivered: 'Message remis',
    failed: 'Message non remis',
    bounced: 'E-mail rejeté',
    deferred: 'Remise différée',
    open: 'Message ouvert',
    click: 'Lien suivi',
    scan: 'Code scanné',
    reply: 'Réponse reçue',
    auto_reply: 'Réponse automatique',
    stop: 'STOP reçu',
    unsubscribe: 'Désinscription',
    complaint: 'Signalement en indésirable',
    acknowledge: 'Accusé de réception',
    register: 'Inscription',
    read: 'Lecture',
    shown: 'Affichage à l’écran',
    returned: 'Courrier retourné',
    printed: 'Courrier imprimé',
    posted: 'Courrier posté',
  },
}

const en: Words = {
  not: 'None of these:',
  all: 'All of these:',
  any: 'At least one of these:',
  nothing: 'nothing',
  profile: 'Profile',
  typology: 'Typology of the site',
  tier: 'Tier of the site',
  region: 'Region of the site',
  language: 'Language',
  site: (attribute) => `Site, “${attribute}”`,
  contact: (attribute) => `Contact, “${attribute}”`,
  engagement: 'Engagement',
  engagementOn: (channel) => `Engagement by ${channel}`,
  segment: (name) => `Belongs to the segment “${name}”`,
  is: (subject, wanted, actual) => `${subject}: ${wanted} (here: ${actual})`,
  above: (subject, bound, actual) => `${subject} above ${bound} (here: ${actual})`,
  below: (subject, bound, actual) => `${subject} below ${bound} (here: ${actual})`,
  exists: (subject, wanted, actual) => `${subject} ${wanted ? 'filled in' : 'not filled in'} (here: ${actual})`,
  reachable: (channel) => `Reachable by ${channel}`,
  times: (min, max) => {
    if (max === undefined) return min === 1 ? 'at least once' : `at least ${min} times`
    if (min === max) return min === 1 ? 'exactly once' : `exactly ${min} times`
    return min === 0 ? `at most ${max} times` : `${min} to ${max} times`
  },
  duration: (iso) => {
    const { count, unit } = measured(iso)
    return `in the last ${count === 1 ? unit.slice(0, -1) : `${count} ${unit}`}`
  },
  event: (what, times, { where, within, found }) =>
    `${[what, times, where && `for ${where}`, within].filter(Boolean).join(', ')} (here: ${found})`,
  states: {
    registered: 'Registered in this campaign',
    opened: 'Opened a message of this campaign',
    acted: 'Acted on a message of this campaign',
    acknowledged: 'Acknowledged in this campaign',
    started: 'Registered, then active in this campaign',
  },
  profiles: { field: 'Field', counter: 'Counter', sales: 'Sales', owner: 'Owner', office: 'Office' },
  engagements: { new: 'new', hot: 'hot', warm: 'warm', cold: 'cold', dormant: 'dormant' },
  channels: { sms: 'SMS', email: 'e-mail', print: 'letter', intranet: 'intranet', screen: 'screen' },
  events: {
    accepted: 'Message taken over',
    sent: 'Message sent',
    delivered: 'Message delivered',
    failed: 'Message not delivered',
    bounced: 'E-mail bounced',
    deferred: 'Delivery deferred',
    open: 'Message opened',
    click: 'Link followed',
    scan: 'Code scanned',
    reply: 'Reply received',
    auto_reply: 'Automatic reply',
    stop: 'STOP received',
    unsubscribe: 'Unsubscribed',
    complaint: 'Reported as spam',
    acknowledge: 'Acknowledged',
    register: 'Registered',
    read: 'Read',
    shown: 'Shown on screen',
    returned: 'Letter returned',
    printed: 'Letter printed',
    posted: 'Letter posted',
  },
}

export const words: Record<Language, Words> = { fr, en }

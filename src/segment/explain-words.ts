import type { ConsentState } from '../network/consent.ts'
import type { ChannelName, EngagementState, EventType, Language, Profile } from '../words.ts'
import { durationMs } from './duration.ts'
import type { CampaignState, PointOwner } from './rule.ts'

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
  area: string
  language: string
  site(attribute: string): string
  contact(attribute: string): string
  engagement: string
  engagementOn(channel: string): string
  segment(name: string): string
  /** What is found, where a rule is explained for one contact; nothing where it is only read. */
  is(subject: string, wanted: string, actual?: string): string
  contains(subject: string, part: string, actual?: string): string
  above(subject: string, bound: number, actual?: string): string
  below(subject: string, bound: number, actual?: string): string
  after(subject: string, day: string, actual?: string): string
  before(subject: string, day: string, actual?: string): string
  exists(subject: string, wanted: boolean, actual?: string): string
  reachable(channel: string): string
  consent(channel: string): string
  consents: Record<ConsentState, string>
  lastActivity(within: string, actual?: string): string
  /** Whose points of which challenge. */
  standing: Record<PointOwner, (campaign: string) => string>
  points(count: number, tier?: string): string
  notIn: string
  inTier(subject: string, wanted: string, actual?: string): string
  reaches(subject: string, tier: string, actual?: string): string
  pointsWithin(subject: string, bounds: { min?: number; max?: number }, actual?: string): string
  atSite: {
    any(found?: number): string
    all(): string
    none(found?: number): string
    count(bounds: { min?: number; max?: number }, found?: number): string
  }
  times(min: number, max: number | undefined): string
  duration(iso: string): string
  event(what: string, times: string, details: { where: string; within?: string; found?: number }): string
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

type Found = string | number | undefined
const here = {
  fr: (found: Found) => (found === undefined ? '' : ` (ici : ${found})`),
  en: (found: Found) => (found === undefined ? '' : ` (here: ${found})`),
}

function boundsFr(min = 0, max?: number): string {
  if (max === undefined) return `au moins ${min} personnes`
  if (min === max) return `exactement ${min} personnes`
  return min === 0 ? `au plus ${max} personnes` : `de ${min} à ${max} personnes`
}

function boundsEn(min = 0, max?: number): string {
  if (max === undefined) return `at least ${min} people`
  if (min === max) return `exactly ${min} people`
  return min === 0 ? `at most ${max} people` : `${min} to ${max} people`
}

const fr: Words = {
  not: 'Aucune de ces conditions :',
  all: 'Toutes ces conditions :',
  any: 'Au moins une de ces conditions :',
  nothing: 'rien',
  profile: 'Profil',
  typology: 'Typologie du site',
  tier: 'Niveau du site',
  region: 'Région du site',
  area: 'Secteur du site',
  language: 'Langue',
  site: (attribute) => `Site, « ${attribute} »`,
  contact: (attribute) => `Contact, « ${attribute} »`,
  engagement: 'Engagement',
  engagementOn: (channel) => `Engagement ${channel}`,
  segment: (name) => `Appartient au segment « ${name} »`,
  is: (subject, wanted, actual) => `${subject} : ${wanted}${here.fr(actual)}`,
  contains: (subject, part, actual) => `${subject} contient « ${part} »${here.fr(actual)}`,
  above: (subject, bound, actual) => `${subject} supérieur à ${bound}${here.fr(actual)}`,
  below: (subject, bound, actual) => `${subject} inférieur à ${bound}${here.fr(actual)}`,
  after: (subject, day, actual) => `${subject} après le ${day}${here.fr(actual)}`,
  before: (subject, day, actual) => `${subject} avant le ${day}${here.fr(actual)}`,
  exists: (subject, wanted, actual) => `${subject} ${wanted ? 'renseigné' : 'non renseigné'}${here.fr(actual)}`,
  reachable: (channel) => `Joignable par ${channel}`,
  consent: (channel) => `Consentement ${channel}`,
  consents: { granted: 'donné', denied: 'refusé ou retiré', unstated: 'non exprimé' },
  lastActivity: (within, actual) => `Actif ${within}${here.fr(actual)}`,
  standing: {
    person: (campaign) => `Challenge « ${campaign} »`,
    outlet: (campaign) => `Challenge « ${campaign} », son point de vente`,
  },
  points: (count, tier) => `${count} ${count > 1 ? 'points' : 'point'}${tier ? `, palier ${tier}` : ''}`,
  notIn: 'ne participe pas',
  inTier: (subject, wanted, actual) => `${subject} : au palier ${wanted}${here.fr(actual)}`,
  reaches: (subject, tier, actual) => `${subject} : palier ${tier} atteint ou dépassé${here.fr(actual)}`,
  pointsWithin: (subject, { min, max }, actual) =>
    `${subject} : ${max === undefined ? `au moins ${min}` : min === undefined ? `au plus ${max}` : `de ${min} à ${max}`} points${here.fr(actual)}`,
  atSite: {
    any: (found) => `Sur son site, au moins une personne :${here.fr(found)}`,
    all: () => 'Sur son site, tout le monde :',
    none: (found) => `Sur son site, personne :${here.fr(found)}`,
    count: ({ min, max }, found) => `Sur son site, ${boundsFr(min, max)} :${here.fr(found)}`,
  },
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
    `${[what, times, where && `pour ${where}`, within].filter(Boolean).join(', ')}${here.fr(found === undefined ? undefined : `${found} fois`)}`,
  states: {
    registered: 'S’est inscrit dans cette campagne',
    opened: 'A ouvert un message de cette campagne',
    acted: 'A réagi à un message de cette campagne',
    acknowledged: 'A accusé réception dans cette campagne',
    started: 'Inscrit, puis actif dans cette campagne',
    'never-started': 'Inscrit au challenge, n’a pas commencé',
    stalled: 'Inscrit au challenge, arrêté depuis deux semaines',
    slowing: 'Inscrit au challenge, ralentit',
    active: 'Inscrit au challenge, en course',
    left: 'A quitté le challenge',
    winner: 'A gagné le challenge',
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
    reported: 'Événement annoncé par un programme',
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
  area: 'Area of the site',
  language: 'Language',
  site: (attribute) => `Site, “${attribute}”`,
  contact: (attribute) => `Contact, “${attribute}”`,
  engagement: 'Engagement',
  engagementOn: (channel) => `Engagement by ${channel}`,
  segment: (name) => `Belongs to the segment “${name}”`,
  is: (subject, wanted, actual) => `${subject}: ${wanted}${here.en(actual)}`,
  contains: (subject, part, actual) => `${subject} contains “${part}”${here.en(actual)}`,
  above: (subject, bound, actual) => `${subject} above ${bound}${here.en(actual)}`,
  below: (subject, bound, actual) => `${subject} below ${bound}${here.en(actual)}`,
  after: (subject, day, actual) => `${subject} after ${day}${here.en(actual)}`,
  before: (subject, day, actual) => `${subject} before ${day}${here.en(actual)}`,
  exists: (subject, wanted, actual) => `${subject} ${wanted ? 'filled in' : 'not filled in'}${here.en(actual)}`,
  reachable: (channel) => `Reachable by ${channel}`,
  consent: (channel) => `Consent to ${channel}`,
  consents: { granted: 'given', denied: 'refused or withdrawn', unstated: 'not stated' },
  lastActivity: (within, actual) => `Active ${within}${here.en(actual)}`,
  standing: {
    person: (campaign) => `Challenge “${campaign}”`,
    outlet: (campaign) => `Challenge “${campaign}”, their outlet`,
  },
  points: (count, tier) => `${count} ${count === 1 ? 'point' : 'points'}${tier ? `, tier ${tier}` : ''}`,
  notIn: 'does not take part',
  inTier: (subject, wanted, actual) => `${subject}: in tier ${wanted}${here.en(actual)}`,
  reaches: (subject, tier, actual) => `${subject}: tier ${tier} reached or passed${here.en(actual)}`,
  pointsWithin: (subject, { min, max }, actual) =>
    `${subject}: ${max === undefined ? `at least ${min}` : min === undefined ? `at most ${max}` : `${min} to ${max}`} points${here.en(actual)}`,
  atSite: {
    any: (found) => `At their site, at least one person:${here.en(found)}`,
    all: () => 'At their site, everybody:',
    none: (found) => `At their site, nobody:${here.en(found)}`,
    count: ({ min, max }, found) => `At their site, ${boundsEn(min, max)}:${here.en(found)}`,
  },
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
    `${[what, times, where && `for ${where}`, within].filter(Boolean).join(', ')}${here.en(found)}`,
  states: {
    registered: 'Registered in this campaign',
    opened: 'Opened a message of this campaign',
    acted: 'Acted on a message of this campaign',
    acknowledged: 'Acknowledged in this campaign',
    started: 'Registered, then active in this campaign',
    'never-started': 'Registered for the challenge, has not begun',
    stalled: 'Registered for the challenge, nothing for two weeks',
    slowing: 'Registered for the challenge, slowing down',
    active: 'Registered for the challenge, in the running',
    left: 'Has left the challenge',
    winner: 'Has won the challenge',
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
    reported: 'Event told by a program',
  },
}

export const words: Record<Language, Words> = { fr, en }

import type { Language } from '../../words.ts'
import type { RegistrationRefusal } from '../register.ts'
import type { ResultRefusal } from '../result.ts'

/** What somebody is answered who texted about a challenge; short, in GSM 7-bit letters (ETSI TS 123 038). */
export type Answer =
  | { code: 'registered' | 'already' | 'left' | 'not_in' }
  | { code: 'counted'; quantity: number; points: number; total: number }
  | { code: 'waiting'; quantity: number }
  | { code: 'double'; quantity: number }
  | { code: 'refused'; why: RegistrationRefusal | ResultRefusal; until?: string }

const fr: Record<RegistrationRefusal | ResultRefusal, string> = {
  not_open_yet: 'les inscriptions ne sont pas encore ouvertes.',
  closed: 'c’est clos, rien ne peut plus etre pris.',
  canceled: 'le challenge a ete annule.',
  way_closed: 'cela ne se fait pas par SMS. Utilisez le lien recu.',
  unknown: 'nous ne vous trouvons pas parmi les participants possibles.',
  no_role: 'ce challenge n’est pas ouvert a votre fonction.',
  no_companies: 'les agences ne s’inscrivent pas a ce challenge.',
  company_first: 'votre agence doit s’inscrire d’abord.',
  not_agreed: 'acceptez d’abord le reglement par le lien recu.',
  not_started: 'le challenge n’a pas encore commence.',
  not_registered: 'inscrivez-vous d’abord, puis renvoyez votre resultat.',
  unknown_criterion: 'ce resultat ne compte pas pour votre role.',
  bad_quantity: 'ce nombre ne peut pas etre pris. Exemple : VENTE 3',
  bad_day: 'cette date n’existe pas.',
  outside_period: 'cette date est hors du challenge.',
  in_future: 'cette date est dans l’avenir.',
}
const en: typeof fr = {
  not_open_yet: 'registration is not open yet.',
  closed: 'it is closed, nothing more can be taken.',
  canceled: 'the challenge was canceled.',
  way_closed: 'this cannot be done by text. Use the link you were sent.',
  unknown: 'we do not find you among those who may take part.',
  no_role: 'this challenge is not open to your function.',
  no_companies: 'outlets do not register in this challenge.',
  company_first: 'your outlet has to register first.',
  not_agreed: 'accept the rules first, by the link you were sent.',
  not_started: 'the challenge has not begun yet.',
  not_registered: 'register first, then send your result again.',
  unknown_criterion: 'this result does not count for your role.',
  bad_quantity: 'this number cannot be taken. Example: VENTE 3',
  bad_day: 'this date does not exist.',
  outside_period: 'this date is outside the challenge.',
  in_future: 'this date is in the future.',
}

/** Longest answer, so that with the title it stays one part. */
const longestTitle = 40

export function answerText(answer: Answer, title: string, language: Language): string {
  const head = plain(title).slice(0, longestTitle)
  return plain(
    `${head} : ${language === 'fr' ? inFrench(answer) : inEnglish(answer)}`.replace(
      ' : ',
      language === 'fr' ? ' : ' : ': ',
    ),
  )
}

/** Letters that keep a text to one part: typographic signs as typed ones, capitals and rare letters without accents. */
const plain = (text: string): string =>
  text
    .replace(/[’‘]/g, "'")
    .replace(/[“”«»]/g, '"')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/[ÂÊÎÔÛÀÈÌÒÙÇËÏâêîôûçëï]/g, (letter) => letter.normalize('NFD').replace(/\p{M}/gu, ''))

function inFrench(answer: Answer): string {
  switch (answer.code) {
    case 'registered':
      return 'vous etes inscrit. Bon challenge !'
    case 'already':
      return 'vous etes deja inscrit.'
    case 'left':
      return 'vous ne participez plus. Nous ne vous ecrirons plus a ce sujet.'
    case 'not_in':
      return 'vous n’etiez pas inscrit.'
    case 'counted':
      return `${answer.quantity} pris en compte, + ${answer.points} points. Total : ${answer.total}.`
    case 'waiting':
      return `${answer.quantity} bien recu. Il sera compte apres verification.`
    case 'double':
      return `${answer.quantity} bien recu. Il ressemble a un resultat deja declare : nous verifions.`
    case 'refused':
      return fr[answer.why]
  }
}

function inEnglish(answer: Answer): string {
  switch (answer.code) {
    case 'registered':
      return 'you are in. Good luck!'
    case 'already':
      return 'you are in already.'
    case 'left':
      return 'you are out. We shall not write to you about it any more.'
    case 'not_in':
      return 'you were not in it.'
    case 'counted':
      return `${answer.quantity} counted, +${answer.points} points. Total: ${answer.total}.`
    case 'waiting':
      return `${answer.quantity} received. It will count once checked.`
    case 'double':
      return `${answer.quantity} received. It looks like a result told before: we are checking.`
    case 'refused':
      return en[answer.why]
  }
}

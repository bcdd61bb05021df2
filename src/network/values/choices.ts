import type { ChannelName, Language } from '../../words.ts'
import { fold } from '../folding.ts'

const channels: Record<string, ChannelName> = {
  sms: 'sms',
  texto: 'sms',
  mobile: 'sms',
  portable: 'sms',
  'text message': 'sms',
  email: 'email',
  'e mail': 'email',
  mail: 'email',
  mel: 'email',
  courriel: 'email',
  messagerie: 'email',
  courrier: 'print',
  'courrier postal': 'print',
  lettre: 'print',
  papier: 'print',
  poste: 'print',
  postal: 'print',
  post: 'print',
  letter: 'print',
  print: 'print',
  intranet: 'intranet',
  extranet: 'intranet',
  portail: 'intranet',
  portal: 'intranet',
  ecran: 'screen',
  screen: 'screen',
  affichage: 'screen',
}

/** A preferred channel by its French or English name. */
export const readChannel = (cell: string): ChannelName | undefined => channels[fold(cell)]

const spoken: Record<string, Language> = {
  fr: 'fr',
  fra: 'fr',
  fre: 'fr',
  'fr fr': 'fr',
  'fr be': 'fr',
  'fr ch': 'fr',
  francais: 'fr',
  francaise: 'fr',
  french: 'fr',
  en: 'en',
  eng: 'en',
  'en gb': 'en',
  'en us': 'en',
  anglais: 'en',
  anglaise: 'en',
  english: 'en',
}

/** A language by code or name; undefined for one that Relais does not speak. */
export const readLanguage = (cell: string): Language | undefined => spoken[fold(cell)]

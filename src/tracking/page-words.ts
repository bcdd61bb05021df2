import { spaced } from '../web/words/spaced.ts'
import type { ChannelName, Language, PreferredHours } from '../words.ts'

/** The channels a person may leave by themselves; the intranet and the screens belong to the site. */
export const leavable = ['email', 'sms', 'print'] as const satisfies readonly ChannelName[]
export type Leavable = (typeof leavable)[number]

/** What somebody leaves: one topic of a network, or all its commercial messages to one address. */
export interface Leaving {
  network: string
  topic: string
  channel: ChannelName
}

/** The words of the public pages. Those of `tracking` are what a choice answers: their hash is kept with it. */
interface PageWords {
  other: string
  unsubscribe: {
    title: string
    ask(from: Leaving): string
    act: string
    done(from: Leaving): string
    doneMore: string
    /** Leads to the page where more can be left, or less. */
    more: string
  }
  acknowledge: { title: string; ask: string; act: string; done: string }
  /** Of who was asked, after years without a word, whether they wish to stay. */
  stay: { title: string; ask: string; act: string; done: string; more: string; gone: string }
  prefs: {
    title: string
    intro: string
    topics: string
    topicsNote: string
    hours: string
    hoursNote: string
    anyHour: string
    partsOfDay: Record<PreferredHours, string>
    language: string
    stopTitle: string
    stopText: string
    stopShared: string
    stop: string
    stopped: string
    heading: string
    channels: string
    save: string
    saved: string
    left: string
    stays: string
  }
  tracking: { title: string; opens: string; clicks: string; yes: string; no: string; shared: string }
  learning: { title: string; text: string; note: string; yes: string; no: string }
  channels: Record<Leavable, string>
  notFound: { title: string; text: string }
  expired: { title: string; text: string }
  tooMany: { title: string; text: string }
  tooLarge: { title: string; text: string }
}

const fr: PageWords = {
  other: 'English',
  unsubscribe: {
    title: 'Se désinscrire',
    ask: ({ network, topic, channel }) =>
      topic
        ? `Ne plus recevoir les messages « ${topic} » de ${network} ?`
        : `Ne plus recevoir les communications de ${network} ${channel === 'sms' ? 'à ce numéro' : 'à cette adresse'} ?`,
    act: 'Me désinscrire',
    done: ({ topic, channel }) =>
      topic
        ? `C’est fait : vous ne recevrez plus les messages « ${topic} ».`
        : `C’est fait : vous ne recevrez plus de communication ${channel === 'sms' ? 'à ce numéro' : 'à cette adresse'}.`,
    doneMore: 'Les messages de service indispensables (sécurité, contrat) peuvent encore vous parvenir.',
    more: 'Gérer mes préférences',
  },
  acknowledge: {
    title: 'Accuser réception',
    ask: 'Confirmez que vous avez lu ce message.',
    act: 'J’ai lu et compris',
    done: 'Merci, votre accusé de réception est enregistré.',
  },
  stay: {
    title: 'Rester en contact',
    ask: 'Souhaitez-vous que nous gardions vos coordonnées ? Sans réponse, elles seront effacées.',
    act: 'Je souhaite rester',
    done: 'Merci : nous gardons vos coordonnées. Vous pouvez changer d’avis à tout moment.',
    more: 'Gérer mes préférences',
    gone: 'Vos coordonnées ont été effacées, faute de réponse à temps. Pour reprendre contact, écrivez-nous.',
  },
  prefs: {
    title: 'Mes préférences',
    intro: 'Vos choix s’appliquent aussitôt, y compris aux messages déjà envoyés.',
    topics: 'Sujets',
    topicsNote: 'Cochez ce que vous voulez continuer à recevoir.',
    hours: 'Heures préférées',
    hoursNote: 'Hors urgence, et toujours dans les heures que la loi permet.',
    anyHour: 'Peu importe',
    partsOfDay: {
      morning: 'Matin (8 h–12 h)',
      midday: 'Midi (11 h 30–14 h)',
      afternoon: 'Après-midi (14 h–18 h)',
      evening: 'Soir (18 h–20 h)',
    },
    language: 'Langue des messages',
    stopTitle: 'Tout arrêter',
    stopText: 'Ne plus recevoir aucune communication commerciale, par aucun canal.',
    stopShared: 'Ne plus envoyer aucune communication commerciale à cette adresse.',
    stop: 'Tout arrêter',
    stopped: 'Vous avez tout arrêté : plus aucune communication commerciale ne vous est adressée.',
    heading: 'Canaux',
    channels: 'Ne plus recevoir de communication commerciale par :',
    save: 'Enregistrer',
    saved: 'Vos choix sont enregistrés.',
    left: 'déjà arrêté',
    stays: 'Les messages urgents (sécurité, rappel de produit) et ceux de votre contrat peuvent encore vous parvenir.',
  },
  tracking: {
    title: 'Mesure de lecture',
    opens: 'Mesurer si j’ouvre les e-mails, pour mieux choisir le moment et le canal des prochains',
    clicks: 'Mesurer quels liens je suis, pour mieux choisir le moment et le canal des prochains messages',
    yes: 'J’accepte',
    no: 'Je refuse',
    shared: 'Cette adresse est partagée par plusieurs personnes : seul un refus peut être enregistré ici.',
  },
  learning: {
    title: 'Choix du canal',
    text: 'Tenir compte de mes réponses pour choisir par quel canal m’écrire',
    note: 'Si vous refusez, le canal habituel de votre métier est utilisé, et vos réponses n’y changent plus rien.',
    yes: 'D’accord',
    no: 'Je m’y oppose',
  },
  channels: { email: 'E-mail', sms: 'SMS', print: 'Courrier postal' },
  notFound: { title: 'Lien inconnu', text: 'Ce lien n’existe pas ou a été mal recopié. Vérifiez l’adresse.' },
  expired: { title: 'Lien expiré', text: 'Ce lien n’est plus valable.' },
  tooMany: { title: 'Trop d’essais', text: 'Attendez une minute avant d’essayer de nouveau.' },
  tooLarge: { title: 'Envoi trop volumineux', text: 'Rien n’a été enregistré. Revenez à la page et réessayez.' },
}

const en: PageWords = {
  other: 'Français',
  unsubscribe: {
    title: 'Unsubscribe',
    ask: ({ network, topic, channel }) =>
      topic
        ? `Stop receiving “${topic}” messages from ${network}?`
        : `Stop receiving messages from ${network} at this ${channel === 'sms' ? 'number' : 'address'}?`,
    act: 'Unsubscribe me',
    done: ({ topic, channel }) =>
      topic
        ? `Done: you will receive no more “${topic}” messages.`
        : `Done: you will receive no more messages at this ${channel === 'sms' ? 'number' : 'address'}.`,
    doneMore: 'Essential service messages (safety, contract) may still reach you.',
    more: 'Manage my preferences',
  },
  acknowledge: {
    title: 'Acknowledge',
    ask: 'Confirm that you have read this message.',
    act: 'I have read and understood',
    done: 'Thank you, your acknowledgement is recorded.',
  },
  stay: {
    title: 'Stay in touch',
    ask: 'Do you wish us to keep your details? Without an answer they will be erased.',
    act: 'I wish to stay',
    done: 'Thank you: we keep your details. You may change your mind at any time.',
    more: 'Manage my preferences',
    gone: 'Your details were erased, as no answer came in time. To be in touch again, write to us.',
  },
  prefs: {
    title: 'My preferences',
    intro: 'Your choices apply at once, to messages already sent as well.',
    topics: 'Topics',
    topicsNote: 'Tick what you want to go on receiving.',
    hours: 'Preferred hours',
    hoursNote: 'Emergencies apart, and always within the hours the law allows.',
    anyHour: 'Any time',
    partsOfDay: {
      morning: 'Morning (8–12)',
      midday: 'Midday (11:30–14)',
      afternoon: 'Afternoon (14–18)',
      evening: 'Evening (18–20)',
    },
    language: 'Language of messages',
    stopTitle: 'Stop everything',
    stopText: 'Receive no marketing message any more, on any channel.',
    stopShared: 'Send no marketing message to this address any more.',
    stop: 'Stop everything',
    stopped: 'You have stopped everything: no marketing message is sent to you any more.',
    heading: 'Channels',
    channels: 'Stop marketing messages by:',
    save: 'Save',
    saved: 'Your choices are saved.',
    left: 'already stopped',
    stays: 'Urgent messages (safety, product recall) and those of your contract may still reach you.',
  },
  tracking: {
    title: 'Reading measurement',
    opens: 'Measure whether I open e-mails, to choose the time and channel of the next ones better',
    clicks: 'Measure which links I follow, to choose the time and channel of the next messages better',
    yes: 'I agree',
    no: 'I refuse',
    shared: 'This address is shared by several people: only a refusal can be recorded here.',
  },
  learning: {
    title: 'Choice of channel',
    text: 'Take my answers into account to choose the channel by which to write to me',
    note: 'If you object, the usual channel of your trade is used, and your answers no longer change it.',
    yes: 'All right',
    no: 'I object',
  },
  channels: { email: 'E-mail', sms: 'SMS', print: 'Post' },
  notFound: { title: 'Unknown link', text: 'This link does not exist or was copied wrongly. Check the address.' },
  expired: { title: 'Expired link', text: 'This link is no longer valid.' },
  tooMany: { title: 'Too many attempts', text: 'Wait a minute before you try again.' },
  tooLarge: { title: 'Too large', text: 'Nothing was saved. Go back to the page and try again.' },
}

export const pageWords: Record<Language, PageWords> = { fr: spaced(fr), en }

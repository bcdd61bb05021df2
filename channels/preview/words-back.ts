import type { Content, Language, Outgoing } from '../../src/channel.ts'
import { draw } from './draw.ts'

/** What partners write back of themselves: somebody has to read it, and to answer. */
const words: Record<Language, readonly string[]> = {
  fr: [
    'Bonjour, est-ce que l’offre vaut aussi pour les commandes passées au comptoir ?',
    'Je n’arrive pas à m’inscrire, le lien me renvoie à l’accueil. Pouvez-vous m’aider ?',
    'Merci. Peut-on inscrire un collègue qui vient d’arriver ?',
    'Jusqu’à quand peut-on participer ?',
    'Nous n’avons pas reçu l’affiche du mois dernier, est-ce normal ?',
    'Qui puis-je appeler au sujet de la livraison de jeudi ?',
    'Bien noté, merci. Bonne journée !',
    'Ce numéro est celui de l’atelier, écrivez plutôt à mon mobile svp.',
  ],
  en: [
    'Hello, does the offer also hold for orders placed at the counter?',
    'I cannot register, the link leads me back to the front page. Could you help?',
    'Thanks. May I register a colleague who has just started?',
    'Until when can we take part?',
    'We never got last month’s poster, is that expected?',
    'Whom can I call about Thursday’s delivery?',
    'Noted, thank you. Have a good day!',
    'This is the workshop’s number, please write to my mobile instead.',
  ],
}

/** The same hand-over is always answered in the same words. */
export function wordsOf({ seed, language, content }: Outgoing): string {
  const some = words[language]
  return some[Math.floor(draw(seed, content.channel, 'words') * some.length)] as string
}

export const subjectOf = (content: Content): string => (content.channel === 'email' ? `Re: ${content.subject}` : '')

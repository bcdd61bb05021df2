/** Answers that ask for nothing but to be left alone; each must be the whole of what somebody wrote. */
const whole =
  /^(stop|stop (mail|mails|email|emails|pub|publicite)|arret|arretez|unsubscribe( me)?|remove( me)?|opt ?out|desabo|desabonner|desabonnement|se desabonner|me desabonner|desabonnez( |-)moi|desinscrire|desinscription|me desinscrire|desinscrivez( |-)moi|retirez( |-)moi( de (la|votre|vos) listes?)?)$/
const inside =
  /\b(stop|unsubscribe|opt out|desabonn\w*|desabo|desinscri\w*|retirez moi|remove me|ne plus recevoir|stop sending)\b/
/** What people put around it. */
const politeness =
  /\b(bonjour|bonsoir|hello|hi|madame|monsieur|merci( (beaucoup|d avance|de))?|svp|s il vous plait|please|cordialement|bien a vous|thanks|thank you|regards|best regards|je (souhaite|veux|voudrais)|i (want|would like) to|veuillez|merci de)\b/g

const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

const bare = (text: string): string => folded(folded(text).replace(politeness, ' '))

/**
 * Whether a mail asks to be written to no more and says nothing else: in its words, or in a subject without words
 * below it.
 */
export const asksToLeave = (subject: string, words: string): boolean =>
  words.length < 400 && (bare(words) === '' ? whole.test(bare(subject)) : whole.test(bare(words)))

/** Such a word stands among others: a person should read it. */
export const nearlyAsksToLeave = (words: string): boolean => inside.test(folded(words))

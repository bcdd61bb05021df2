import { fold } from './folding.ts'

export interface Mailbox {
  /** Lower-cased. */
  mailbox: string
  /** What was put right, when something was. */
  mended?: string
  /** The same as codes, for saying it in the reader's language. */
  mends?: readonly MailboxMend[]
  /** Read by a team by its name alone; the caller also compares with the site's own mailbox. */
  isShared: boolean
}
export interface MailboxProblem {
  problem: 'no_mailbox' | 'incomplete'
  /** What exactly, for saying it in the reader's language. */
  detail: 'no_mailbox' | 'no_at' | 'no_local_part' | 'no_domain_ending' | 'not_a_mailbox'
  /** The domain that lacks its ending. */
  domain?: string
  message: string
}
export type MailboxMend = 'at' | 'trailing' | 'leading' | 'spaces' | 'comma'

/** Local parts of mailboxes that nobody in particular reads (RFC 2142 §4–5, and French habit). */
const sharedLocalParts = new Set(
  (
    'contact contacts info infos information informations accueil agence agences bonjour hello bureau direction ' +
    'commande commandes commercial compta comptabilite facturation factures secretariat administration admin ' +
    'magasin boutique comptoir depot atelier reception reservation reservations sav service services support ' +
    'ventes vente achats rh recrutement office sales billing marketing webmaster postmaster noreply no-reply mail ' +
    'email courrier standard siege equipe team'
  ).split(' '),
)

const addressForm =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/

const noneWords = /^(?:pas|aucun|aucune|sans|neant|non|rien|no|none|nc|na|n a|inconnu|x)(?: |$)/

/** True for `contact@`, `info@`, `agence-lyon@` …: never the mailbox of one person. */
export function isSharedByName(mailbox: string): boolean {
  const local = mailbox.slice(0, mailbox.indexOf('@'))
  if (sharedLocalParts.has(local)) return true
  const [first] = local.split(/[-._+\d]/)
  return first !== undefined && ['contact', 'info', 'infos', 'accueil', 'agence'].includes(first)
}

const mends: [code: MailboxMend, name: string, mend: (text: string) => string][] = [
  ['at', '" at " was read as @', (text) => text.replace(/\s*(?:\s|\(|\[)(?:at|arobase|chez)(?:\s|\)|\])\s*/i, '@')],
  ['trailing', 'a trailing comma was dropped', (text) => text.replace(/[,;.:>]+$/, '')],
  ['leading', 'a leading mark was dropped', (text) => text.replace(/^(?:mailto:|[<'"(]+)/i, '')],
  ['spaces', 'spaces were dropped', (text) => text.replace(/\s+/g, '')],
  ['comma', 'a comma was read as a dot', (text) => text.replace(/,(?=[a-z]{2,}$)/i, '.')],
]

/**
 * Reads a mailbox (the part of RFC 5321 §4.1.2 that real providers accept, a domain with a top level). Slips that
 * leave no doubt are mended, and it says so; anything else is a problem with its remedy.
 */
export function readMailbox(cell: string): Mailbox | MailboxProblem {
  let text = cell.trim().toLowerCase()
  const wellFormed = (candidate: string) =>
    candidate.length <= 254 && candidate.indexOf('@') <= 64 && addressForm.test(candidate)
  if (wellFormed(text)) return { mailbox: text, isShared: isSharedByName(text) }
  const done: string[] = []
  const codes: MailboxMend[] = []
  for (const [code, name, mend] of mends) {
    const mended = mend(text)
    if (mended === text) continue
    text = mended
    done.push(name)
    codes.push(code)
    if (wellFormed(text))
      return { mailbox: text, mended: done.join(' and '), mends: codes, isShared: isSharedByName(text) }
  }
  if (!cell.includes('@') && noneWords.test(fold(cell)))
    return {
      problem: 'no_mailbox',
      detail: 'no_mailbox',
      message: 'this says there is no mailbox: leave the cell empty instead',
    }
  const [local, domain] = cell.trim().split('@')
  if (domain === undefined) return { problem: 'incomplete', detail: 'no_at', message: 'an e-mail address needs an @' }
  if (!local) return { problem: 'incomplete', detail: 'no_local_part', message: 'the part before the @ is missing' }
  if (!domain.includes('.'))
    return {
      problem: 'incomplete',
      detail: 'no_domain_ending',
      domain,
      message: `the domain "${domain}" lacks its ending, such as .fr or .com`,
    }
  return {
    problem: 'incomplete',
    detail: 'not_a_mailbox',
    message: 'this is not an e-mail address, such as prenom.nom@example.com',
  }
}

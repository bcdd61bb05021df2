import { hash } from 'node:crypto'
import { fold } from '../folding.ts'
import { ImportProblem } from './problem.ts'
import { reasonHeader } from './rejects.ts'

/** What a column can be; unknown columns become attributes, named after their header. */
export const targets = [
  'site.code',
  'site.name',
  'site.typology',
  'site.tier',
  'site.addressLine1',
  'site.addressLine2',
  'site.postcode',
  'site.city',
  'site.country',
  'site.mailbox',
  'site.openingHours',
  'site.area',
  'contact.externalId',
  'contact.salutation',
  'contact.firstName',
  'contact.lastName',
  'contact.function',
  'contact.profile',
  'contact.email',
  'contact.mobile',
  'contact.phone',
  'contact.language',
  'contact.preferredChannel',
  'contact.isCorrespondent',
  'contact.hasContract',
  'contact.lastActivityOn',
  'consent.email',
  'consent.sms',
  'consent.print',
  'tracking.opens',
  'tracking.clicks',
  'ignore',
] as const
export type NamedTarget = (typeof targets)[number]
export type Target = NamedTarget | `site.attributes.${string}` | `contact.attributes.${string}`

export interface Column {
  index: number
  header: string
  target: Target
}

const words = (list: string) => list.split('|').map((word) => word.trim())

/** Headers as people name them, folded (no case, accent or punctuation). */
const synonyms: [target: NamedTarget, headers: string[]][] = [
  [
    'site.code',
    words(
      'code site|code agence|code client|code point de vente|code pdv|code magasin|code distributeur|code etablissement|code adherent|n client|no client|numero client|numero site|n site|id site|site id|identifiant site|ref site|reference site|ref client|site code|site|agence|store id|store code|account|account id|account number|account code|customer number|customer id|dealer id|dealer code|outlet|outlet code|branch code|gln',
    ),
  ],
  [
    'site.name',
    words(
      'raison sociale|societe|nom societe|nom de la societe|entreprise|nom entreprise|enseigne|nom du site|nom site|nom agence|nom magasin|nom du point de vente|etablissement|company|company name|business name|site name|store name|outlet name|branch name|organisation|organization',
    ),
  ],
  ['site.typology', words('typologie|type|type de site|type de client|categorie|typology|site type|category')],
  [
    'site.tier',
    words('niveau|statut partenaire|palier|label|segment commercial|tier|level|partner level|partner tier|status'),
  ],
  [
    'site.addressLine1',
    words(
      'adresse 1|adresse|adresse1|adresse ligne 1|rue|voie|n et voie|address 1|address|address1|address line 1|street|street address',
    ),
  ],
  [
    'site.addressLine2',
    words(
      'adresse 2|adresse2|complement|complement d adresse|complement adresse|adresse ligne 2|address 2|address2|address line 2',
    ),
  ],
  ['site.postcode', words('code postal|cp|postal code|postcode|post code|zip|zip code|zipcode')],
  ['site.city', words('ville|commune|localite|city|town')],
  ['site.country', words('pays|country|code pays|country code')],
  [
    'site.mailbox',
    words(
      'email site|email du site|email agence|email societe|email generique|mail site|mail agence|boite generique|courriel site|site email|company email|generic email|shared mailbox|store email',
    ),
  ],
  [
    'site.area',
    words(
      'secteur|region|zone|secteur commercial|region commerciale|zone commerciale|zone geographique|territoire|direction regionale|area|sales area|territory|sales region|sales territory',
    ),
  ],
  ['site.openingHours', words('horaires|horaires d ouverture|heures d ouverture|opening hours|hours|business hours')],
  [
    'contact.externalId',
    words(
      'id contact|contact id|identifiant contact|identifiant|code contact|matricule|external id|id externe|numero contact|n contact|person id|employee id|id',
    ),
  ],
  ['contact.salutation', words('civilite|titre|salutation|title|mr mrs|gender title')],
  ['contact.firstName', words('prenom|prenom contact|prenom du contact|first name|firstname|given name|forename')],
  [
    'contact.lastName',
    words(
      'nom|nom contact|nom du contact|nom de famille|last name|lastname|surname|family name|name|nom complet|nom prenom|nom et prenom|full name|contact',
    ),
  ],
  ['contact.function', words('fonction|poste|metier|role|intitule de poste|function|job|job title|position')],
  ['contact.profile', words('profil|profil metier|profile|persona')],
  [
    'contact.email',
    words(
      'email|mail|courriel|adresse email|adresse mail|email contact|email du contact|email professionnel|mail pro|email pro|adresse electronique|email address|work email|mailbox',
    ),
  ],
  [
    'contact.mobile',
    words(
      'mobile|portable|tel portable|tel mobile|telephone portable|telephone mobile|n mobile|numero mobile|n de mobile|gsm|tel gsm|numero de portable|mobile phone|mobile number|cell|cell phone',
    ),
  ],
  [
    'contact.phone',
    words(
      'telephone|tel|tel fixe|telephone fixe|fixe|ligne directe|numero de telephone|n de telephone|telephone 1|phone|phone number|telephone number|landline|direct line',
    ),
  ],
  ['contact.language', words('langue|langue preferee|language|preferred language|lang')],
  [
    'contact.preferredChannel',
    words(
      'canal prefere|canal|canal de preference|preference de contact|moyen de contact|preferred channel|channel|contact preference',
    ),
  ],
  ['contact.isCorrespondent', words('correspondant|relais|est correspondant|correspondent|is correspondent')],
  [
    'contact.hasContract',
    words('contrat|sous contrat|contrat en cours|contract|under contract|has contract|contracted'),
  ],
  [
    'contact.lastActivityOn',
    words(
      'derniere activite|date derniere activite|dernier contact|derniere connexion|derniere commande|last activity|last activity date|last seen|last login|last order',
    ),
  ],
]

const agreement = words(
  'accord|accord pour|consentement|optin|opt in|ok|autorisation|consent|permission|agrees to|accepte',
)
const agreedTo: [target: NamedTarget, subjects: string[]][] = [
  ['consent.email', words('email|mail|emailing|newsletter|courriel')],
  ['consent.sms', words('sms|texto|mobile')],
  ['consent.print', words('courrier|postal|courrier postal|post|print')],
  [
    'tracking.opens',
    words(
      'suivi des ouvertures|suivi ouvertures|suivi|pixel|pixel de suivi|tracking|open tracking|mesure des ouvertures|opens',
    ),
  ],
  ['tracking.clicks', words('suivi des clics|suivi clics|click tracking|clicks')],
]

/** Facts of the outlet rather than of the person, by the first words of the header. */
const siteAttribute =
  /^(?:ca|chiffre d affaires|revenue|turnover|sales|siret|siren|effectif|surface|region|secteur|zone|departement|enseigne|headcount|area)(?: |$)/

function synonymTable(): Map<string, NamedTarget> {
  const table = new Map<string, NamedTarget>()
  for (const [target, headers] of synonyms) for (const header of headers) table.set(header, target)
  for (const [target, subjects] of agreedTo)
    for (const subject of subjects)
      for (const word of agreement) {
        table.set(`${word} ${subject}`, target)
        table.set(`${subject} ${word}`, target)
      }
  return table
}
const known = synonymTable()

/** "E-mail", "E mail" and "Email" are one word to whoever names columns. */
const foldHeader = (header: string): string =>
  fold(header)
    .replace(/\be mail\b/g, 'email')
    .replace(/\bopt in\b/g, 'optin')

const reserved = new Set(['__proto__', 'prototype', 'constructor', 'hasownproperty', 'tostring', 'valueof'])

/** The name under which an unknown column is kept on the contact or site: `CA N-1` becomes `ca_n_1`. */
export const attributeName = (header: string): string => fold(header).replaceAll(' ', '_')

/** A column for a sentence to name: its number and its header. */
const columnName = (index: number, header: string) => `${index + 1}|${header.trim()}`

/** The header by which a mapping knows a column; one without a header goes by its number. */
export const columnKey = ({ header, index }: Pick<Column, 'header' | 'index'>): string =>
  header.trim() || `column ${index + 1}`

/** Refuses headers under which cells would be lost or harm: the same twice, and names JavaScript keeps for itself. */
export function checkHeaders(headers: readonly string[]): void {
  const seen = new Map<string, number>()
  headers.forEach((header, index) => {
    if (reserved.has(header.trim().toLowerCase()))
      throw new ImportProblem('header_reserved', {
        column: columnName(index, header),
        instead: `${header.replaceAll('_', '').trim()} 1`,
      })
    const folded = foldHeader(header)
    if (folded === '') return
    const first = seen.get(folded)
    if (first !== undefined)
      throw new ImportProblem('header_twice', {
        first: columnName(first, headers[first]!),
        second: columnName(index, header),
      })
    seen.set(folded, index)
  })
}

const attributeTarget = /^(?:site|contact)\.attributes\.([a-z0-9_]{1,60})$/

/** True for a name that `--map` may give a column. */
export function isTarget(name: string): name is Target {
  if ((targets as readonly string[]).includes(name)) return true
  const attribute = attributeTarget.exec(name)?.[1]
  return attribute !== undefined && !reserved.has(attribute)
}

/** What each column most likely is, by its header alone. A meaning is given once; a second claim becomes an attribute. */
export function proposeColumns(headers: readonly string[]): Column[] {
  const given = new Set<string>()
  const columns = headers.map((header, index): Column => {
    const folded = foldHeader(header)
    if (header.trim() === reasonHeader) return { index, header, target: 'ignore' }
    const named = known.get(folded)
    if (named && !given.has(named)) {
      given.add(named)
      return { index, header, target: named }
    }
    const owner = siteAttribute.test(folded) ? 'site' : 'contact'
    return { index, header, target: `${owner}.attributes.${attributeName(header) || `column_${index + 1}`}` }
  })
  return withSiteFallback(columns)
}

/** Without a site code, a SIRET names the outlet as well. */
function withSiteFallback(columns: Column[]): Column[] {
  if (columns.some((column) => column.target === 'site.code')) return columns
  const siret = columns.find((column) => /^(?:n |no |numero )?siret$/.test(fold(column.header)))
  return columns.map((column) => (column === siret ? { ...column, target: 'site.code' } : column))
}

function closest(word: string, among: readonly string[]): string | undefined {
  const wanted = fold(word)
  return among.find((candidate) => fold(candidate).includes(wanted) || wanted.includes(fold(candidate)))
}

/**
 * The columns with a saved or given mapping laid over the proposal. Headers are matched without case and accents.
 * Throws ImportProblem for a header the file does not have and a meaning that does not exist.
 */
export function applyMapping(
  columns: readonly Column[],
  mapping: Readonly<Record<string, string>>,
  isGiven: boolean,
): Column[] {
  const result = columns.map((column) => ({ ...column }))
  const chosen = new Set<number>()
  for (const [header, target] of Object.entries(mapping)) {
    const column = result.find((candidate) => foldHeader(columnKey(candidate)) === foldHeader(header))
    if (!column) {
      if (!isGiven) continue
      const near = closest(
        header,
        columns.map((candidate) => candidate.header),
      )
      throw new ImportProblem('header_unknown', {
        header,
        near: near ?? '',
        headers: columns.map((candidate) => candidate.header).join(', '),
      })
    }
    if (!isTarget(target)) {
      const near = closest(target.split('.').at(-1) ?? target, targets)
      throw new ImportProblem('target_unknown', { header, target, near: near ?? '', targets: targets.join(', ') })
    }
    column.target = target
    chosen.add(column.index)
  }
  // What was chosen takes a meaning away from what was only proposed.
  for (const column of result)
    if (
      !chosen.has(column.index) &&
      result.some((other) => chosen.has(other.index) && other.target === column.target && other.target !== 'ignore')
    )
      column.target = `contact.attributes.${attributeName(column.header) || `column_${column.index + 1}`}`
  return result
}

/** Refuses two columns with one meaning, and a table that names no site in any way. */
export function checkColumns(columns: readonly Column[]): void {
  const seen = new Map<string, Column>()
  for (const column of columns) {
    if (column.target === 'ignore') continue
    const first = seen.get(column.target)
    if (first)
      throw new ImportProblem('target_twice', {
        first: columnName(first.index, first.header),
        second: columnName(column.index, column.header),
        target: column.target,
      })
    seen.set(column.target, column)
  }
  if (!seen.has('site.code') && !seen.has('site.name'))
    throw new ImportProblem('site_column_missing', { headers: columns.map((column) => column.header).join(', ') })
}

/**
 * The same headers in the same order are the same kind of file, and share a saved mapping; rejects that come back
 * mended are the file they are from.
 */
export const headersHash = (headers: readonly string[]): string =>
  hash(
    'sha256',
    headers
      .filter((header) => header.trim() !== reasonHeader)
      .map(foldHeader)
      .join('\u0000'),
  )

/** The mapping as it is saved, shown and given: header to meaning. */
export const mappingOf = (columns: readonly Column[]): Record<string, string> =>
  Object.fromEntries(columns.map((column) => [columnKey(column), column.target]))

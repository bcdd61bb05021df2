import type { Sentences } from './said.ts'

const advice = 'exportez la feuille en CSV, qui n’a pas de limite'

const mends: Record<string, string> = {
  at: '« at » a été lu comme @',
  trailing: 'un signe en trop à la fin a été retiré',
  leading: 'un signe en trop au début a été retiré',
  spaces: 'les espaces ont été retirées',
  comma: 'une virgule a été lue comme un point',
}
const mended = (list: unknown) =>
  String(list)
    .split(',')
    .map((mend) => mends[mend] ?? mend)
    .join(' et ')

const mailbox = ({ detail, domain }: Record<string, unknown>): string =>
  ({
    no_mailbox: 'le texte dit qu’il n’y a pas d’adresse : laissez plutôt la cellule vide',
    no_at: 'une adresse e-mail contient un @',
    no_local_part: 'il manque ce qui précède le @',
    no_domain_ending: `il manque la fin du domaine « ${domain} », par exemple .fr ou .com`,
  })[String(detail)] ?? 'ce n’est pas une adresse e-mail telle que prenom.nom@example.com'

const phone = ({ detail, digits }: Record<string, unknown>): string =>
  ({
    spreadsheet_number:
      'le tableur a arrondi le numéro et des chiffres sont perdus : mettez la colonne au format texte, saisissez de nouveau le numéro et réexportez',
    not_a_number: 'ce n’est pas un numéro de téléphone : laissez la cellule vide s’il n’y en a pas',
    too_short: `un numéro de téléphone compte plus de ${digits} chiffres`,
    too_long: `aucun numéro de téléphone ne compte ${digits} chiffres`,
  })[String(detail)] ?? 'ce numéro n’est pas attribué : vérifiez ses chiffres et son indicatif'

const channels: Record<string, string> = { email: 'l’e-mail', sms: 'le SMS', print: 'le courrier' }

const fields: Record<string, string> = {
  name: 'une autre raison sociale',
  typology: 'une autre typologie',
  tier: 'un autre niveau',
  addressLine1: 'une autre adresse',
  addressLine2: 'un autre complément d’adresse',
  postcode: 'un autre code postal',
  city: 'une autre ville',
  country: 'un autre pays',
  mailbox: 'une autre adresse e-mail',
  openingHours: 'd’autres horaires',
  area: 'un autre secteur',
}

const near = (word: unknown, otherwise: string) => (word ? ` ; vouliez-vous dire « ${word} » ?` : otherwise)

/** Narrow spaces before marks are put in by whoever shows them. */
export const fr: Sentences = {
  file_missing: ({ file }) => `Le fichier ${file} n’existe pas : vérifiez son nom et son dossier.`,
  file_is_folder: ({ file }) => `${file} est un dossier : indiquez le fichier CSV ou XLSX qu’il contient.`,
  file_unreadable: ({ file, detail }) => `${file} ne peut pas être lu (${detail}) : vérifiez ses droits d’accès.`,
  file_not_a_table: ({ file }) => `${file} contient une ligne de plus de 1 Mo : ce n’est pas un fichier CSV.`,
  file_kind_unknown: ({ file }) => `${file} n’est pas un tableau : donnez un fichier CSV, TSV ou XLSX.`,
  file_too_big: ({ file, megabytes }) => `${file} dépasse ${megabytes} Mo : partagez-le en plusieurs fichiers.`,
  file_gone: ({ file }) => `${file} n’est plus dans le dossier des données : déposez-le de nouveau.`,
  empty_upload: ({ file }) => `${file} est vide : choisissez un fichier avec un en-tête et des lignes.`,
  too_many_columns: ({ file, most }) => `${file} a plus de ${most} colonnes : supprimez celles qui ne servent pas.`,
  workbook_old: ({ file }) =>
    `${file} est à l’ancien format Excel (.xls), quel que soit son nom : enregistrez-le en .xlsx ou exportez-le en CSV.`,
  workbook_encrypted: ({ file }) =>
    `${file} est protégé par un mot de passe : retirez-le dans Excel (Fichier, Informations) ou exportez la feuille en CSV.`,
  workbook_macros: ({ file }) => `${file} contient des macros (.xlsm) : enregistrez-le en .xlsx, ou ${advice}.`,
  workbook_too_big: ({ file, megabytes, entries }) =>
    entries
      ? `${file} contient plus de ${entries} éléments, ce dont aucune liste de contacts n’a besoin : ${advice}.`
      : `${file} dépasse ${megabytes} Mo une fois décompressé : ${advice}.`,
  workbook_broken: ({ file }) =>
    `${file} n’est pas un classeur .xlsx lisible : ouvrez-le dans Excel et enregistrez-le de nouveau, ou ${advice}.`,
  header_twice: ({ first, second }) =>
    `La ${columnName(first)} et la ${columnName(second)} portent le même en-tête : renommez ou supprimez l’une des deux, pour qu’aucune cellule ne soit perdue.`,
  header_reserved: ({ column, instead }) =>
    `La ${columnName(column)} porte un nom réservé : renommez-la, par exemple « ${instead} ».`,
  header_unknown: ({ header, near: word, headers }) =>
    `La correspondance nomme une colonne « ${header} » que le fichier n’a pas${near(word, ` : ses colonnes sont ${headers}.`)}`,
  target_unknown: ({ header, target, near: word, targets }) =>
    `La correspondance lit la colonne « ${header} » comme « ${target} », qui n’existe pas${near(word, ` : choisissez parmi ${targets}, site.attributes.NOM, contact.attributes.NOM.`)}`,
  target_twice: ({ first, second }) =>
    `La ${columnName(first)} et la ${columnName(second)} sont lues comme la même donnée : attribuez autre chose à l’une des deux, ou ignorez-la.`,
  site_column_missing: () =>
    'Aucune colonne ne dit à quel site appartient un contact : attribuez « Code du site » ou « Raison sociale » à l’une d’elles.',
  basis_unknown: ({ basis, bases }) => `« ${basis} » n’est pas une base légale : choisissez parmi ${bases}.`,
  interrupted: () => 'L’import a été interrompu trop souvent : relancez-le.',

  site_missing: () => 'la ligne ne nomme aucun site : renseignez son code',
  unclosed_quote: () => 'un guillemet ouvre une cellule et ne la ferme jamais : fermez-le ou retirez-le',
  stray_quote: () =>
    'un guillemet à l’intérieur d’une cellule entre guillemets n’est pas doublé : écrivez-le deux fois',
  ragged_row: ({ cells, columns }) =>
    Number(cells) > Number(columns)
      ? `la ligne a ${cells} cellules pour ${columns} colonnes : mettez entre guillemets la cellule qui contient le séparateur`
      : `la ligne a ${cells} cellules pour ${columns} colonnes : il manque une cellule ou un retour à la ligne`,

  postcode_unknown: () =>
    'aucun département n’a ce code postal : une autre ligne du site le donne peut-être, les courriers en ont besoin',
  postcode_mended: ({ postcode }) => `lu comme ${postcode} : le tableur avait supprimé le zéro initial`,
  postcode_missing: () =>
    'pas de code postal : une autre ligne du site le donne peut-être, les courriers en ont besoin',
  country_unknown: () => 'pays inconnu : écrivez son nom en français ou en anglais, ou son code à deux lettres',
  site_mailbox_invalid: (params) => mailbox(params),
  site_mailbox_mended: ({ mailbox, mends }) => `lu comme ${mailbox} : ${mended(mends)}`,
  opening_hours_unread: () => 'horaires non compris : écrivez par exemple « Lu-Ve 8h-12h 13h30-18h; Sa 9h-12h »',
  profile_unknown: () =>
    'les profils sont Terrain, Comptoir, Itinérant, Dirigeant, Bureau ; il est déduit de la fonction',
  email_invalid: (params) => `${mailbox(params)} ; importé sans e-mail`,
  email_mended: ({ mailbox, mends }) => `lu comme ${mailbox} : ${mended(mends)}`,
  mobile_rounded: (params) => `${phone(params)} ; importé sans mobile`,
  mobile_invalid: (params) => `${phone(params)} ; importé sans mobile`,
  mobile_is_landline: () => 'c’est un numéro fixe, qui ne reçoit pas de SMS : gardé comme téléphone',
  phone_invalid: (params) => `${phone(params)} ; importé sans ce numéro`,
  language_unknown: () => 'Relais écrit en français (fr) et en anglais (en) ; la langue du réseau est utilisée',
  channel_unknown: () => 'les canaux sont SMS, e-mail, courrier, intranet, écran ; laissé sans préférence',
  answer_unknown: () => 'écrivez oui ou non',
  date_invalid: () => 'ce jour n’existe pas : écrivez jour/mois/année, par exemple 31/01/2026',
  consent_unclear: () => 'ni oui ni non : gardé comme non demandé',
  siret_invalid: () => 'la clé de contrôle ne correspond pas : comparez avec les documents de l’entreprise',
  control_characters: () => 'des caractères de contrôle invisibles ont été retirés',
  name_missing: () => 'ni prénom ni nom : importé sous le nom du site, les courriers sont adressés à l’entreprise',
  site_conflict: ({ site, field }) =>
    `une ligne précédente donne au site ${site} ${fields[String(field)] ?? `une autre valeur de « ${field} »`} : la première est gardée`,
  previously_erased: () => 'cette personne a demandé à être effacée et le reste',
  same_person_twice: () => 'une ligne précédente décrit la même personne : celle-ci ne complète que ce qui était vide',
  merged_before: () => 'cette personne a été fusionnée avec une autre : la ligne ne complète que ce qui était vide',
  opted_out_before: ({ channels: list }) =>
    `a déjà refusé ${String(list)
      .split(',')
      .map((channel) => channels[channel] ?? channel)
      .join(' et ')} : un fichier ne peut pas annuler ce refus`,

  nobody_deactivated: () =>
    'Personne n’a été désactivé : tant que des lignes sont rejetées, ou sans aucune ligne, on ne sait pas qui est absent. Corrigez les rejets et importez de nouveau le fichier entier.',
  no_rows: () => '0 contact : le fichier a un en-tête et aucune ligne ; rien n’a changé.',
  empty_file: () => '0 contact : le fichier est vide ; rien n’a changé.',
  windows_1252: () =>
    'Le fichier n’est pas en UTF-8 et a été lu en Windows-1252 : vérifiez que les accents sont justes.',
  sms_unstated: ({ count }) =>
    `${count} contacts disent oui au SMS dans le fichier ; sans base légale, ce souhait est gardé comme « non précisé » et le SMS marketing leur reste fermé. S’ils ont donné leur accord et que vous pouvez le prouver, importez de nouveau avec la base « consentement ».`,
  sms_basis_closed: ({ count, basis, countries }) =>
    `${count} contacts disent oui au SMS dans le fichier sur la base « ${basesSaid[String(basis)] ?? basis} » : elle n’ouvre pas le SMS marketing en ${countries}, où il faut l’accord de la personne ; les messages de service ne sont pas concernés. S’ils ont donné cet accord et que vous pouvez le prouver, importez de nouveau avec la base « consentement ».`,
}

function columnName(column: unknown): string {
  const [number, header] = String(column).split(/\|(.*)/s)
  return `colonne ${number}${header ? ` (« ${header} »)` : ' (sans en-tête)'}`
}

const basesSaid: Readonly<Record<string, string>> = {
  b2b_opt_out: 'prospection entre professionnels',
  contract: 'contrat',
  legitimate_interest: 'intérêt légitime',
}

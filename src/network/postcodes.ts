export interface FrenchPlace {
  /** Five digits. */
  postcode: string
  /** `01` … `95`, `2A`, `2B`, `971` … */
  department: string
  /** Whose public holidays count: FR, FR-57/67/68 (Alsace-Moselle), or the overseas key GP MQ GF RE YT PM BL MF. */
  region: string
  /** IANA zone. */
  timezone: string
  /** True when a zero that a spreadsheet dropped was put back. */
  isMended: boolean
}

const mainland = { region: 'FR', timezone: 'Europe/Paris' }

/** Overseas by the first three digits (La Poste, Base officielle des codes postaux); zones by IANA. */
const overseas: Record<string, { region: string; timezone: string }> = {
  971: { region: 'GP', timezone: 'America/Guadeloupe' },
  972: { region: 'MQ', timezone: 'America/Martinique' },
  973: { region: 'GF', timezone: 'America/Cayenne' },
  974: { region: 'RE', timezone: 'Indian/Reunion' },
  975: { region: 'PM', timezone: 'America/Miquelon' },
  976: { region: 'YT', timezone: 'Indian/Mayotte' },
}
const islands: Record<string, { region: string; timezone: string }> = {
  97133: { region: 'BL', timezone: 'America/St_Barthelemy' },
  97150: { region: 'MF', timezone: 'America/Marigot' },
  97700: { region: 'BL', timezone: 'America/St_Barthelemy' },
  97800: { region: 'MF', timezone: 'America/Marigot' },
}
/** Two more public holidays there (Code du travail, art. L3134-13). */
const alsaceMoselle = new Set(['57', '67', '68'])

/**
 * Where a French postcode lies. The zero that a spreadsheet drops from 01000 to 09999 is put back. Undefined when
 * no department has it.
 */
export function readFrenchPostcode(cell: string): FrenchPlace | undefined {
  const digits = cell
    .replace(/^['’]/, '')
    .replace(/^F-?(?=\d)/i, '')
    .replace(/[\s\u00a0.]/g, '')
  const isMended = /^[1-9]\d{3}$/.test(digits)
  const postcode = isMended ? `0${digits}` : digits
  if (!/^\d{5}$/.test(postcode)) return
  const island = islands[postcode]
  if (island) return { postcode, department: postcode.slice(0, 3), ...island, isMended }
  const three = postcode.slice(0, 3)
  const far = overseas[three]
  if (far) return { postcode, department: three, ...far, isMended }
  const two = postcode.slice(0, 2)
  if (two === '20') {
    const department = Number(postcode) < 20_200 ? '2A' : '2B'
    return { postcode, department, ...mainland, isMended }
  }
  const number = Number(two)
  if (number < 1 || number > 95) return
  return {
    postcode,
    department: two,
    region: alsaceMoselle.has(two) ? `FR-${two}` : 'FR',
    timezone: mainland.timezone,
    isMended,
  }
}

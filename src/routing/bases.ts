import type { ConsentBasis } from '../words.ts'

export type ConsentKind = 'email_personal' | 'email_shared' | 'sms' | 'print'

/** Which bases open what asks for prior agreement, by country and kind of address. */
export type OpeningBases = Readonly<Record<string, Readonly<Partial<Record<ConsentKind, readonly ConsentBasis[]>>>>>

const consentOnly = ['consent'] as const
const customersToo = ['consent', 'contract'] as const

/**
 * Where the law asks for agreement beforehand, what may stand for it. A right to object (`b2b_opt_out`) and a
 * legitimate interest are grounds where nobody has to be asked; they never stand for an agreement. Some laws let an
 * existing customer relation stand for it on electronic mail. A kind that is not named takes agreement alone.
 */
export const defaultBases: { value: OpeningBases; source: string; status: 'sourced'; checkedOn: string } = {
  value: {
    FR: { sms: consentOnly },
    BE: { email_personal: customersToo, sms: consentOnly },
    LU: { email_personal: customersToo, sms: consentOnly },
    DE: { email_personal: customersToo, email_shared: customersToo, sms: consentOnly },
    CH: { email_personal: customersToo, email_shared: customersToo, sms: consentOnly },
    GB: { sms: customersToo },
    US: { sms: consentOnly },
    CA: { email_personal: customersToo, email_shared: customersToo, sms: customersToo },
    '*': {},
  },
  source:
    'FR SMS: AF2M Business Messaging charter (1 Sept 2024), opt-in only, stricter than CPCE L.34-5; BE, LU: directive 2002/58/EC ' +
    'art. 13(2), existing customers; DE: UWG §7(3); CH: UWG art. 3(1)(o); GB: PECR reg. 22(3); US: TCPA, prior express written ' +
    'consent; CA: CASL s. 10(9), existing business relationship',
  status: 'sourced',
  checkedOn: '2026-11-20',
}

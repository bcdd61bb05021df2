import { type Brand, brandSchema } from '../../../library/brand.ts'
import type { Problems } from '../../ui/form.tsx'
import type { View } from '../../view.ts'

/** A brand as its form holds it: texts only, as they were typed. */
export interface BrandTyped {
  main: string
  accent: string
  logo: string
  address: string
  signature: string
  legal: string
  email_sender: string
  sms_sender: string
}

export const typedFrom = (brand: Brand): BrandTyped => ({
  main: brand.main,
  accent: brand.accent,
  logo: brand.logo ?? '',
  address: brand.address.join('\n'),
  signature: brand.signature.join('\n'),
  legal: brand.legal ?? '',
  email_sender: brand.senders.email ?? '',
  sms_sender: brand.senders.sms ?? '',
})

export function typedIn(form: Record<string, unknown>): BrandTyped {
  const text = (name: keyof BrandTyped) => (typeof form[name] === 'string' ? form[name].slice(0, 2_000) : '')
  return {
    main: text('main'),
    accent: text('accent'),
    logo: text('logo'),
    address: text('address'),
    signature: text('signature'),
    legal: text('legal'),
    email_sender: text('email_sender'),
    sms_sender: text('sms_sender'),
  }
}

const lines = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

const given = (text: string): string | undefined => text.trim() || undefined

/** The brand that was typed, or what is wrong with each field. */
export function brandOf(
  { t }: View,
  typed: BrandTyped,
): { brand: Brand; problems?: undefined } | { brand?: undefined; problems: Problems } {
  const read = brandSchema.safeParse({
    main: typed.main,
    accent: typed.accent,
    logo: given(typed.logo),
    address: lines(typed.address),
    signature: lines(typed.signature),
    legal: given(typed.legal),
    senders: { email: given(typed.email_sender), sms: given(typed.sms_sender) },
  })
  if (read.success) return { brand: read.data }
  const messages: Record<string, [field: keyof BrandTyped, message: string]> = {
    main: ['main', t('library.brand.wrongColour')],
    accent: ['accent', t('library.brand.wrongColour')],
    logo: ['logo', t('library.brand.logoGone')],
    address: ['address', t('library.brand.addressTooLong')],
    signature: ['signature', t('library.brand.signatureTooLong')],
    legal: ['legal', t('library.brand.legalTooLong')],
    'senders.email': ['email_sender', t('library.brand.emailSenderTooLong')],
    'senders.sms': ['sms_sender', t('library.brand.smsSenderWrong')],
  }
  const problems: Record<string, string> = {}
  for (const { path } of read.error.issues) {
    const found = messages[path.slice(0, path[0] === 'senders' ? 2 : 1).join('.')]
    if (found) problems[found[0]] = found[1]
  }
  return { problems }
}

import type { Reader } from './reader.ts'

export interface MailInConfig {
  /** Lower-case; answers and reports have addresses there. */
  domain?: string
  /** Base64 DER of the key Inbound Parse signs with. */
  publicKey?: string
  /** The secret at the end of the webhook's address, where nothing is signed. */
  pathToken?: string
}

/** How mail comes in; undefined where none of it is set. */
export function mailInOf(reader: Reader): MailInConfig | undefined {
  const domain = reader
    .matching(
      'INBOUND_DOMAIN',
      /^(?=.{4,180}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/,
      'must be a domain alone, such as reponses.example.com: its mail comes in to Relais.',
    )
    ?.toLowerCase()
  const publicKey = reader.text('SENDGRID_INBOUND_PUBLIC_KEY')
  const pathToken = reader.matching(
    'INBOUND_TOKEN',
    /^[A-Za-z0-9_-]{24,200}$/,
    'must be at least 24 letters and digits (openssl rand -hex 24): it is all that tells a call of yours from others.',
  )
  if (publicKey !== undefined && pathToken !== undefined)
    reader.warnings.push('Both SENDGRID_INBOUND_PUBLIC_KEY and INBOUND_TOKEN are set; only what is signed is believed.')
  if (domain === undefined && publicKey === undefined && pathToken === undefined) return undefined
  return { domain, publicKey, pathToken }
}

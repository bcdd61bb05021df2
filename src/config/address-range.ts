import { isIP } from 'node:net'
import type { Reader } from './reader.ts'

/** A network address and how many of its leading bits count. */
export interface AddressRange {
  address: string
  prefix: number
  family: 'ipv4' | 'ipv6'
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; undefined when it is none of them. */
export function addressRange(text: string): AddressRange | undefined {
  const [, address = '', given] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const version = isIP(address)
  if (version === 0) return undefined
  const widest = version === 4 ? 32 : 128
  const prefix = given === undefined ? widest : Number(given)
  return prefix <= widest ? { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined
}

/**
 * The machines whose word on a client's address is taken (TRUSTED_PROXIES). A range of every address is refused: it
 * would let anyone claim to be anyone (OWASP ASVS 5.0, 4.1.3).
 */
export function trustedProxiesOf(reader: Reader): AddressRange[] | undefined {
  const value = reader.text('TRUSTED_PROXIES')
  if (value === undefined) return undefined
  const ranges: AddressRange[] = []
  for (const text of value.split(',').map((part) => part.trim())) {
    if (text === '') continue
    const range = addressRange(text)
    if (!range)
      reader.problems.push(
        `TRUSTED_PROXIES lists "${text}", which is neither an address nor a range such as 10.0.0.0/8.`,
      )
    else if (range.prefix === 0)
      reader.problems.push(
        `TRUSTED_PROXIES lists ${text}, which is every address: anyone could then claim to be anyone. Name your proxy.`,
      )
    else ranges.push(range)
  }
  return ranges
}

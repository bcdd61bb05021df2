import { createHash } from 'node:crypto'
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * Addresses that name no network of the internet (RFC 6890): our own machine, a proxy or a reader in the same
 * building. What comes through a proxy that hides its askers would else all seem to come from one network.
 */
const local = new BlockList()
for (const [address, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  local.addSubnet(address, prefix, 'ipv4')
local.addAddress('::1', 'ipv6')
local.addSubnet('fc00::', 7, 'ipv6')
local.addSubnet('fe80::', 10, 'ipv6')

const plain = (ip: string) => ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')

/**
 * Stands for the network a request came from, to tell a scanner's many networks from a person's one: the /24 of
 * an IPv4 address or the /48 of an IPv6 one, hashed with a salt of the message, 64 bits. Neither the address nor
 * a link between messages can be had from it in practice; the address itself is never stored. Undefined for an
 * address that names no network of the internet.
 */
export function networkHash(ip: string | undefined, salt: string): string | undefined {
  const address = plain(ip ?? '')
  if (isIPv4(address) ? local.check(address, 'ipv4') : isIPv6(address) && local.check(address, 'ipv6')) return undefined
  const network = networkOf(address, 3, 3)
  return network && createHash('sha256').update(`${salt}\u0000${network}`).digest('hex').slice(0, 16)
}

/** Whom to count guesses for: an IPv4 address, or the /64 that an IPv6 asker may draw addresses from as it likes. */
export const askerKey = (ip: string | undefined): string => networkOf(plain(ip ?? ''), 4, 4) ?? 'unknown'

/** The first `octets` of an IPv4 address, the first `groups` of an IPv6 one; undefined for what is neither. */
function networkOf(address: string, octets: number, groups: number): string | undefined {
  if (isIPv4(address)) return address.split('.').slice(0, octets).join('.')
  if (!isIPv6(address)) return undefined
  const [head = '', tail] = address.toLowerCase().split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  return [...first, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...last]
    .slice(0, groups)
    .map((group) => group.padStart(4, '0'))
    .join(':')
}

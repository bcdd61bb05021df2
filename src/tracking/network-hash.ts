import { createHash } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'

/**
 * Stands for the network a request came from, to tell a scanner's many networks from a person's one: the /24 of
 * an IPv4 address or the /48 of an IPv6 one, hashed with a salt of the message, 64 bits. Neither the address nor
 * a link between messages can be had from it in practice; the address itself is never stored.
 */
export function networkHash(ip: string | undefined, salt: string): string | undefined {
  const network = ip === undefined ? undefined : networkOf(ip)
  return network && createHash('sha256').update(`${salt}\u0000${network}`).digest('hex').slice(0, 16)
}

function networkOf(ip: string): string | undefined {
  const mapped = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(mapped)) return mapped.split('.').slice(0, 3).join('.')
  if (!isIPv6(ip)) return undefined
  const [head = '', tail] = ip.toLowerCase().split('%')[0]!.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...last]
  return groups
    .slice(0, 3)
    .map((group) => group.padStart(4, '0'))
    .join(':')
}

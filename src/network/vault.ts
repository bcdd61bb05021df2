import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from '../random.ts'

/** What a sealed secret is bound to: put under another network or another id, it does not open. */
export interface SealedFor {
  networkId: string
  secretId: string
}

/** Seals and opens the secrets of networks. Holds keys and nothing else: whoever has a vault has every secret. */
export interface Vault {
  /** Names the key that seals. */
  keyId: string
  /** False for a secret sealed under an installation secret that is not here. */
  knows(keyId: string): boolean
  seal(plain: Uint8Array, owner: SealedFor): Uint8Array
  /** @throws SecretUnreadable when the key is not here, or the bytes are not what was sealed for this owner. */
  open(sealed: Uint8Array, keyId: string, owner: SealedFor): Uint8Array
}

/** A stored secret cannot be opened. Says nothing of what is in it. */
export class SecretUnreadable extends Error {
  override name = 'SecretUnreadable'
  readonly why: 'key_missing' | 'damaged'
  constructor(why: SecretUnreadable['why'], message: string) {
    super(message)
    this.why = why
  }
}

const layout = 1
const nonceBytes = 12
const tagBytes = 16

/**
 * The vault of an installation: AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit nonce for each secret, under a key
 * derived by HKDF-SHA-256 (RFC 5869) from `RELAIS_SECRET`. What was sealed under `previous` secrets still opens, so
 * that the installation's secret can be changed while it runs.
 */
export function openVault(secret: string, random: Random, previous: readonly string[] = []): Vault {
  const keys = new Map([secret, ...previous].toReversed().map((one) => [keyIdOf(one), keyOf(one)]))
  const keyId = keyIdOf(secret)
  const current = keys.get(keyId) as Buffer
  return {
    keyId,
    knows: (id) => keys.has(id),
    seal: (plain, owner) => {
      const nonce = Buffer.from(random.bytes(nonceBytes))
      const cipher = createCipheriv('aes-256-gcm', current, nonce, { authTagLength: tagBytes })
      cipher.setAAD(boundTo(owner))
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return new Uint8Array(Buffer.concat([Buffer.of(layout), nonce, body, cipher.getAuthTag()]))
    },
    open: (sealed, id, owner) => {
      const key = keys.get(id)
      if (!key) throw new SecretUnreadable('key_missing', 'It was sealed under another RELAIS_SECRET.')
      const bytes = Buffer.from(sealed)
      if (bytes.length < 1 + nonceBytes + tagBytes || bytes[0] !== layout) throw damaged()
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + nonceBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(boundTo(owner))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      try {
        return new Uint8Array(
          Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]),
        )
      } catch {
        throw damaged()
      }
    },
  }
}

const damaged = () => new SecretUnreadable('damaged', 'Its bytes are not what was sealed for this network.')

const derive = (secret: string, info: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'relais secrets', info, length))

const keyOf = (secret: string): Buffer => derive(secret, 'v1 aes-256-gcm', 32)
const keyIdOf = (secret: string): string => derive(secret, 'v1 key id', 6).toString('hex')

/** Ids are UUIDs, so the separator cannot be part of one. */
const boundTo = ({ networkId, secretId }: SealedFor): Buffer =>
  Buffer.from(`relais secret v1\n${networkId}\n${secretId}`)

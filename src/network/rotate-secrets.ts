import { and, asc, eq, gt, ne } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { networks, secrets } from '../db/schema.ts'
import { SecretUnreadable, type Vault } from './vault.ts'

/** How a rotation went. */
export interface Rotation {
  /** Sealed anew under the present secret. */
  rotated: number
  /** That were under it before. */
  already: number
  /** That no secret given opens: their credentials must be entered again. */
  unreadable: { network: string; provider: string }[]
}

const pageSize = 100

/**
 * Seals every stored secret anew under the present `RELAIS_SECRET`, a page at a time. Stopped anywhere, called again
 * it goes on with those that are still under an older key; done twice, it changes nothing. What does not open is
 * left as it is and named.
 */
export async function rotateSecrets(db: Db, vault: Vault, wall: WallClock): Promise<Rotation> {
  const already = await db.$count(secrets, eq(secrets.keyId, vault.keyId))
  const unreadable: Rotation['unreadable'] = []
  let rotated = 0
  for (let after = ''; ; ) {
    const page = await db
      .select({ secret: secrets, network: networks.name })
      .from(secrets)
      .innerJoin(networks, eq(networks.id, secrets.networkId))
      .where(and(ne(secrets.keyId, vault.keyId), gt(secrets.id, after)))
      .orderBy(asc(secrets.id))
      .limit(pageSize)
    for (const { secret, network } of page) {
      const owner = { networkId: secret.networkId, secretId: secret.id }
      try {
        const sealed = vault.seal(vault.open(secret.sealed, secret.keyId, owner), owner)
        rotated += await replace(db, vault, secret, sealed, wall.now())
      } catch (error) {
        if (!(error instanceof SecretUnreadable)) throw error
        unreadable.push({ network, provider: secret.provider })
      }
    }
    if (page.length < pageSize) return { rotated, already, unreadable }
    after = page.at(-1)!.secret.id
  }
}

/** Guarded by the key it was under: credentials that somebody has just entered anew are left alone. */
const replace = (db: Db, vault: Vault, secret: typeof secrets.$inferSelect, sealed: Uint8Array, now: Date) =>
  db.transaction(async (tx) => {
    const written = await tx
      .update(secrets)
      .set({ sealed, keyId: vault.keyId })
      .where(and(eq(secrets.networkId, secret.networkId), eq(secrets.id, secret.id), eq(secrets.keyId, secret.keyId)))
      .returning({ id: secrets.id })
    if (written.length > 0)
      await audit(tx, {
        networkId: secret.networkId,
        actor: 'operator',
        action: 'secret.set',
        subject: secret.id,
        data: { provider: secret.provider, isRotation: true },
        at: now,
      })
    return written.length
  })

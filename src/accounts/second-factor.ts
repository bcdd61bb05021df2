import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { and, eq } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import { twoFactors, users } from '../db/schema.ts'
import type { Random } from '../random.ts'
import { takeOnce } from './attempts.ts'
import { isBackupCode, type KeptCodes, newBackupCodes, withoutCode } from './backup-codes.ts'
import { newTotpSecret, stepOfCode } from './totp.ts'

interface Sealing {
  /** The installation's secret; what is kept is sealed under a key of its own. */
  secret: string
}

const keyOf = ({ secret }: Sealing) => `${secret}:two-factor`

const seal = (bytes: Uint8Array, sealing: Sealing): Promise<string> =>
  symmetricEncrypt({ key: keyOf(sealing), data: Buffer.from(bytes).toString('base64') })

const unseal = async (text: string, sealing: Sealing): Promise<Uint8Array> =>
  new Uint8Array(Buffer.from(await symmetricDecrypt({ key: keyOf(sealing), data: text }), 'base64'))

const rowOf = async (db: Tx, userId: string) => {
  const [row] = await db.select().from(twoFactors).where(eq(twoFactors.userId, userId))
  return row
}

/** Begins enrolment: a new key that counts only once a code of it was shown. Returns the key. */
export async function beginTwoFactor(
  db: Db,
  userId: string,
  { random, ...sealing }: Sealing & { random: Random },
): Promise<Uint8Array> {
  const key = newTotpSecret(random)
  const sealed = await seal(key, sealing)
  await db.transaction(async (tx) => {
    await tx.delete(twoFactors).where(and(eq(twoFactors.userId, userId), eq(twoFactors.verified, false)))
    await tx.insert(twoFactors).values({ id: newId(), userId, secret: sealed, backupCodes: '', verified: false })
  })
  return key
}

/** The key under enrolment, to show it again after a wrong code. */
export async function pendingKey(db: Db, userId: string, sealing: Sealing): Promise<Uint8Array | undefined> {
  const row = await rowOf(db, userId)
  return row && row.verified === false ? unseal(row.secret, sealing) : undefined
}

export type Enrolment = { is: 'on'; codes: string[] } | { is: 'wrong' } | { is: 'none' }

/** Ends enrolment with a code of the new key: from here on it is asked for. Returns the backup codes, shown once. */
export async function confirmTwoFactor(
  db: Db,
  userId: string,
  code: string,
  given: Sealing & { random: Random; now: Date; record(tx: Tx): Promise<void> },
): Promise<Enrolment> {
  const row = await rowOf(db, userId)
  if (row?.verified !== false) return { is: 'none' }
  const step = stepOfCode(await unseal(row.secret, given), code, given.now)
  if (step === undefined) return { is: 'wrong' }
  const { codes, kept } = await newBackupCodes(given.random)
  return db.transaction(async (tx): Promise<Enrolment> => {
    if (!(await takeOnce(tx, `totp:${row.id}:${step}`, given.now))) return { is: 'wrong' }
    await tx
      .update(twoFactors)
      .set({ verified: true, backupCodes: JSON.stringify(kept) })
      .where(eq(twoFactors.id, row.id))
    await tx.update(users).set({ twoFactorEnabled: true, updatedAt: given.now }).where(eq(users.id, userId))
    await given.record(tx)
    return { is: 'on', codes }
  })
}

/** Takes the second step away. */
export async function endTwoFactor(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx.delete(twoFactors).where(eq(twoFactors.userId, userId))
  await tx.update(users).set({ twoFactorEnabled: false, updatedAt: now }).where(eq(users.id, userId))
}

/** New backup codes in place of all the old ones; undefined without a second step. */
export async function renewBackupCodes(db: Db, userId: string, random: Random): Promise<string[] | undefined> {
  const { codes, kept } = await newBackupCodes(random)
  const rows = await db
    .update(twoFactors)
    .set({ backupCodes: JSON.stringify(kept) })
    .where(and(eq(twoFactors.userId, userId), eq(twoFactors.verified, true)))
    .returning({ id: twoFactors.id })
  return rows.length > 0 ? codes : undefined
}

export const backupCodesLeft = async (db: Db, userId: string): Promise<number> => {
  const row = await rowOf(db, userId)
  return row?.backupCodes ? (JSON.parse(row.backupCodes) as KeptCodes).hashes.length : 0
}

/**
 * Whether this is the app's current code, or a backup code. Each is good once: the code of a time step is refused the
 * second time, though its thirty seconds are not over (OWASP ASVS 5.0, 6.5.1; RFC 6238 §5.2).
 */
export async function useSecondFactor(
  db: Db,
  userId: string,
  given: string,
  { now, ...sealing }: Sealing & { now: Date },
): Promise<'app' | 'backup' | undefined> {
  const row = await rowOf(db, userId)
  if (!row || row.verified === false) return undefined
  const code = given.replace(/[\s-]/g, '').toLowerCase()
  if (isBackupCode(code)) return (await useBackupCode(db, row, code)) ? 'backup' : undefined
  const step = stepOfCode(await unseal(row.secret, sealing), code, now)
  return step !== undefined && (await takeOnce(db, `totp:${row.id}:${step}`, now)) ? 'app' : undefined
}

async function useBackupCode(db: Db, row: typeof twoFactors.$inferSelect, code: string): Promise<boolean> {
  if (row.backupCodes === '') return false
  const left = await withoutCode(JSON.parse(row.backupCodes) as KeptCodes, code)
  if (!left) return false
  const used = await db
    .update(twoFactors)
    .set({ backupCodes: JSON.stringify(left) })
    .where(and(eq(twoFactors.id, row.id), eq(twoFactors.backupCodes, row.backupCodes)))
    .returning({ id: twoFactors.id })
  return used.length > 0
}

import { createAuth } from '../../src/accounts/auth.ts'
import type { Mail, Mailer, MailOutcome } from '../../src/accounts/mailer.ts'
import { hashPassword, savePassword } from '../../src/accounts/passwords.ts'
import { type Db, newId } from '../../src/db/index.ts'
import type { MembershipScope, Role } from '../../src/db/schema/accounts.ts'
import {
  accounts,
  auditEntries,
  installation,
  invitations,
  memberships,
  networks,
  passkeys,
  rateLimits,
  sessions,
  twoFactors,
  users,
  verifications,
} from '../../src/db/schema.ts'
import { publicUrl, secret } from '../web/client.ts'
import { wallNow } from '../web/small-network.ts'

export const goodPassword = 'la grenouille traverse la Marne à vélo'

/** A mailer that keeps what it is given, and lets a test wait for the next one. */
export function mailbox(outcome: MailOutcome = { is: 'sent' }) {
  const mails: Mail[] = []
  let wake: (() => void) | undefined
  const mailer: Mailer = {
    leaves: outcome.is !== 'kept',
    send: async (mail) => {
      mails.push(mail)
      wake?.()
      return outcome
    },
  }
  return {
    mailer,
    mails,
    /** The path of the link in the first mail nobody took yet. */
    takeLink: async (): Promise<string> => {
      if (mails.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      const mail = mails.shift()!
      return new URL(/https?:\/\/\S+/.exec(mail.text)![0]).pathname
    },
  }
}

export async function addNetwork(db: Db, name: string, number: number): Promise<string> {
  const id = newId()
  await db
    .insert(networks)
    .values({ id, number, name, title: `Réseau ${name}`, mode: 'sandbox', settings: {}, createdAt: wallNow })
  return id
}

export interface NewUser {
  email: string
  password?: string
  roles?: [networkId: string, role: Role, scope?: MembershipScope][]
}

/** Hashing is slow on purpose: each password is hashed once. That salts differ is for tests that choose a password. */
const hashes = new Map<string, Promise<string>>()

export async function addUser(db: Db, { email, password, roles = [] }: NewUser): Promise<string> {
  const id = newId()
  await db.insert(users).values({
    id,
    name: email.split('@')[0]!,
    email,
    emailVerified: true,
    createdAt: wallNow,
    updatedAt: wallNow,
  })
  for (const [networkId, role, scope = {}] of roles)
    await db.insert(memberships).values({ networkId, userId: id, role, scope, createdAt: wallNow })
  if (password !== undefined) {
    let hash = hashes.get(password)
    if (!hash) {
      hash = hashPassword(createAuth({ db, wall: { now: () => wallNow }, secret, publicUrl }), password)
      hashes.set(password, hash)
    }
    await savePassword(db, id, await hash, wallNow)
  }
  return id
}

/** Empties what these tests write. */
export async function forgetEverybody(db: Db): Promise<void> {
  for (const table of [
    auditEntries,
    installation,
    rateLimits,
    invitations,
    passkeys,
    twoFactors,
    accounts,
    sessions,
    verifications,
    memberships,
    users,
    networks,
  ])
    await db.delete(table)
}

/** What the audit trail says happened, in order. */
export const actionsOf = async (db: Db): Promise<string[]> =>
  (await db.select({ action: auditEntries.action }).from(auditEntries).orderBy(auditEntries.seq)).map(
    ({ action }) => action,
  )

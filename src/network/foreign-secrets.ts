import { asc } from 'drizzle-orm'
import { ConfigProblems } from '../config.ts'
import type { Context } from '../context.ts'
import { secrets } from '../db/schema.ts'

/**
 * A worker whose RELAIS_SECRET is another than that of the processes beside it could open no account of a network, and
 * its links would lead nowhere; each sealed secret names the key it is under, which tells.
 * @throws ConfigProblems when none of the keys in use is here
 */
export async function refuseForeignSecret({ db, vault }: Pick<Context, 'db' | 'vault'>): Promise<void> {
  const rows = await db.selectDistinct({ keyId: secrets.keyId }).from(secrets).orderBy(asc(secrets.keyId))
  if (rows.length === 0 || rows.some(({ keyId }) => vault.knows(keyId))) return
  throw new ConfigProblems([
    'RELAIS_SECRET is not the one that sealed the accounts in this database: give every process the same RELAIS_SECRET, as relais serve has it (in secret of its RELAIS_DATA where none was set).',
  ])
}

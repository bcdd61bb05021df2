import { and, asc, eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { newId, type Tx } from '../db/index.ts'
import { policyCases } from '../db/schema.ts'
import { defaultCases } from '../routing/default-cases.ts'
import { type PolicyCase, policyCaseSchema } from '../routing/policy-case.ts'

/** A case with what it is called by in an address. */
export interface KeptCase {
  id: string
  case: PolicyCase
}

export interface CasesOfNetwork {
  /** False while the network is tried by the shipped ones. */
  isOwn: boolean
  cases: KeptCase[]
}

/** So that trying them all stays a matter of milliseconds. */
export const mostCases = 200

interface Act {
  networkId: string
  actor: string
  /** Wall time. */
  at: Date
}

/** The cases a network’s policy is tried by: its own, or the shipped ones. */
export async function casesOf(tx: Tx, networkId: string): Promise<CasesOfNetwork> {
  const rows = await tx
    .select({ id: policyCases.id, definition: policyCases.definition })
    .from(policyCases)
    .where(eq(policyCases.networkId, networkId))
    .orderBy(asc(policyCases.position), asc(policyCases.id))
  if (rows.length === 0)
    return { isOwn: false, cases: defaultCases.map((one, index) => ({ id: `shipped-${index + 1}`, case: one })) }
  return { isOwn: true, cases: rows.map((row) => ({ id: row.id, case: policyCaseSchema.parse(row.definition) })) }
}

/**
 * Keeps a case, new or in place of the one with that id. The first change makes the shipped cases the network’s own.
 * The code of what is wrong otherwise; then nothing was changed.
 */
export async function saveCase(
  tx: Tx,
  act: Act,
  one: PolicyCase,
  id?: string,
): Promise<'tooMany' | 'unknown' | undefined> {
  const { cases } = await casesOf(tx, act.networkId)
  if (id !== undefined && !cases.some((kept) => kept.id === id)) return 'unknown'
  if (id === undefined && cases.length >= mostCases) return 'tooMany'
  const changed =
    id === undefined
      ? [...cases, { id: newId(), case: one }]
      : cases.map((kept) => (kept.id === id ? { id, case: one } : kept))
  await keepAll(tx, act, changed)
  await audit(tx, { ...act, action: 'policy.change', subject: 'cases', data: { changed: one.name.en } })
  return undefined
}

/** Forgets a case; with the last one gone the shipped ones are back. False where there is none of that id. */
export async function removeCase(tx: Tx, act: Act, id: string): Promise<boolean> {
  const { cases } = await casesOf(tx, act.networkId)
  const gone = cases.find((kept) => kept.id === id)
  if (!gone) return false
  await keepAll(
    tx,
    act,
    cases.filter((kept) => kept !== gone),
  )
  await audit(tx, { ...act, action: 'policy.change', subject: 'cases', data: { removed: gone.case.name.en } })
  return true
}

/** Back to the shipped cases. */
export async function restoreCases(tx: Tx, act: Act): Promise<void> {
  await tx.delete(policyCases).where(eq(policyCases.networkId, act.networkId))
  await audit(tx, { ...act, action: 'policy.change', subject: 'cases', data: { isDefault: true } })
}

async function keepAll(tx: Tx, { networkId, actor, at }: Act, cases: readonly KeptCase[]): Promise<void> {
  await tx.delete(policyCases).where(and(eq(policyCases.networkId, networkId)))
  if (cases.length === 0) return
  await tx.insertRows(
    policyCases,
    cases.map((kept, position) => ({
      networkId,
      id: kept.id.startsWith('shipped-') ? newId() : kept.id,
      position,
      definition: kept.case,
      updatedBy: actor,
      updatedAt: at,
    })),
  )
}

import { and, eq } from 'drizzle-orm'
import { newId, type Tx } from '../../db/index.ts'
import { challengeEvidence, challengeResults } from '../../db/schema.ts'
import type { Criterion } from '../criterion.ts'

/** Bytes of one photo or paper at most. */
export const largestEvidence = 5 * 1024 * 1024

export const evidenceTypes = ['image/jpeg', 'image/png', 'application/pdf'] as const
export type EvidenceType = (typeof evidenceTypes)[number]

export interface Evidence {
  name: string
  type: EvidenceType
  content: Uint8Array
}

export const evidenceFaults = ['too_large', 'wrong_type', 'missing'] as const
export type EvidenceFault = (typeof evidenceFaults)[number]

const begins = (bytes: Uint8Array, ...with_: number[]) => with_.every((byte, at) => bytes[at] === byte)

/** What a file is by its first bytes, whatever its name says. */
export function evidenceTypeOf(bytes: Uint8Array): EvidenceType | undefined {
  if (begins(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (begins(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  return begins(bytes, 0x25, 0x50, 0x44, 0x46, 0x2d) ? 'application/pdf' : undefined
}

/** Reads an uploaded file; undefined where none was chosen. */
export async function readEvidence(file: unknown): Promise<Evidence | { fault: EvidenceFault } | undefined> {
  if (!(file instanceof File) || file.size === 0) return undefined
  if (file.size > largestEvidence) return { fault: 'too_large' }
  const content = new Uint8Array(await file.arrayBuffer())
  const type = evidenceTypeOf(content)
  return type ? { name: file.name.slice(0, 200), type, content } : { fault: 'wrong_type' }
}

/** Whether what was given is of a kind the criterion is judged by. */
export function isShown({ evidence }: Criterion, statement: string | undefined, file: Evidence | undefined): boolean {
  if (evidence === undefined) return true
  if (evidence.includes('text') && (statement ?? '').trim().length >= 3) return true
  if (!file) return false
  if (evidence.includes('photo') && file.type !== 'application/pdf') return true
  return evidence.includes('file') || evidence.includes('attestation')
}

/** Puts a file with the result it supports. */
export async function keepEvidence(tx: Tx, networkId: string, resultId: string, evidence: Evidence, now: Date) {
  const { name, type, content } = evidence
  await tx
    .insert(challengeEvidence)
    .values({ networkId, id: newId(), resultId, name, type, size: content.length, content, createdAt: now })
}

/** A file of a challenge; undefined where there is none. */
export async function findEvidence(tx: Tx, networkId: string, challengeId: string, id: string) {
  const [row] = await tx
    .select({ evidence: challengeEvidence })
    .from(challengeEvidence)
    .innerJoin(
      challengeResults,
      and(
        eq(challengeResults.networkId, challengeEvidence.networkId),
        eq(challengeResults.id, challengeEvidence.resultId),
      ),
    )
    .where(
      and(
        eq(challengeEvidence.networkId, networkId),
        eq(challengeEvidence.id, id),
        eq(challengeResults.challengeId, challengeId),
      ),
    )
  return row?.evidence
}

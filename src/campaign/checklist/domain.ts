import { createHash } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { linkChecks } from '../../db/schema.ts'

/** The texts under a name of the domain name system; none where there is no such name. Throws when nobody answers. */
export type TextLookup = (name: string) => Promise<string[]>

/** What a mailbox provider asks of a domain that writes to many (Google and Yahoo, sender guidelines of February 2024). */
export const domainProofs = ['SPF', 'DKIM', 'DMARC'] as const
export type DomainProof = (typeof domainProofs)[number]

/** Where providers publish their keys; a domain’s own selector may be another, so that a key not found is worth a look and no more. */
const selectors = ['s1', 's2', 'default', 'mail', 'dkim', 'google', 'selector1', 'selector2', 'k1', 'ovhmo1']
/** A result is good for a day (wall time): these records change seldom. */
const freshMs = 86_400_000

/** Asks the machine’s own resolver. */
export const theNames: TextLookup = async (name) => {
  try {
    const found = await new Resolver({ timeout: 3_000, tries: 1 }).resolveTxt(name)
    return found.map((parts) => parts.join(''))
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw error
  }
}

/** The domain of a mailbox, folded; undefined where there is none. */
export const domainOf = (address: string | null | undefined): string | undefined =>
  /@([^@\s>]+)>?$/.exec(address ?? '')?.[1]?.toLowerCase()

/**
 * What a domain lacks of SPF (RFC 7208, 3), DKIM (RFC 6376, 3.6.2.1) and DMARC (RFC 7489, 6.1; a parent’s policy
 * holds for its subdomains, 6.6.3). Throws when nobody answers.
 */
export async function missingProofs(lookup: TextLookup, domain: string): Promise<DomainProof[]> {
  const has = async (name: string, mark: RegExp) => (await lookup(name)).some((text) => mark.test(text.trim()))
  const anywhere = async (names: readonly string[], mark: RegExp) => {
    for (const name of names) if (await has(name, mark)) return true
    return false
  }
  const labels = domain.split('.')
  const parents = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
  const found: Record<DomainProof, boolean> = {
    SPF: await has(domain, /^v=spf1(\s|$)/i),
    DKIM: await anywhere(
      selectors.map((selector) => `${selector}._domainkey.${domain}`),
      /(^|;)\s*p=[^;\s]/i,
    ),
    DMARC: await anywhere(
      parents.map((parent) => `_dmarc.${parent}`),
      /^v=DMARC1\s*(;|$)/i,
    ),
  }
  return domainProofs.filter((proof) => !found[proof])
}

const keyOf = (domain: string): string => createHash('sha256').update(`dns:${domain}`).digest('hex')

/** What is known of a domain: what it lacks, or undefined where nobody looked lately or nobody answered. */
export async function knownDomain(
  tx: Tx,
  networkId: string,
  domain: string,
  wallNow: Date,
): Promise<DomainProof[] | undefined> {
  const isThis = and(eq(linkChecks.networkId, networkId), eq(linkChecks.urlHash, keyOf(domain)))
  const [row] = await tx.select().from(linkChecks).where(isThis)
  if (!row || row.outcome === 'silent' || wallNow.getTime() - row.checkedAt.getTime() >= freshMs) return undefined
  return domainProofs.filter((proof) => row.outcome.split(' ').includes(proof))
}

/** Looks a domain up and keeps what came of it; what was looked up lately is not asked again. */
export async function checkDomain(
  tx: Tx,
  networkId: string,
  domain: string,
  lookup: TextLookup,
  wallNow: Date,
): Promise<void> {
  if (await knownDomain(tx, networkId, domain, wallNow)) return
  const missing = await missingProofs(lookup, domain).catch(() => undefined)
  const outcome = missing === undefined ? 'silent' : missing.length === 0 ? 'answers' : missing.join(' ')
  const found = { outcome, status: null, checkedAt: wallNow }
  await tx
    .insert(linkChecks)
    .values({ networkId, urlHash: keyOf(domain), ...found })
    .onConflictDoUpdate({ target: [linkChecks.networkId, linkChecks.urlHash], set: found })
}

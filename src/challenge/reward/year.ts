import { and, asc, eq, gt, ne, type SQL } from 'drizzle-orm'
import { type Db, oneOf, type Tx } from '../../db/index.ts'
import { contacts, rewardBeneficiaries, rewards, sites } from '../../db/schema.ts'
import type { YearSmic } from './smic.ts'
import { type Estimate, estimateFor, marginal, type Standing, type Treatment, treatmentOf } from './urssaf.ts'

/** One reward of a year, and what it added to the estimate. */
export interface YearLine {
  id: string
  title: Record<string, string>
  kind: string
  challengeId: string
  valueCents: number
  awardedAt: Date
  status: string
  added: Estimate
}

/** All one beneficiary had of one third party in a calendar year. */
export interface YearAccount {
  contactId: string
  payer: string
  name: string
  site: string
  totalCents: number
  /** Undefined where nobody has said what they are; nothing is estimated then. */
  standing?: Standing
  treatment?: Treatment
  estimate?: Estimate
  lines: YearLine[]
}

const accountsAtOnce = 100

/**
 * A page of the yearly ledger of rewards, by person and third party, whatever challenge they are of: the thresholds
 * are of a year and a beneficiary, not of a challenge. Taken-back rewards are left out. `after` is the last
 * person of the page before; `only` limits the people, such as to those a region manager may see.
 */
export async function yearPage(
  db: Db | Tx,
  {
    networkId,
    year,
    smic,
    only,
  }: { networkId: string; year: number; smic: YearSmic | undefined; only?: SQL | undefined },
  after = '',
): Promise<{ accounts: YearAccount[]; next?: string }> {
  const counted = and(eq(rewards.networkId, networkId), eq(rewards.year, year), ne(rewards.status, 'canceled'))
  const people = await db
    .selectDistinct({ contactId: rewards.contactId })
    .from(rewards)
    .innerJoin(contacts, and(eq(contacts.networkId, rewards.networkId), eq(contacts.id, rewards.contactId)))
    .where(and(counted, gt(rewards.contactId, after), only))
    .orderBy(asc(rewards.contactId))
    .limit(accountsAtOnce + 1)
  const ids = people.slice(0, accountsAtOnce).map(({ contactId }) => contactId)
  if (ids.length === 0) return { accounts: [] }
  const rows = await db
    .select({
      reward: rewards,
      standing: rewardBeneficiaries,
      firstName: contacts.firstName,
      lastName: contacts.lastName,
      site: sites.name,
    })
    .from(rewards)
    .innerJoin(contacts, and(eq(contacts.networkId, rewards.networkId), eq(contacts.id, rewards.contactId)))
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .leftJoin(
      rewardBeneficiaries,
      and(eq(rewardBeneficiaries.networkId, rewards.networkId), eq(rewardBeneficiaries.contactId, rewards.contactId)),
    )
    .where(and(counted, oneOf(rewards.contactId, ids)))
    .orderBy(asc(rewards.contactId), asc(rewards.payer), asc(rewards.awardedAt), asc(rewards.id))
  const accounts: YearAccount[] = []
  for (const { reward, standing, firstName, lastName, site } of rows) {
    let account = accounts.at(-1)
    if (account?.contactId !== reward.contactId || account.payer !== reward.payer) {
      account = {
        ...{ contactId: reward.contactId, payer: reward.payer, site, totalCents: 0, lines: [] },
        name: [firstName, lastName].filter(Boolean).join(' '),
        ...(standing ? { standing, treatment: treatmentOf(standing) } : {}),
      }
      accounts.push(account)
    }
    const added =
      account.treatment && smic
        ? marginal(account.treatment, account.totalCents, reward.valueCents, smic.monthlyCents)
        : { baseCents: 0, contributionCents: 0, excessCents: 0 }
    account.totalCents += reward.valueCents
    account.lines.push({ ...reward, added })
  }
  for (const account of accounts)
    if (account.treatment && smic)
      account.estimate = estimateFor(account.treatment, account.totalCents, smic.monthlyCents)
  return people.length > accountsAtOnce ? { accounts, next: ids.at(-1)! } : { accounts }
}

/** The whole ledger of a year, a page at a time. */
export async function* yearAccounts(db: Db, of: Parameters<typeof yearPage>[1]): AsyncGenerator<YearAccount> {
  let after: string | undefined = ''
  while (after !== undefined) {
    const page: Awaited<ReturnType<typeof yearPage>> = await yearPage(db, of, after)
    yield* page.accounts
    after = page.next
  }
}

/** Says what somebody is to whoever rewards them. */
export async function sayStanding(
  tx: Tx,
  {
    networkId,
    contactId,
    by,
    at,
    ...standing
  }: Standing & { networkId: string; contactId: string; by: string; at: Date },
): Promise<void> {
  const said = { ...standing, saidBy: by, updatedAt: at }
  await tx
    .insert(rewardBeneficiaries)
    .values({ networkId, contactId, ...said })
    .onConflictDoUpdate({ target: [rewardBeneficiaries.networkId, rewardBeneficiaries.contactId], set: said })
}

/** Years in which the network gave something away, the latest first. */
export async function yearsWithRewards(tx: Tx, networkId: string): Promise<number[]> {
  const rows = await tx
    .selectDistinct({ year: rewards.year })
    .from(rewards)
    .where(and(eq(rewards.networkId, networkId), ne(rewards.status, 'canceled')))
  return rows.map(({ year }) => year).sort((a, b) => b - a)
}

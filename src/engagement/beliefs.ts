import { and, eq, sql } from 'drizzle-orm'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { engagements, groupEngagements } from '../db/schema.ts'
import type { Belief } from '../routing/types.ts'
import { type ChannelName, channelNames, type Profile } from '../words.ts'
import { betaQuantile } from './beta.ts'
import { type LearningValues, learningOf } from './defaults.ts'
import { belief, decay, groupMean } from './formula.ts'

/** How sure a mean is: the rate lies below the lower bound one time in ten, and above the upper one in ten. */
export function boundsOf({ mean, n }: Belief, kappa: number): { low: number; high: number } {
  const of = { alpha: mean * (kappa + n), beta: (1 - mean) * (kappa + n) }
  return { low: betaQuantile(0.1, of), high: betaQuantile(0.9, of) }
}

export type Beliefs = Partial<Record<ChannelName, Belief>>
type Row = typeof engagements.$inferSelect

const none = { s: 0, n: 0 }
const noCounts = { exposures: 0, actions: 0 }

const engagementsOf = prepared((tx) =>
  tx
    .select()
    .from(engagements)
    .where(
      and(
        eq(engagements.networkId, sql.placeholder('networkId')),
        oneOf(engagements.contactId, sql.placeholder('contactIds')),
      ),
    ),
)
const groupsOf = prepared((tx) =>
  tx
    .select()
    .from(groupEngagements)
    .where(eq(groupEngagements.networkId, sql.placeholder('networkId'))),
)

/** The stored sums of contacts, at most a page of them. */
export async function rowsOf(tx: Tx, networkId: string, contactIds: readonly string[]): Promise<Map<string, Row[]>> {
  const byContact = new Map<string, Row[]>()
  if (contactIds.length === 0) return byContact
  const rows = await engagementsOf(tx, { networkId, contactIds })
  for (const row of rows) {
    const theirs = byContact.get(row.contactId)
    if (theirs) theirs.push(row)
    else byContact.set(row.contactId, [row])
  }
  return byContact
}

/** The mean of each group (profile and channel), from the cold-start table and what the network has shown. */
export async function groupMeansOf(tx: Tx, networkId: string, now: Date, learning: LearningValues) {
  const rows = await groupsOf(tx, { networkId })
  const shown = new Map(
    rows.map((row) => [`${row.profile} ${row.channel}`, decay(row, now, learning.halfLifeDays[row.channel])]),
  )
  return (profile: Profile, channel: ChannelName): number | undefined => {
    const m0 = learning.priors[profile][channel]
    return m0 === undefined ? undefined : groupMean(m0, learning.kappaGroup, shown.get(`${profile} ${channel}`))
  }
}

/**
 * What is believed of contacts by channel as of `now` (business time): group first, then their own acts. A
 * channel that the cold-start table does not foresee for the profile is absent. Pass at most a page.
 */
export async function beliefsOf(
  tx: Tx,
  networkId: string,
  contacts: readonly { id: string; profile: Profile }[],
  now: Date,
): Promise<Map<string, Beliefs>> {
  const learning = await learningOf(tx, networkId)
  const meanOf = await groupMeansOf(tx, networkId, now, learning)
  const rows = await rowsOf(
    tx,
    networkId,
    contacts.map((contact) => contact.id),
  )
  return new Map(
    contacts.map(({ id, profile }) => {
      const own = new Map(rows.get(id)?.map((row) => [row.channel, row]))
      const beliefs: Beliefs = {}
      for (const channel of channelNames) {
        const mean = meanOf(profile, channel)
        if (mean === undefined) continue
        const row = own.get(channel)
        const sums = row ? decay(row, now, learning.halfLifeDays[channel]) : none
        const { exposures, actions } = row ?? noCounts
        beliefs[channel] = belief(mean, learning.kappa, sums, { exposures, actions })
      }
      return [id, beliefs]
    }),
  )
}

import { and, eq, sql } from 'drizzle-orm'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { contacts, engagements, groupEngagements, siteEngagements } from '../db/schema.ts'
import type { Belief } from '../routing/types.ts'
import { type ChannelName, channelNames, type Profile, profiles } from '../words.ts'
import { betaQuantile } from './beta.ts'
import { type LearningValues, learningOf } from './defaults.ts'
import { belief, decay, groupMean, siteMean } from './formula.ts'

/**
 * How sure a mean is: the rate lies below the lower bound one time in ten, and above the upper one in ten. `usual` is
 * what a group's mean weighs where it was not estimated.
 */
export function boundsOf({ mean, n, ...belief }: Belief, usual: number): { low: number; high: number } {
  const kappa = belief.kappa ?? usual
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

/** What the outlets of contacts have shown, each beside the contact whose profile it is of. */
const outletsOf = prepared((tx) =>
  tx
    .select({
      ...{ contactId: contacts.id, channel: siteEngagements.channel },
      ...{ s: siteEngagements.s, n: siteEngagements.n, at: siteEngagements.at },
    })
    .from(contacts)
    .innerJoin(
      siteEngagements,
      and(
        eq(siteEngagements.networkId, contacts.networkId),
        eq(siteEngagements.siteId, contacts.siteId),
        eq(siteEngagements.profile, contacts.profile),
      ),
    )
    .where(
      and(eq(contacts.networkId, sql.placeholder('networkId')), oneOf(contacts.id, sql.placeholder('contactIds'))),
    ),
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

interface Group {
  mean: number
  kappa?: number
  kappaAt?: Date
}

/**
 * The mean of each group (profile and channel), from the cold-start table and what the network has shown, and how
 * much it weighs where that was estimated.
 */
export async function groupsKnown(tx: Tx, networkId: string, now: Date, learning: LearningValues) {
  const rows = await groupsOf(tx, { networkId })
  const groups = new Map<string, Group>()
  for (const profile of profiles)
    for (const channel of channelNames) {
      const m0 = learning.priors[profile][channel]
      if (m0 === undefined) continue
      const row = rows.find((one) => one.profile === profile && one.channel === channel)
      const shown = row && decay(row, now, learning.halfLifeDays[channel])
      groups.set(`${profile} ${channel}`, {
        mean: groupMean(m0, learning.kappaGroup, shown),
        ...(row?.kappa && row.kappaAt ? { kappa: row.kappa, kappaAt: row.kappaAt } : undefined),
      })
    }
  return (profile: Profile, channel: ChannelName): Group | undefined => groups.get(`${profile} ${channel}`)
}

/**
 * What is believed of contacts by channel as of `now` (business time): group first, then what colleagues of the same
 * profile have shown at their outlet, then their own acts. A channel that the cold-start table does not foresee for the profile is absent. Pass at most a page.
 */
export async function beliefsOf(
  tx: Tx,
  networkId: string,
  people: readonly { id: string; profile: Profile }[],
  now: Date,
): Promise<Map<string, Beliefs>> {
  const learning = await learningOf(tx, networkId)
  const groupOf = await groupsKnown(tx, networkId, now, learning)
  const contactIds = people.map((contact) => contact.id)
  const rows = await rowsOf(tx, networkId, contactIds)
  const outlets = new Map(
    contactIds.length === 0
      ? []
      : (await outletsOf(tx, { networkId, contactIds })).map((row) => [`${row.contactId} ${row.channel}`, row]),
  )
  return new Map(
    people.map(({ id, profile }) => {
      const own = new Map(rows.get(id)?.map((row) => [row.channel, row]))
      const beliefs: Beliefs = {}
      for (const channel of channelNames) {
        const group = groupOf(profile, channel)
        if (!group) continue
        const { mean, ...strength } = group
        const row = own.get(channel)
        const halfLife = learning.halfLifeDays[channel]
        const sums = row ? decay(row, now, halfLife) : none
        const outlet = outlets.get(`${id} ${channel}`)
        const here = outlet ? siteMean(mean, learning.kappaSite, decay(outlet, now, halfLife), sums) : mean
        const { exposures, actions } = row ?? noCounts
        const believed = belief(here, strength.kappa ?? learning.kappa, sums, { exposures, actions })
        beliefs[channel] = { ...believed, ...strength }
      }
      return [id, beliefs]
    }),
  )
}

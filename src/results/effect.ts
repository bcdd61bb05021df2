import { and, count, eq, exists, inArray, isNotNull, max, min, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { campaigns, decisions, events, messages } from '../db/schema.ts'
import { learningDefaults } from '../engagement/defaults.ts'
import type { Share } from '../engagement/interval.ts'
import { actionEvents, channelNames, type EventType } from '../words.ts'
import { byPeople } from './measures.ts'

/**
 * What people do that is known without watching them read, whether or not the campaign wrote to them: a click needs a
 * link somebody was sent, and is left out.
 */
export const ownActs: readonly EventType[] = actionEvents.filter((type) => type !== 'click')

const hourMs = 3_600_000
/** The longest window of any channel: what a letter of the last step brings about counts too. */
export const afterLastStepMs =
  Math.max(...channelNames.map((name) => learningDefaults.windowHours.value[name])) * hourMs

/** The two sides of a campaign: whoever it was for, and those of them a draw left out. People are counted, not acts. */
export interface Sides {
  treated: Share
  heldOut: Share
}

export interface Effect {
  /** Business time, from the first step to the end of the longest window after the last. */
  from: Date
  until: Date
  isOver: boolean
  /** Whoever did anything, answers to the campaign itself among them. */
  acted: Sides
  /**
   * Whoever did what somebody left out could do as well: signed up, or acted on anything that is not of the campaign.
   * Only a difference in this is something the campaign changed beyond being answered.
   */
  unprompted: Sides
}

const tally = (condition: SQL) => sql<number>`sum(case when ${condition} then 1 else 0 end)`.mapWith(Number)
const nobody = (): Sides => ({ treated: { acted: 0, people: 0 }, heldOut: { acted: 0, people: 0 } })

/**
 * What the people of a campaign did while it ran, those it wrote to and those it left out counted alike, by their own
 * acts alone. Everyone the campaign decided about counts on the side the draw put them, reached or not (as drawn, by
 * intention to treat): leaving out who could not be reached would undo the draw. Undefined before its first step.
 *
 * One pass over the decisions of its steps; whether a person acted is looked up by an index that begins with them.
 */
export async function campaignEffect(
  db: Db,
  { networkId, campaignId, now }: { networkId: string; campaignId: string; now: Date },
): Promise<Effect | undefined> {
  const own = and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId))
  const steps = await db.select({ id: messages.id }).from(messages).where(own)
  const [span] = await db
    .select({ from: min(messages.dueAt), last: max(messages.dueAt) })
    .from(messages)
    .where(own)
  if (!span?.from || !span.last || span.from > now) return undefined
  const ids = steps.map(({ id }) => id)
  const until = new Date(span.last.getTime() + afterLastStepMs)
  const people = db
    .select({
      contactId: decisions.contactId,
      isHeldOut: sql<number>`max(case when ${decisions.outcome} = 'holdout' then 1 else 0 end)`.as('is_held_out'),
    })
    .from(decisions)
    .where(and(eq(decisions.networkId, networkId), inArray(decisions.messageId, ids)))
    .groupBy(decisions.contactId)
    .as('people')
  const did = (which?: SQL) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(events)
        .where(
          and(
            eq(events.networkId, networkId),
            eq(events.contactId, people.contactId),
            sql`${events.occurredAt} >= ${sql.param(span.from, events.occurredAt)}`,
            sql`${events.occurredAt} < ${sql.param(until, events.occurredAt)}`,
            inArray(events.type, [...ownActs]),
            byPeople,
            which,
          ),
        ),
    )
  const isNotOfCampaign = or(
    eq(events.type, 'register'),
    sql`${events.messageId} is null`,
    notInArray(events.messageId, ids),
  )
  const rows = await db
    .select({
      isHeldOut: people.isHeldOut,
      people: count(),
      acted: tally(did()),
      unprompted: tally(did(isNotOfCampaign)),
    })
    .from(people)
    .groupBy(people.isHeldOut)
  const effect: Effect = { from: span.from, until, isOver: now >= until, acted: nobody(), unprompted: nobody() }
  for (const row of rows) {
    const side = Number(row.isHeldOut) === 1 ? 'heldOut' : 'treated'
    effect.acted[side] = { people: row.people, acted: row.acted }
    effect.unprompted[side] = { people: row.people, acted: row.unprompted }
  }
  return effect
}

/** The newest campaigns with a control group that are looked at together. */
const mostPooled = 100

export interface PooledEffect extends Pick<Effect, 'acted' | 'unprompted'> {
  campaigns: number
}

/**
 * What the campaigns of a network changed, taken together: those that drew a control group and whose time is over. Six
 * small ones may show what none of them can. Both sides are added up as they are, so the figure speaks of campaigns
 * that hold out like shares; a person counts once in each campaign.
 */
export async function pooledEffect(db: Db, networkId: string, now: Date): Promise<PooledEffect> {
  const drawn = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, networkId), isNotNull(campaigns.holdout)))
    .orderBy(sql`${campaigns.id} desc`)
    .limit(mostPooled)
  const pooled: PooledEffect = { campaigns: 0, acted: nobody(), unprompted: nobody() }
  for (const { id } of drawn) {
    const effect = await campaignEffect(db, { networkId, campaignId: id, now })
    if (!effect?.isOver || effect.acted.heldOut.people === 0) continue
    pooled.campaigns += 1
    for (const outcome of ['acted', 'unprompted'] as const)
      for (const side of ['treated', 'heldOut'] as const) {
        pooled[outcome][side].acted += effect[outcome][side].acted
        pooled[outcome][side].people += effect[outcome][side].people
      }
  }
  return pooled
}

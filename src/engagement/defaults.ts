import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { prepared, type Tx } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import type { Dated } from '../routing/types.ts'
import { type ChannelName, channelNames, type Profile, profiles } from '../words.ts'

/** What learning assumes before and beside the data; each figure is dated data that a network may replace. */
export interface LearningValues {
  /** Days after which an exposure weighs half. */
  halfLifeDays: Record<ChannelName, number>
  /** Hours after sending in which an act counts for that sending; then a silence is a miss. */
  windowHours: Record<ChannelName, number>
  /** Expected action rate before any data; a channel without one is not expected to reach the profile. */
  priors: Record<Profile, Partial<Record<ChannelName, number>>>
  /** How many exposures the rate above is worth to a contact, to an outlet, and the cold-start table to a group. */
  kappa: number
  kappaSite: number
  kappaGroup: number
  segments: SegmentCutOffs
}

export interface SegmentCutOffs {
  newExposures: number
  hotDays: number
  hotMean: number
  /** A hot contact stays hot down to here. */
  hotLeaveMean: number
  warmDays: number
  dormantSpanDays: number
  dormantMissesNever: number
  dormantDays: number
  dormantMissesAfter: number
  /** The same two where only acts are seen and no opens: silence then takes longer to mean something. */
  unseenMissesNever: number
  unseenMissesAfter: number
}

type Dates<T> = { [K in keyof T]: Dated<T[K]> }
const checkedOn = '2026-11-20'
const set = <T>(value: T, source: string): Dated<T> => ({ value, source, status: 'believed', checkedOn })

export const learningDefaults: Dates<LearningValues> = {
  halfLifeDays: set(
    { email: 90, sms: 90, print: 180, intranet: 90, screen: 30 },
    'Relais: a habit of a season; paper comes rarely, a counter screen daily',
  ),
  windowHours: set(
    { email: 72, sms: 24, print: 21 * 24, intranet: 14 * 24, screen: 24 },
    'Relais: time in which nearly all acts come, by channel',
  ),
  priors: set(
    {
      field: { email: 0.08, sms: 0.35, print: 0.12, intranet: 0.04 },
      counter: { email: 0.2, sms: 0.25, print: 0.08, intranet: 0.15, screen: 0.6 },
      sales: { email: 0.25, sms: 0.3, print: 0.08, intranet: 0.2 },
      owner: { email: 0.25, sms: 0.3, print: 0.15, intranet: 0.15 },
      office: { email: 0.3, sms: 0.15, print: 0.05, intranet: 0.25 },
    },
    'Relais: order of magnitude only; the order of channels follows the trade press on partner networks',
  ),
  kappa: set(8, 'Relais: simulation over 52 weekly messages, 43 and 400 contacts'),
  kappaSite: set(20, 'Relais: as heavy as the cold-start table is to a group, so that a few colleagues only nudge'),
  kappaGroup: set(20, 'Relais: same simulation'),
  segments: {
    value: {
      newExposures: 3,
      hotDays: 30,
      hotMean: 0.3,
      hotLeaveMean: 0.25,
      warmDays: 90,
      dormantSpanDays: 90,
      dormantMissesNever: 12,
      dormantDays: 180,
      dormantMissesAfter: 16,
      unseenMissesNever: 16,
      unseenMissesAfter: 24,
    },
    source: 'Relais; dormancy after HubSpot’s graymail rule, 11 never / 16 previously engaged (knowledge.hubspot.com)',
    status: 'sourced',
    checkedOn,
  },
}

const figures = Object.fromEntries(
  Object.entries(learningDefaults).map(([key, dated]) => [key, dated.value]),
) as unknown as LearningValues

const rate = z.number().gt(0).lt(1)
const positive = z.number().gt(0)
const perChannel = z.partialRecord(z.enum(channelNames), positive)
const overrides = z
  .strictObject({
    halfLifeDays: perChannel,
    windowHours: perChannel,
    priors: z.partialRecord(z.enum(profiles), z.partialRecord(z.enum(channelNames), rate)),
    kappa: positive,
    kappaSite: positive,
    kappaGroup: positive,
    segments: z
      .strictObject({
        newExposures: positive,
        hotDays: positive,
        hotMean: rate,
        hotLeaveMean: rate,
        warmDays: positive,
        dormantSpanDays: positive,
        dormantMissesNever: positive,
        dormantDays: positive,
        dormantMissesAfter: positive,
        unseenMissesNever: positive,
        unseenMissesAfter: positive,
      })
      .partial(),
  })
  .partial()

/**
 * The defaults with a network's own figures over them (`settings.defaults.engagement`). Throws when a figure
 * there cannot be, naming it.
 */
export function learningValues(own?: unknown): LearningValues {
  if (own === undefined) return figures
  const parsed = overrides.safeParse(own)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(
      `The network’s setting defaults.engagement.${issue!.path.join('.')} cannot be used: ${issue!.message}`,
    )
  }
  const { priors, ...rest } = parsed.data
  return {
    ...figures,
    ...rest,
    halfLifeDays: { ...figures.halfLifeDays, ...rest.halfLifeDays },
    windowHours: { ...figures.windowHours, ...rest.windowHours },
    segments: { ...figures.segments, ...rest.segments },
    priors: Object.fromEntries(
      profiles.map((profile) => [profile, { ...figures.priors[profile], ...priors?.[profile] }]),
    ) as LearningValues['priors'],
  }
}

const settingsOf = prepared((tx) =>
  tx
    .select({ settings: networks.settings })
    .from(networks)
    .where(eq(networks.id, sql.placeholder('networkId'))),
)

/** The figures a network learns with. */
export async function learningOf(tx: Tx, networkId: string): Promise<LearningValues> {
  const [row] = await settingsOf(tx, { networkId })
  return learningValues(row?.settings.defaults?.engagement)
}

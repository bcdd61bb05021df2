import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '../db/index.ts'
import { networks, policies } from '../db/schema.ts'
import { defaultPolicy } from '../routing/default-policy.ts'
import { openingHours, policySchema } from '../routing/policy.ts'
import type { Dated, OpeningHours, Policy, PolicyValues, QuietHours } from '../routing/types.ts'
import { type ChannelName, channelNames, profiles, type TrackingMode, trackingModes } from '../words.ts'

/** A figure a network has set in place of the shipped one: why, after which source, and when that was looked up. */
export interface Override<T> {
  value: T
  source: string
  reason?: string
  /** YYYY-MM-DD. */
  checkedOn: string
  /** The id of who set it. */
  setBy: string
}

export type EmailHoursKey = 'default' | (typeof profiles)[number]
export type Cap = PolicyValues['caps']['value'][number]

/** Every figure of routing a network may set for itself (`settings.defaults.routing`). */
export interface RoutingOverrides {
  /** By country, `*` for those not listed. */
  quietHours?: Record<string, Override<QuietHours>>
  emailHours?: Partial<Record<EmailHoursKey, Override<OpeningHours>>>
  nightRest?: Override<OpeningHours>
  /** The whole list, since the caps weigh together. */
  caps?: Override<Cap[]>
  costs?: Partial<Record<ChannelName, Override<number>>>
  /** One part of an SMS, by country of the number. */
  smsCosts?: Record<string, Override<number>>
  /** How reading may be measured where the contact has not said, by country, `*` for those not listed. */
  tracking?: Record<string, Override<TrackingMode>>
}

const override = <T extends z.ZodType>(value: T) =>
  z.object({
    value,
    source: z.string().min(1).max(500),
    reason: z.string().max(500).optional(),
    checkedOn: z.iso.date(),
    setBy: z.string(),
  })
const country = z.string().regex(/^(\*|[A-Z]{2})$/)
const millis = z.int().min(0).max(1_000_000_000)

/** Touches are remembered for 31 days, see `src/outbox/pressure.ts`. */
export const longestCapDays = 30

const overridesSchema: z.ZodType<RoutingOverrides> = z.object({
  quietHours: z
    .record(
      country,
      override(z.object({ hard: openingHours.nullable(), soft: openingHours, holidaysClosed: z.boolean() })),
    )
    .optional(),
  emailHours: z.partialRecord(z.enum(['default', ...profiles]), override(openingHours)).optional(),
  nightRest: override(openingHours).optional(),
  caps: override(
    z.array(
      z.object({
        channel: z.enum([...channelNames, 'any']),
        subject: z.enum(['contact', 'site']),
        max: z.int().min(0).max(1_000),
        days: z.number().positive().max(longestCapDays),
      }),
    ),
  ).optional(),
  costs: z.partialRecord(z.enum(channelNames), override(millis)).optional(),
  smsCosts: z.record(country, override(millis)).optional(),
  tracking: z.record(country, override(z.enum(trackingModes))).optional(),
})

/** A network's own figures. @throws when what is stored is none, naming where. */
export function overridesIn(settings: { defaults?: Record<string, unknown> }): RoutingOverrides {
  const parsed = overridesSchema.safeParse(settings.defaults?.routing ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`The network’s setting defaults.routing.${issue!.path.join('.')} cannot be used: ${issue!.message}`)
}

const someOf = <T>(overrides: Readonly<Record<string, Override<T> | undefined>> | undefined): [string, Override<T>][] =>
  Object.entries(overrides ?? {}).flatMap(([key, one]) => (one ? [[key, one] as [string, Override<T>]] : []))

/** A dated table with a network's rows over it; it says of itself what was set and after which source. */
function laidOver<V, Row>(
  shipped: Dated<V>,
  rows: [string, Override<Row>][],
  value: (rows: Record<string, Row>) => V,
): Dated<V> {
  if (rows.length === 0) return shipped
  return {
    value: value(Object.fromEntries(rows.map(([key, row]) => [key, row.value]))),
    source: `${rows.map(([key, row]) => `${key}: ${row.source}`).join('; ')}; others: ${shipped.source}`,
    status: 'set by the network',
    checkedOn: rows
      .map(([, row]) => row.checkedOn)
      .toSorted()
      .at(-1) as string,
  }
}

/** The shipped figures with a network's own over them; the rest of the policy stays. Pure. */
export function withOverrides(
  policy: Policy,
  own: RoutingOverrides,
  shipped: PolicyValues = defaultPolicy.values,
): Policy {
  const { caps, nightRest } = own
  const smsCosts = shipped.smsCosts ?? { ...shipped.costs, value: {} }
  const emailHours = shipped.emailHours
  return {
    ...policy,
    values: {
      ...policy.values,
      quietHours: laidOver(shipped.quietHours, someOf(own.quietHours), (rows) => ({
        ...shipped.quietHours.value,
        ...rows,
      })),
      emailHours:
        emailHours && laidOver(emailHours, someOf(own.emailHours), (rows) => ({ ...emailHours.value, ...rows })),
      nightRest: nightRest ? whole(nightRest) : shipped.nightRest,
      caps: caps ? whole(caps) : shipped.caps,
      costs: laidOver(shipped.costs, someOf(own.costs), (rows) => ({ ...shipped.costs.value, ...rows })),
      smsCosts: laidOver(smsCosts, someOf(own.smsCosts), (rows) => ({ ...smsCosts.value, ...rows })),
      tracking: laidOver(shipped.tracking, someOf(own.tracking), (rows) => ({ ...shipped.tracking.value, ...rows })),
    },
  }
}

const whole = <T>({ value, source, checkedOn }: Override<T>): Dated<T> => ({
  value,
  source,
  status: 'set by the network',
  checkedOn,
})

/**
 * Changes a network's own figures and writes the policy they make as its next version, so that a decision can always
 * be read with the figures it was taken under. `change` gets a copy.
 */
export async function changeRouting(
  tx: Tx,
  { networkId, actor, at }: { networkId: string; actor: string; at: Date },
  change: (own: RoutingOverrides) => RoutingOverrides,
): Promise<void> {
  const [row] = await tx.select({ settings: networks.settings }).from(networks).where(eq(networks.id, networkId))
  if (!row) return
  const { settings } = row
  const own = overridesSchema.parse(change(structuredClone(overridesIn(settings))))
  await tx
    .update(networks)
    .set({ settings: { ...settings, defaults: { ...settings.defaults, routing: own } } })
    .where(eq(networks.id, networkId))
  await writePolicy(tx, { networkId, actor, at }, own)
}

/** Writes the next version where the figures make another policy than the newest. */
async function writePolicy(
  tx: Tx,
  { networkId, actor, at }: { networkId: string; actor: string; at: Date },
  own: RoutingOverrides,
): Promise<void> {
  const [newest] = await tx
    .select()
    .from(policies)
    .where(eq(policies.networkId, networkId))
    .orderBy(desc(policies.version))
    .limit(1)
  const standing = newest ? policySchema.parse(newest.policy) : defaultPolicy
  const made = withOverrides(standing, own)
  if (isDeepStrictEqual(asStored(made.values), asStored(standing.values))) return
  const policy = { ...made, version: standing.version + 1 }
  const text = JSON.stringify(policy)
  await tx.insert(policies).values({
    networkId,
    version: policy.version,
    policy,
    hash: createHash('sha256').update(text).digest('hex'),
    createdBy: actor,
    createdAt: at,
  })
}

/** As it comes back from the database: what is undefined is not there. */
const asStored = (values: PolicyValues): unknown => JSON.parse(JSON.stringify(values))

/** After an upgrade: networks that have set some figures get the new shipped ones for all the others. */
export async function refreshPolicies(tx: Tx, at: Date): Promise<void> {
  for (const { id: networkId, settings } of await tx
    .select({ id: networks.id, settings: networks.settings })
    .from(networks))
    if (settings.defaults?.routing !== undefined)
      await writePolicy(tx, { networkId, actor: 'relais', at }, overridesIn(settings))
}

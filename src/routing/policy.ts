import * as z from 'zod'
import { channelNames, consentBases, intents, messageClasses, profiles, trackingModes, urgencies } from '../words.ts'
import type { OpeningHours, Policy, PolicyRule, PolicyTable, RoutableContact, RoutableMessage } from './types.ts'

const minutesInADay = 1440

const interval = z
  .tuple([z.number().min(0).max(minutesInADay), z.number().min(0).max(minutesInADay)])
  .refine(([start, end]) => start < end, { error: 'an opening interval must end after it starts (minutes of the day)' })

/** Closed all week would hold messages for ever; a country without a window says so with `hard: null`. */
export const openingHours: z.ZodType<OpeningHours> = z
  .partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7']), z.array(interval))
  .refine((week) => Object.values(week).some((intervals) => intervals.length > 0), {
    error: 'opening hours need at least one open interval in the week',
  })

const dated = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    value,
    source: z.string().min(1),
    status: z.enum(['sourced', 'believed', 'measured', 'set by the network']),
    checkedOn: z.iso.date(),
  })

const share = z.number().min(0).max(1)
const millis = z.int().min(0)
const country = z.string().regex(/^(\*|[A-Z]{2})$/, { error: 'a country is two capitals (ISO 3166-1), * for the rest' })
const byCountry = <T extends z.ZodType>(value: T) =>
  z.record(country, value).refine((table) => '*' in table, { error: 'add the row *, for countries not listed' })
const need = z.enum(['opt_in', 'opt_out', 'free'])

/** As it is written in an address and in a trace (`policy.field`). */
export const ruleId = /^[a-z0-9][a-z0-9-]{0,39}$/

const distinct = (list: readonly string[]): boolean => new Set(list).size === list.length
const twice = { error: 'a channel is named twice' }

const rule = z.strictObject({
  id: z.string().regex(ruleId, { error: 'a rule’s name is small letters, digits and hyphens, 40 at most' }),
  when: z.strictObject({
    urgency: z.array(z.enum(urgencies)).min(1).optional(),
    intent: z.array(z.enum(intents)).min(1).optional(),
    profile: z.array(z.enum(profiles)).min(1).optional(),
    typology: z.array(z.string()).min(1).optional(),
    tier: z.array(z.string()).min(1).optional(),
    class: z.array(z.enum(messageClasses)).min(1).optional(),
  }),
  channels: z.array(z.enum(channelNames)).min(1).refine(distinct, twice),
  together: z.array(z.enum(channelNames)).refine(distinct, twice).optional(),
  waterfallMinutes: z.number().positive().max(minutesInADay).optional(),
  fallback: z
    .strictObject({
      ifNot: z.enum(['acted', 'acknowledged']),
      afterMinutes: z
        .int()
        .min(1)
        .max(90 * minutesInADay),
    })
    .optional(),
  learns: z.boolean().optional(),
})

const rules = z
  .array(rule)
  .min(1)
  .refine((list) => new Set(list.map((entry) => entry.id)).size === list.length, {
    error: 'two rules have the same id',
  })
  .refine((list) => Object.keys(list.at(-1)?.when ?? {}).length === 0, {
    error: 'the last rule must have an empty `when`, so that every contact is covered',
  })

const companions = z.strictObject({ intranet: z.boolean() })

/** The table of a policy without its figures: what the console edits and a draft holds. */
export const policyTableSchema: z.ZodType<PolicyTable> = z.strictObject({ rules, companions })

/**
 * A stored routing policy, checked before it decides anything. Every figure carries its source and the day it was
 * checked; every table by country has a row `*`; the last rule matches everyone.
 */
export const policySchema: z.ZodType<Policy> = z.strictObject({
  version: z.int().min(1),
  rules,
  companions,
  values: z.strictObject({
    quietHours: dated(
      byCountry(z.strictObject({ hard: openingHours.nullable(), soft: openingHours, holidaysClosed: z.boolean() })),
    ),
    caps: dated(
      z.array(
        z.strictObject({
          channel: z.enum([...channelNames, 'any']),
          subject: z.enum(['contact', 'site']),
          max: z.int().min(0),
          days: z.number().positive(),
        }),
      ),
    ),
    costs: dated(z.record(z.enum(channelNames), millis)),
    smsCosts: dated(z.record(country, millis)).optional(),
    currency: z.string().regex(/^[A-Z]{3}$/, { error: 'a currency is three capitals (ISO 4217), such as EUR' }),
    worth: dated(z.record(z.enum(intents), millis)),
    fatigueLambda: dated(z.number().min(0)),
    hysteresis: dated(share),
    switchProbability: dated(share).optional(),
    kappa: dated(z.number().positive()).optional(),
    exploration: dated(share),
    jitterMinutes: dated(z.number().min(0).max(minutesInADay)),
    basis: dated(
      byCountry(
        z.strictObject({
          email_personal: need.optional(),
          email_shared: need.optional(),
          sms: need.optional(),
          print: need.optional(),
        }),
      ),
    ),
    bases: dated(
      byCountry(
        z.strictObject({
          email_personal: z.array(z.enum(consentBases)).optional(),
          email_shared: z.array(z.enum(consentBases)).optional(),
          sms: z.array(z.enum(consentBases)).optional(),
          print: z.array(z.enum(consentBases)).optional(),
        }),
      ),
    ).optional(),
    tracking: dated(byCountry(z.enum(trackingModes))),
    trackingByClass: dated(z.partialRecord(z.enum(messageClasses), z.enum(trackingModes))).optional(),
    emailHours: dated(
      z.strictObject({
        default: openingHours,
        field: openingHours.optional(),
        counter: openingHours.optional(),
        sales: openingHours.optional(),
        owner: openingHours.optional(),
        office: openingHours.optional(),
      }),
    ).optional(),
    nightRest: dated(openingHours).optional(),
  }),
})

const fits = <T>(allowed: readonly T[] | undefined, value: T | undefined): boolean =>
  allowed === undefined || (value !== undefined && allowed.includes(value))

/** The first rule of the policy that fits this message for this contact; undefined when none does. */
export function matchRule(
  policy: Policy,
  message: Pick<RoutableMessage, 'urgency' | 'intent' | 'class'>,
  contact: { profile: RoutableContact['profile']; site: Pick<RoutableContact['site'], 'typology' | 'tier'> },
): PolicyRule | undefined {
  return policy.rules.find(
    ({ when }) =>
      fits(when.urgency, message.urgency) &&
      fits(when.intent, message.intent) &&
      fits(when.class, message.class) &&
      fits(when.profile, contact.profile) &&
      fits(when.typology, contact.site.typology) &&
      fits(when.tier, contact.site.tier),
  )
}

/** The row of a country in a policy table: its own, that of France for its overseas departments, or the row `*`. */
export function byCountryRow<T>(table: Record<string, T>, code: string): T | undefined {
  return table[code] ?? (isOverseas(code) ? table.FR : undefined) ?? table['*']
}

/** Departments and collectivities that ISO 3166-1 lists as countries and where French rules hold. */
export const overseasKeys = ['GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF'] as const

const isOverseas = (code: string): boolean => (overseasKeys as readonly string[]).includes(code)
